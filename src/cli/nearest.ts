/**
 * The name that somebody probably meant: the nearest by insertions, deletions, replacements and
 * swaps of neighbours (the optimal string alignment distance), or null when none is near.
 */
export function nearest(word: string, names: Iterable<string>): string | null {
  const given = word.slice(0, wordLengthMax).toLowerCase();
  // One slip in three characters is a slip; more is another word.
  let best = Math.max(1, Math.floor(given.length / 3)) + 1;
  let found: string | null = null;
  for (const name of names) {
    const distance = distanceBetween(given, name.toLowerCase());
    if (distance >= best) continue;
    best = distance;
    found = name;
  }
  return found;
}

/** Bounds the work; no name is as long. */
const wordLengthMax = 64;

function distanceBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      const ways = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + cost];
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwap && row > 1 && column > 1) ways.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...ways));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
