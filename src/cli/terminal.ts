/** Colours for a terminal, and none for anything else. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
}

export type Paint = (text: string) => string;

/**
 * Which colours a stream gets. `NO_COLOR` set to anything takes them away (no-color.org), and so
 * does a stream that is no terminal; `FORCE_COLOR` gives them to a stream that is none.
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Colours {
  if (isSet(env['NO_COLOR'])) return noColours;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] === '0' ? noColours : ansi;
  return stream.isTTY === true && env['TERM'] !== 'dumb' ? ansi : noColours;
}

const plain: Paint = (text) => text;
export const noColours: Colours = { bold: plain, dim: plain, red: plain, green: plain };

const ansi: Colours = {
  bold: wrapped(1, 22),
  dim: wrapped(2, 22),
  red: wrapped(31, 39),
  green: wrapped(32, 39),
};

function wrapped(on: number, off: number): Paint {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** Says on the error stream what is wrong, a line each. */
export function complain(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`encke: ${problem}\n`);
}
