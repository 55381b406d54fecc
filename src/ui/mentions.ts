/** Whether a text names somebody: their nick as a word of its own, with or without an at sign. */
export function mentions(text: string, nick: string): boolean {
  const [where, what] = [text.toLowerCase(), nick.toLowerCase()];
  if (what === '') return false;
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    const before = where.slice(0, at);
    const after = where.slice(at + what.length);
    if (!endsInWord.test(before) && !beginsWithWord.test(after)) return true;
  }
  return false;
}

const endsInWord = /[\p{L}\p{N}_]$/u;
const beginsWithWord = /^[\p{L}\p{N}\p{M}_]/u;
