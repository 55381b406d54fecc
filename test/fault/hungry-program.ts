/**
 * A program that says that it serves, and then takes more and more memory; started again, it is
 * modest. Run by `guarded-process.test.ts`.
 */
import { portVariable } from '../../src/cli/serve.ts';
import type { GuardMessage } from '../../src/supervisor/guard.ts';

const megabyte = 1_048_576;
/** Enough for any limit that a test sets; a guard that does not look must not take the machine. */
const takenMbMax = 1_024;
const mouthfulMb = 32;
const eatEveryMs = 40;
const beatEveryMs = 250;

const taken: Buffer[] = [];
const isFirst = process.env[portVariable] === undefined;

function tell(message: GuardMessage): void {
  process.send?.(message);
}

process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready', port: 1, url: `http://127.0.0.1:1/` });
setInterval(() => tell({ kind: 'worked' }), beatEveryMs);
if (isFirst) {
  setInterval(() => {
    // Filled: memory that was never written to is not there.
    if (taken.length * mouthfulMb < takenMbMax) taken.push(Buffer.alloc(mouthfulMb * megabyte, 1));
  }, eatEveryMs);
}
