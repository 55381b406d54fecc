/** Looks a nick up among all who are here, in a room so large that the page does not know them. */
import type { Who } from '../protocol/entries.ts';
import type { MembersPage } from '../protocol/replies.ts';

/** Null where the room could not be asked. */
export type Found = { readonly members: readonly Who[]; readonly more: boolean } | null;

/** Nobody reads more; whoever is not among them is found by writing on. */
const foundMax = 50;
/** Asked when no key has been pressed for so long. */
const restMs = 200;

/** Asks who is here under a nick that begins so. The answer ends it; then nothing is told. */
export function lookUp(prefix: string, tell: (found: Found) => void): () => void {
  const end = new AbortController();
  const timer = setTimeout(() => {
    void ask(prefix, end.signal).then((found) => {
      if (!end.signal.aborted) tell(found);
    });
  }, restMs);
  return () => {
    clearTimeout(timer);
    end.abort();
  };
}

async function ask(prefix: string, signal: AbortSignal): Promise<Found> {
  const query = new URLSearchParams({ prefix, limit: String(foundMax) });
  try {
    const response = await fetch(`v1/members?${query}`, { signal });
    // Something on the way may answer in the server's place, with anything at all.
    const page = (await response.json()) as Partial<MembersPage>;
    return response.ok && Array.isArray(page.members)
      ? { members: page.members, more: page.more === true }
      : null;
  } catch {
    return null;
  }
}
