import { expect, test } from 'bun:test';
import { TestChat } from '../../../test/kit/chat.ts';
import type { Answer } from '../../http/answer.ts';
import type { Exchange } from '../../http/request.ts';
import type { Journal } from '../../journal/journal.ts';
import { JournalUnavailable } from '../../journal/refused.ts';
import type { Seq, Who } from '../../protocol/entries.ts';
import { refuse } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { Call, type WebParts } from '../call.ts';
import { Proofs } from '../proof.ts';
import { Sessions } from '../session.ts';
import { getPlain } from './plain.ts';

const exchange: Exchange = {
  peer: '192.0.2.1',
  watcher: null,
  reply: () => undefined,
  stream: () => {
    throw new Error('A page that stands still does not go on');
  },
};

/** The page that a member reads, of a room whose journal reads several messages like this. */
async function read(
  chat: TestChat,
  by: Who,
  query: string,
  messages: Journal['messages'],
): Promise<Answer> {
  const sessions = new Sessions(new Uint8Array(32), () => chat.clock.now());
  const { token } = sessions.issue(by.id);
  const { clock, room, office: postOffice, settings } = chat;
  const journal = { page: (asked) => chat.journal.page(asked), messages } as Partial<Journal>;
  const own = { sessions, proofs: new Proofs(sessions), journal: journal as Journal };
  const parts = { ...own, clock, room, postOffice, settings } as Partial<WebParts> as WebParts;
  const cookie = `encke=${token}`;
  const fields = {
    get: (name: string) => (name === 'cookie' ? cookie : null),
    has: (name: string) => name === 'cookie',
  };
  const request = { method: 'GET', target: `/plain?${query}`, fields, body: new Uint8Array() };
  const call = new Call(request, { path: '/plain', query }, exchange, parts, []);
  const answer = await getPlain(call);
  if (answer === null) throw new Error('The page goes on');
  return answer;
}

/** Somebody answers the first message, after so many others that no page has both. */
async function farApart(chat: TestChat, by: Who): Promise<Seq> {
  const first = await chat.say(by, 'Long ago');
  for (let nr = 0; nr < limits.snapshotEntries; nr++) {
    await chat.clock.advance(1);
    await chat.say(by, 'and then');
  }
  await chat.clock.advance(1);
  const answer = { id: 'answer', text: 'Yes', replyTo: first };
  expect(await chat.room.now().say({ id: by.id, address: '' }, answer)).toMatchObject({ ok: true });
  return first;
}

const places = ['still', 'before=1000'];

test('a page that stands still does without what it cannot quote, and is a page', async () => {
  const chat = await TestChat.open({ pace: 1 });
  const bob = await chat.join('bob');
  await farApart(chat, bob);
  const busy = new JournalUnavailable(refuse('BUSY', 'Too many reads', 1_000));
  for (const place of places) {
    const { status, body } = await read(chat, bob, place, () => Promise.reject(busy));
    expect([place, status]).toEqual([place, 200]);
    expect(String(body)).toContain('>Yes<');
    expect(String(body)).toContain('>an earlier message</a>');
  }
});

test('a page that stands still asks the journal for all that it quotes at once', async () => {
  const chat = await TestChat.open({ pace: 1 });
  const bob = await chat.join('bob');
  await farApart(chat, bob);
  for (const place of places) {
    let reads = 0;
    const { body } = await read(chat, bob, place, async (seqs) => {
      reads++;
      return await chat.journal.messages(seqs);
    });
    expect(String(body)).toContain('<bdi>Long ago</bdi>');
    expect([place, reads]).toEqual([place, 1]);
  }
});

test('a page that stands still tells nothing that is deleted while the journal reads', async () => {
  for (const place of places) {
    const chat = await TestChat.open({ pace: 1 });
    const bob = await chat.join('bob');
    const first = await farApart(chat, bob);
    const last = await chat.say(bob, 'A secret');
    const { body } = await read(chat, bob, place, async (seqs) => {
      for (const seq of [first, last]) {
        expect(await chat.room.now().remove(bob.id, seq)).toMatchObject({ ok: true });
      }
      return await chat.journal.messages(seqs);
    });
    expect(String(body).match(/This message was deleted/g)).toHaveLength(2);
    expect(String(body)).not.toMatch(/Long ago|secret/);
  }
});
