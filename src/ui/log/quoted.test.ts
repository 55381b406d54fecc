import { effect } from '@preact/signals';
import { describe, expect, test } from 'bun:test';
import { whoIs } from '../../client/testing/fake-room.ts';
import { joined, scene, type Scene } from '../../copy/testing/scene.ts';
import type { Seq } from '../../protocol/entries.ts';
import { Quoted, type Quote } from './quoted.ts';

/** Says more than a snapshot carries, so that the first is not among the lines. */
function sayMuch({ room }: Scene): Seq {
  const first = room.say('bob', 'said long ago');
  for (let count = 0; count < 60; count += 1) room.say('bob', `then ${count}`);
  return first;
}

/** A room in which much was said before we came. */
async function afterMuch(): Promise<Scene & { readonly old: Seq; readonly quoted: Quoted }> {
  const made = scene();
  const old = sayMuch(made);
  await made.client.join('ada');
  await made.clock.settle();
  return { ...made, old, quoted: new Quoted(made.client) };
}

function remove({ room }: Scene, of: Seq): void {
  room.append({ type: 'delete', of, by: whoIs('bob') });
}

function textOf(quote: Quote): string {
  if (typeof quote === 'string') return quote;
  return quote.deleted ? '(deleted)' : quote.text;
}

/** What somebody sees who looks at it all the time. */
function shown(quoted: Quoted, seq: Seq): () => string {
  let seen = '';
  effect(() => {
    seen = textOf(quoted.of(seq).value);
  });
  return () => seen;
}

describe('a message that is answered', () => {
  test('is read once where it is not among the lines', async () => {
    const { clock, room, quoted, old } = await afterMuch();
    const seen = shown(quoted, old);
    expect(seen()).toBe('loading');
    await clock.settle();
    expect(seen()).toBe('said long ago');
    expect(textOf(quoted.of(old).peek())).toBe('said long ago');
    expect(room.sent('messages')).toHaveLength(1);
  });

  test('that is deleted while it is being read is shown as deleted', async () => {
    const made = await afterMuch();
    const { clock, room, quoted, old } = made;
    room.weather = ({ path }) => (path === 'messages' ? { lateMs: 3_000 } : 'fair');
    const seen = shown(quoted, old);
    await clock.settle();
    remove(made, old);
    await clock.advance(5_000);
    expect(seen()).toBe('(deleted)');
  });

  test('is followed for as long as it is shown, however many others are asked for', async () => {
    const made = await joined();
    const { clock, room, client } = made;
    const old = room.say('bob', 'answered');
    await clock.settle();
    const quoted = new Quoted(client);
    const seen = shown(quoted, old);
    for (let count = 0; count < 600; count += 1) quoted.of(room.say('bob', 'another'));
    await clock.settle();
    remove(made, old);
    await clock.settle();
    expect(seen()).toBe('(deleted)');
  });

  test('that was never there is gone', async () => {
    const { clock, quoted } = await afterMuch();
    const seen = shown(quoted, 9_999 as Seq);
    await clock.settle();
    expect(seen()).toBe('gone');
  });

  test('that cannot be read is not taken for gone, and is read when the room is back', async () => {
    const { clock, room, quoted, old } = await afterMuch();
    room.weather = () => 'lost';
    room.settleAll();
    const seen = shown(quoted, old);
    await clock.advance(20_000);
    expect(seen()).toBe('missing');
    room.weather = () => 'fair';
    await clock.advance(60_000);
    expect(seen()).toBe('said long ago');
  });

  test('that could not be read is asked for again by whoever looks next', async () => {
    const { clock, room, quoted, old } = await afterMuch();
    room.refusal = ({ path }) => (path === 'messages' ? 'NOT_FOUND' : null);
    quoted.of(old);
    await clock.settle();
    expect(textOf(quoted.of(old).peek())).toBe('loading');
    room.refusal = () => null;
    await clock.settle();
    quoted.of(old);
    await clock.settle();
    expect(textOf(quoted.of(old).peek())).toBe('said long ago');
  });

  test('is read anew when something passed by that nobody has told', async () => {
    const made = scene();
    const old = sayMuch(made);
    await made.client.resume();
    const seen = shown(new Quoted(made.client), old);
    await made.clock.settle();
    expect(seen()).toBe('said long ago');
    // Whoever only looks in hears nothing of this.
    remove(made, old);
    await made.client.join('ada');
    await made.clock.settle();
    expect(seen()).toBe('(deleted)');
  });

  test('is what it has become in a gap, once that is filled', async () => {
    const made = await joined();
    const { clock, room, client } = made;
    const old = room.say('bob', 'answered');
    await clock.settle();
    const seen = shown(new Quoted(client), old);
    room.weather = () => 'lost';
    room.settleAll();
    await clock.settle();
    remove(made, old);
    for (let count = 0; count < 300; count += 1) room.say('bob', 'missed');
    room.weather = () => 'fair';
    room.refusal = ({ path }) => (path === 'messages' ? 'NOT_FOUND' : null);
    await clock.advance(60_000);
    const [gap] = client.state.gaps;
    expect(gap).toBeDefined();
    room.refusal = () => null;
    await client.history(gap);
    await clock.settle();
    expect(seen()).toBe('(deleted)');
  });
});
