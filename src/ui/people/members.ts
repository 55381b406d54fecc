/** Looks a nick up among all who are here, in a room so large that the page does not know them. */
import type { Copy } from '../../copy/copy.ts';
import type { MembersPage } from '../../protocol/replies.ts';

/** Who is here under a nick that begins so. Null where the room could not be asked. */
export type Matches = Pick<MembersPage, 'members' | 'more'> | null;

/** Nobody reads more; whoever is not among them is found by writing on. */
const foundMax = 50;
/** Asked when no key has been pressed for so long. */
const restMs = 200;

/** Asks who is here under a nick that begins so. The answer ends it; then nothing is told. */
export function lookUp(client: Copy, prefix: string, tell: (matches: Matches) => void): () => void {
  let isOver = false;
  const timer = setTimeout(() => {
    void client.members({ prefix, limit: foundMax }).then((answer) => {
      if (!isOver) tell(answer.ok ? answer : null);
    });
  }, restMs);
  return () => {
    clearTimeout(timer);
    isOver = true;
  };
}
