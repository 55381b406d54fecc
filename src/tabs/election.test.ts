import { expect, test } from 'bun:test';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { textsOf } from '../copy/testing/scene.ts';
import type { Message, Seq } from '../protocol/entries.ts';
import { election } from './election.ts';
import { guest, type Guest } from './guest.ts';
import { host } from './host.ts';

interface Letter {
  readonly to: string;
  readonly from: string;
  readonly name?: string | null;
  readonly message?: unknown;
}

/** The tab B among others, whose letters are written by hand. `rob`: its lock is taken away. */
function tabB(isHost = false): {
  readonly tab: Guest;
  readonly hear: (letter: Letter) => void;
  readonly posted: Letter[];
  readonly rob: () => void;
} {
  const clock = new FakeClock();
  const posted: Letter[] = [];
  let rob = (): void => {};
  let hear: (letter: Letter) => void = () => {};
  const tab = guest({
    storage: null,
    key: 'k',
    isOnline: () => true,
    met() {},
    lost() {},
    closed() {},
  });
  election({
    name: 'room',
    me: 'B',
    locks: {
      request: (_name, _options, run) =>
        new Promise((_, reject) => {
          // Once it is robbed, others have it.
          if (isHost) queueMicrotask(() => void run());
          isHost = false;
          rob = () => reject(new Error('Stolen'));
        }),
    },
    channel: {
      post: (letter) => void posted.push(letter as Letter),
      listen: (listener) => void (hear = listener),
      close() {},
    },
    host: () => host({ url: '', fetch: () => new Promise(() => {}), clock, tab: 'B', locks: null }),
    attach: tab.attach,
  });
  return { tab, hear: (letter) => hear(letter), posted, rob: () => rob() };
}

function patch(from: string, at: number, lines: readonly Message[]): Letter {
  const house = { tabs: 2, tab: from, kept: null };
  const message = { parts: {}, at, removed: 0, lines };
  return { to: 'B', from, message: { patch: message, isWhole: at === 0, news: [], house } };
}

/** Until what is due in this one is done. */
async function aTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

function hellosOf(posted: readonly Letter[]): Letter[] {
  return posted.filter(({ message }) => 'hello' in (message as object));
}

function message(seq: number): Message {
  return {
    type: 'message',
    id: `m${seq}`,
    by: whoIs('bob'),
    text: `${seq}`,
    seq: seq as Seq,
    at: 0,
  };
}

test('a tab is the guest of the host that answers first, and takes nothing from another', async () => {
  const { tab, hear, posted } = tabB();
  expect(posted).toMatchObject([{ to: 'host', name: null, message: { hello: {} } }]);
  hear(patch('C', 0, [message(1), message(2)]));
  hear(patch('A', 1, [message(2)]));
  expect(textsOf(tab.copy.state)).toEqual(['1', '2']);
  const edited = tab.copy.edit(1 as Seq, 'x');
  expect(posted.at(-1)).toMatchObject({ to: 'host', name: 'C', message: { call: { nr: 1 } } });
  hear({
    to: 'B',
    from: 'A',
    message: { answer: { nr: 1, value: { ok: false, code: 'CLOSED' } } },
  });
  hear({ to: 'B', from: 'C', message: { answer: { nr: 1, value: { ok: true } } } });
  expect(await edited).toEqual({ ok: true } as never);
});

test('a host that announces itself is the one, also before it has said anything', () => {
  const { tab, hear, posted } = tabB();
  hear(patch('A', 0, [message(1)]));
  hear({ to: 'all', from: 'C' });
  expect(hellosOf(posted).map(({ name }) => name)).toEqual([null, 'C']);
  hear(patch('A', 1, [message(2)]));
  hear(patch('C', 0, [message(1), message(2)]));
  expect(textsOf(tab.copy.state)).toEqual(['1', '2']);
});

test('a tab whose host looks for one itself looks for another', () => {
  const { hear, posted } = tabB();
  hear(patch('A', 0, [message(1)]));
  hear({ to: 'host', from: 'D', name: null, message: { hello: { kept: null, isOnline: true } } });
  expect(hellosOf(posted)).toHaveLength(1);
  hear({ to: 'host', from: 'A', name: null, message: { hello: { kept: null, isOnline: true } } });
  expect(hellosOf(posted).map(({ name }) => name)).toEqual([null, null]);
});

test('a host takes no letter that is for another, and answers nothing once it was robbed', async () => {
  const { hear, posted, rob } = tabB(true);
  // It has looked for a host before it was one.
  posted.splice(0);
  await aTask();
  const toHost = { to: 'host', message: { hello: { kept: null, isOnline: true } } };
  hear({ ...toHost, from: 'D', name: 'A' });
  hear({ ...toHost, from: 'C', name: null });
  hear({
    to: 'host',
    from: 'C',
    name: 'B',
    message: { call: { nr: 1, verb: 'resume', args: [] } },
  });
  await aTask();
  expect(new Set(posted.splice(0).map(({ to }) => to))).toEqual(new Set(['host', 'all', 'C']));
  rob();
  await aTask();
  expect(hellosOf(posted)).toHaveLength(1);
  expect(posted.every(({ to }) => to === 'host')).toBe(true);
});
