/**
 * A script that is loaded later, and again where it could not be had. Many browsers remember that,
 * for as long as the page is there, and do not ask again: only under another address they do.
 */
export function laterScript<Script>(
  load: () => Promise<Script>,
  address: () => string,
  loadFrom = async (from: string): Promise<Script> => (await import(from)) as Script,
): () => Promise<Script> {
  let failures = 0;
  return async () => {
    try {
      return await (failures === 0 ? load() : loadFrom(`${address()}?${failures}`));
    } catch (error) {
      failures += 1;
      throw error;
    }
  };
}
