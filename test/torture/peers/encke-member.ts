/** Members of Encke, by its client library. */
import { connect } from '../../../src/client/client.ts';
import { parseCursor } from '../../../src/protocol/cursor.ts';
import type { Joined } from '../../../src/protocol/replies.ts';
import { runCrew, type Member, type Screen } from './crew.ts';

/** A join is tried three times by the library; whoever waits at the door tries again. */
const againMs = 500;

runCrew((url, who, screen) => {
  let epoch = '';
  const client = connect({
    url,
    async fetch(input, init) {
      const response = await fetch(input, init);
      if (epoch === '' && response.status === 201 && input.endsWith('/v1/join')) {
        epoch = await beginning(response.clone(), screen);
      }
      return response;
    },
  });
  client.on('entry', (entry) => {
    if (entry.type !== 'message') return;
    const { seq, text } = entry;
    screen.shows({ epoch, seq, key: text, text });
  });
  void enter();

  const member: Member = {
    async say(_key, text) {
      const spoken = await client.say(text);
      if (!spoken.ok || !('seq' in spoken)) throw new Error('The message was refused');
      return { epoch, seq: spoken.seq };
    },
  };
  return member;

  async function enter(): Promise<void> {
    const answer = await client.join(who);
    if (!answer.ok) setTimeout(() => void enter(), againMs);
  }
});

/** Where a member begins is in the cursor of the answer that let them in. */
async function beginning(response: Response, screen: Screen): Promise<string> {
  const { cursor } = (await response.json()) as Joined;
  const place = parseCursor(cursor);
  if (place === null) throw new Error(`The cursor "${cursor}" is malformed`);
  const { epoch, seq } = place;
  screen.begins({ epoch, seq });
  return epoch;
}
