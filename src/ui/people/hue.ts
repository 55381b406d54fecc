/** The colour of a nick: one of twelve, the same for everybody and every time. */
export const hues = 12;

/** The class that gives an element the colour of a nick. */
export function hueOf(nick: string): string {
  return `hue-${hash(nick) % hues}`;
}

/** FNV-1a over code units: short, and it spreads nicks that differ in one letter. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
