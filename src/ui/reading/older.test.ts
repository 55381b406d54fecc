import { signal } from '@preact/signals';
import { expect, test } from 'bun:test';
import { fail } from '../../client/answer.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Seq } from '../../protocol/entries.ts';
import { older } from './older.ts';

test('where the room shows no more lines, reading back goes on from its oldest message', async () => {
  const opened: Seq[] = [];
  const lines = [
    { type: 'join', seq: 7 },
    { type: 'message', seq: 8 },
  ];
  const client = {
    state: { lines, hasMore: true },
    history: async () => await Promise.resolve(fail('TOO_MANY', 'Lines are shown at most')),
  } as unknown as Copy;
  const back = older(client, {
    isOpen: signal(false),
    loading: () => signal('ready'),
    load: () => {},
    open: async (seq) => {
      opened.push(seq);
      return await Promise.resolve({ ok: true });
    },
  });
  back.load();
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(opened).toEqual([8 as Seq]);
  expect(back.state.value).toBe('ready');
});
