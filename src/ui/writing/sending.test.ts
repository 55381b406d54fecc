import { signal } from '@preact/signals';
import { expect, test } from 'bun:test';
import { fail } from '../../client/answer.ts';
import type { Spoken } from '../../client/client.ts';
import type { Line } from '../../copy/room-state.ts';
import type { Page } from '../page.ts';
import { sayNow } from './sending.ts';

/** Says something to a room that answers so, while its author writes on. */
async function say(answer: Spoken, { isKept = false, writesOn = '' } = {}) {
  const draft = signal('');
  const complaint = signal<string | null>(null);
  const lines: Line[] = [];
  const client = {
    state: { lines },
    say: async (text: string, { id }: { readonly id: string }): Promise<Spoken> => {
      if (isKept) lines.push({ type: 'pending', id, text });
      draft.value = writesOn;
      return await Promise.resolve(answer);
    },
  };
  const floor = { said: () => {}, refused: () => {} };
  await sayNow({ client, draft, complaint } as unknown as Page, floor, 'My words', undefined);
  return { draft: draft.value, hasComplaint: complaint.value !== null };
}

test.each(['NO_SESSION', 'TOO_MANY'])(
  'what was not even heard is written again: %s',
  async (code) => {
    expect(await say(fail(code, 'Join the room first'))).toEqual({
      draft: 'My words',
      hasComplaint: true,
    });
    const more = await say(fail(code, 'Join the room first'), { writesOn: 'And more' });
    expect(more.draft).toBe('My words\nAnd more');
  },
);

test('what stands among the messages with its reason is not written twice', async () => {
  const refused = fail('BAD_TEXT', 'This has no letters', 400);
  expect(await say(refused, { isKept: true })).toEqual({ draft: '', hasComplaint: false });
  const kept = await say(fail('NO_SESSION', 'Join the room first'), { isKept: true });
  expect(kept).toEqual({ draft: '', hasComplaint: false });
});
