/**
 * A random id of URL-safe characters, five bits each. From the system's generator, unless a test
 * hands in its own: the id of a join is what proves that a retry comes from the same person.
 */
export function randomId(length: number, random?: () => number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ((random ? random() * 256 : byte) & 31).toString(32)).join('');
}
