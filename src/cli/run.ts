/**
 * `encke run`: the serving process. It opens the room, tells whoever watches that it lives, and
 * stops in order when it is asked to.
 */
import type { Server as ChatServer } from '../chat/server.ts';
import { Server } from '../chat/server.ts';
import { BadSecret } from '../chat/secrets.ts';
import type { GivenSettings } from '../chat/settings.ts';
import { JournalRefused } from '../journal/refused.ts';
import type { GuardMessage } from '../supervisor/guard.ts';
import type { Log } from '../supervisor/log.ts';
import { describe, GaveUp } from '../supervisor/supervisor.ts';
import { readPage } from './page.ts';
import { exitCodes } from './exit-codes.ts';

export interface RunParts {
  readonly settings: GivenSettings;
  readonly log: Log;
  readonly version: string;
  /** Tells the parent process, if there is one. */
  readonly tell: ((message: GuardMessage) => void) | null;
  /** The room is open. Not called when a parent process tells it instead. */
  readonly opened: (url: string) => void;
}

/** How long stopping may take before the process ends anyway, in milliseconds. */
const stopMsMax = 8_000;

/** Runs until the process is asked to stop. Resolves with its exit code. */
export async function run(parts: RunParts): Promise<number> {
  const { settings, log, version, tell } = parts;
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  let server: ChatServer | null = null;
  let isEnding = false;
  const endWith = (code: number, stop: boolean): void => {
    if (isEnding) return;
    isEnding = true;
    // Whatever hangs while stopping must not keep the process: what is durable is durable already.
    setTimeout(() => end(code), stop ? stopMsMax : 1_000).unref();
    const stopped = server?.stop() ?? Promise.resolve();
    stopped.then(
      () => end(code),
      (reason: unknown) => {
        log.error('The server did not stop cleanly', { reason: describe(reason) });
        end(code);
      },
    );
  };
  const failed = (reason: unknown): void => {
    const exit = reason instanceof GaveUp ? exitCodes.gaveUp : exitCodes.storageFailed;
    log.error('The server stops', { reason: describe(reason), code: exit.code });
    endWith(exit.code, false);
  };
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (reason: unknown) => {
      log.error('The server stops', { reason: describe(reason), code: exitCodes.gaveUp.code });
      endWith(exitCodes.gaveUp.code, false);
    });
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => endWith(exitCodes.ok.code, true));
  }
  // The parent is gone, however it went: nobody would stop this process any more.
  if (tell !== null) process.on('disconnect', () => endWith(exitCodes.ok.code, true));
  try {
    const files = await readPage(settings.embedOrigins);
    const beat = tell === null ? undefined : (kind: 'alive' | 'worked') => tell({ kind });
    server = await Server.start({
      settings,
      files,
      log,
      version,
      failed,
      ...(beat === undefined ? {} : { beat }),
    });
  } catch (reason) {
    const { code, text } = startFailure(reason, settings);
    log.error(text, { code });
    return code;
  }
  // It may have been asked to stop while it was starting, when there was nothing to stop yet.
  if (isEnding) await server.stop();
  else if (tell === null) parts.opened(server.url());
  else tell({ kind: 'ready', port: server.port(), url: server.url() });
  return await ended;
}

/** Why a start failed, in a sentence, and the exit code for it. */
function startFailure(reason: unknown, settings: GivenSettings): { code: number; text: string } {
  if (reason instanceof JournalRefused && reason.code === 'DISK_FULL') {
    return { code: exitCodes.diskFull.code, text: reason.message };
  }
  if (reason instanceof JournalRefused || reason instanceof BadSecret) {
    return { code: exitCodes.badData.code, text: reason.message };
  }
  const { code, syscall, message = '' } = (reason ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const text = `The disk of "${settings.data}" has no room left, make some and start again`;
    return { code: exitCodes.diskFull.code, text };
  }
  const place = `${settings.host}:${settings.port}`;
  if (code === 'EADDRINUSE') {
    const text = `Something else listens on "${place}" already, choose another with --port`;
    return { code: exitCodes.portInUse.code, text };
  }
  if (code === 'EADDRNOTAVAIL' || /listen|bind/.test(syscall ?? message)) {
    const text = `The address "${place}" cannot be listened on, choose another --host or --port`;
    return { code: exitCodes.portInUse.code, text };
  }
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EROFS') {
    const text = `The data folder "${settings.data}" cannot be used, choose another with --data`;
    return { code: exitCodes.badData.code, text };
  }
  return { code: exitCodes.gaveUp.code, text: `The server did not start: ${describe(reason)}` };
}
