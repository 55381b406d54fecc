/**
 * `encke serve`: the parent process. It starts `encke run` as its child and watches over it; see
 * `supervisor/guard.ts` for what that means.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GivenSettings } from '../chat/settings.ts';
import { intensity, periodMs } from '../chat/tree.ts';
import { systemClock } from '../supervisor/clock.ts';
import {
  Guard,
  type GuardedProcess,
  type GuardMessage,
  type GuardParts,
} from '../supervisor/guard.ts';
import type { Log } from '../supervisor/log.ts';
import { exitCodes, restartHelps, restartLaterMs } from './exit-codes.ts';

export interface ServeParts {
  readonly settings: GivenSettings;
  readonly log: Log;
  /** The program, and the options as they were given. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly opened: (url: string, restarts: number) => void;
}

/** Set for the child alone: that somebody listens, and where its forerunner served. */
export const guardedVariable = 'ENCKE_INTERNAL_GUARDED';
export const portVariable = 'ENCKE_INTERNAL_PORT';

/** Serves until the process is asked to stop. Resolves with its exit code. */
export async function serve(parts: ServeParts): Promise<number> {
  const { settings, log, opened } = parts;
  const guard = new Guard({
    clock: systemClock,
    log,
    memoryBytesMax: settings.memoryMaxMb * 1_048_576,
    intensity,
    periodMs,
    restartHelps,
    restartLaterMs,
    spawn: spawner(parts),
    ready: opened,
  });
  process.on('SIGTERM', () => guard.stop());
  process.on('SIGINT', () => guard.stop());
  const end = await guard.run();
  if ('code' in end) return end.code;
  log.error('Encke gives up: the serving process ends again and again', {
    reason: end.gaveUp,
    rule: `${intensity} restarts in ${periodMs / 1_000} s`,
    code: exitCodes.gaveUp.code,
  });
  return exitCodes.gaveUp.code;
}

function spawner({ program, argv }: ServeParts): GuardParts['spawn'] {
  return (port, heard, exited) => {
    const child = spawn(process.execPath, [program, 'run', ...argv], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        [guardedVariable]: '1',
        ...(port === null ? {} : { [portVariable]: String(port) }),
      },
    });
    child.on('message', (message) => heard(message as GuardMessage));
    // A child that could not even be started has no exit of its own.
    child.on('error', () => exited(null, null));
    child.on('exit', (code, signal) => exited(code, signal));
    const pid = child.pid ?? 0;
    return {
      pid,
      signal: (name) => void child.kill(name),
      memoryBytes: () => residentBytes(pid),
    } satisfies GuardedProcess;
  };
}

/** The resident memory of a process, where the system tells it in /proc; null elsewhere. */
function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}
