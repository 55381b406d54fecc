/**
 * Opens the room, for `serve` and `run`: reads the options, makes the log, and says where it is.
 */
import { resolve } from 'node:path';
import { keeperCodeFile } from '../chat/secrets.ts';
import type { GivenSettings } from '../chat/settings.ts';
import type { GuardMessage } from '../supervisor/guard.ts';
import { exitCodes } from './exit-codes.ts';
import { resolveOptions } from './options.ts';
import { readFile } from './read-file.ts';
import { run } from './run.ts';
import { guardedVariable, portVariable, serve } from './serve.ts';
import { streamLog } from './stream-log.ts';
import { coloursFor, complain } from './terminal.ts';

export interface OpenParts {
  readonly command: 'serve' | 'run';
  /** The options as they were given. */
  readonly argv: readonly string[];
  /** The file that is run, to be run again as a child. */
  readonly program: string;
  readonly version: string;
}

/** Opens the room until the process is asked to stop. Resolves with its exit code. */
export async function open({ command, argv, program, version }: OpenParts): Promise<number> {
  const resolved = resolveOptions({ argv, env: process.env, readFile });
  if (!resolved.ok) {
    complain(resolved.problems);
    return exitCodes.badOptions.code;
  }
  const settings = resolved.options;
  const log = streamLog({
    format: settings.log,
    now: () => new Date(),
    colours: coloursFor(process.stderr, process.env),
    write: (line) => void process.stderr.write(line),
  });
  const opened = (url: string): void => announce(settings, url);
  if (command === 'serve') {
    const announceOnce = (url: string, restarts: number): void => {
      if (restarts === 0) opened(url);
    };
    return await serve({ settings, log, program, argv, opened: announceOnce });
  }
  const isGuarded = process.env[guardedVariable] === '1' && process.send !== undefined;
  const tell = (message: GuardMessage): void => void process.send?.(message);
  const port = Number(process.env[portVariable] ?? settings.port);
  return await run({
    settings: { ...settings, port },
    log,
    version,
    tell: isGuarded ? tell : null,
    opened,
  });
}

/** What somebody who has just started it needs to know: where it is, and where the data lies. */
function announce(settings: GivenSettings, url: string): void {
  const colours = coloursFor(process.stdout, process.env);
  const folder = resolve(settings.data);
  const code = settings.keeperCode === null ? `; the keepers’ code in ${keeperCodeFile} there` : '';
  process.stdout.write(
    `${colours.bold('Encke')} is open at ${colours.bold(settings.publicUrl ?? url)}\n` +
      `Its data lies in ${folder}${code}\n`,
  );
}
