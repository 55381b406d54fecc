const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A random id of URL-safe characters, six bits each. From the system's generator, unless a test
 * hands in its own: the id of a join is what proves that a retry comes from the same person.
 */
export function randomId(length: number, random?: () => number): string {
  const bytes = random
    ? Array.from({ length }, () => Math.floor(random() * 64))
    : crypto.getRandomValues(new Uint8Array(length));
  let id = '';
  for (const byte of bytes) id += alphabet.charAt(byte & 63);
  return id;
}
