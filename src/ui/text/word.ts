/**
 * Where words begin and end, in scripts that set them apart by blanks. In the others a mark may
 * stand beside any letter, since there is nothing else beside which it could.
 */

/** Whether a text ends in a word. A backslash makes one of what is behind it: `¯\_(ツ)_/¯`. */
export function endsInWord(text: string): boolean {
  return text.endsWith('\\') || isWord(/.$/su.exec(text)?.[0] ?? '');
}

/** Whether a text begins with a word. */
export function startsWithWord(text: string): boolean {
  return isWord(/^./su.exec(text)?.[0] ?? '');
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}\p{M}]/u.test(character) && !unspaced.test(character);
}

const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;
