/** Cursors of any string at all, and mutations of good ones in a room where things are private. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import {
  cursorLengthMax,
  formatCursor,
  parseCursor,
  type Cursor,
} from '../../src/protocol/cursor.ts';
import {
  isVisibleTo,
  type Epoch,
  type Hash,
  type Seq,
  type Who,
} from '../../src/protocol/entries.ts';
import { TestChat, testSettings } from '../kit/chat.ts';
import { hostile } from './hostile.ts';

const numRuns = 3_000;

const letters = fc.constantFrom(
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split(''),
);
const word = (length: number) =>
  fc.array(letters, { minLength: length, maxLength: length }).map((parts) => parts.join(''));
const number = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, 35, 36, 2 ** 52, Number.MAX_SAFE_INTEGER),
);
const cursors: fc.Arbitrary<Cursor> = fc.record({
  epoch: word(11).map((text) => text as Epoch),
  seq: number.map((seq) => seq as Seq),
  hash: word(8).map((text) => text as Hash),
  live: number,
});

/** One to three small changes to a text. */
function mutationsOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.nat({ max: cursorLengthMax });
  const piece = fc.oneof(
    fc.constantFrom('.', '0', 'z', 'A', '-', '+', ' ', '\0', '\n', '%', 'é', '٣', '\ud800', '..'),
    letters,
    hostile,
  );
  const change = fc.tuple(fc.constantFrom('put', 'drop', 'set', 'twice', 'swap'), place, piece);
  return fc
    .tuple(text, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([start, changes]) => changes.reduce((at, how) => mutate(at, ...how), start));
}

function mutate(text: string, how: string, place: number, piece: string): string {
  const at = place % (text.length + 1);
  if (how === 'put') return text.slice(0, at) + piece + text.slice(at);
  if (how === 'drop') return text.slice(0, at) + text.slice(at + 1);
  if (how === 'set') return text.slice(0, at) + piece + text.slice(at + 1);
  if (how === 'twice') return text.slice(0, at) + text.slice(0, place % 20) + text.slice(at);
  const parts = text.split('.');
  return [...parts.slice(at % 4), ...parts.slice(0, at % 4)].join('.');
}

test('a cursor is read as what was written, and as nothing else', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      const text = formatCursor(cursor);
      expect(text.length).toBeLessThanOrEqual(cursorLengthMax);
      expect(encodeURIComponent(text)).toBe(text);
      expect(parseCursor(text)).toEqual(cursor);
    }),
    { numRuns },
  );
  const texts = fc.oneof(hostile, mutationsOf(cursors.map(formatCursor)));
  fc.assert(
    fc.property(texts, (text) => {
      const cursor = parseCursor(text);
      if (cursor !== null) expect(formatCursor(cursor)).toBe(text);
    }),
    { numRuns },
  );
});

test('a changed cursor is refused, or gone, or brings what the member may see and no more', async () => {
  const { chat, people, cursors: known } = await privateRoom();
  const head = chat.journal.head().seq;
  const good = fc.constantFrom(...known);
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(good, mutationsOf(good)),
      fc.constantFrom(...people),
      async (text, who) => {
        const after = parseCursor(text);
        if (after === null) return;
        const sent = chat.poll(who, text, { holdMs: 0 });
        if (sent.isHeld()) await chat.clock.settle();
        if (sent.answer?.ok === false) {
          expect(sent.refusal().code).toBe('GONE');
          return;
        }
        const { from, to } = sent.reply();
        expect([Number(from), Number(to)]).toEqual([Number(after.seq), Number(head)]);
        expect(sent.seqs()).toEqual(await visible(chat, who, after.seq));
        answered++;
      },
    ),
    { numRuns },
  );
  // A run in which every cursor is refused shows nothing.
  expect(answered).toBeGreaterThan(100);
});

/** A room in which some entries are for one member, or for keepers, and a cursor at each entry. */
async function privateRoom() {
  const chat = await TestChat.open();
  const kim = await chat.join('kim');
  await chat.command(kim, `/keeper ${testSettings.keeperCode}`);
  const [ada, bob] = [await chat.join('ada'), await chat.join('bob')];
  for (let nr = 0; nr < 8; nr++) {
    await chat.clock.advance(10_000);
    for (const who of [kim, ada, bob]) chat.poll(who, chat.cursor(), { holdMs: 0 });
    await chat.say(ada, `a${nr}`);
    await chat.command(kim, nr % 2 === 0 ? '/mute bob' : '/unmute bob');
    await chat.command(kim, nr % 2 === 0 ? '/mute ada' : '/unmute ada');
    if (nr % 2 === 1) await chat.say(bob, `b${nr}`);
    else await chat.command(kim, '/unmute ada');
  }
  const cursors: string[] = [];
  const { epoch } = chat.journal;
  for (let seq = 0; seq <= chat.journal.head().seq; seq++) {
    const hash = await chat.journal.hashAt(seq as Seq);
    if (hash !== null) cursors.push(formatCursor({ epoch, seq: seq as Seq, hash, live: 0 }));
  }
  const people = [{ ...kim, role: 'keeper' as const }, ada, bob];
  return { chat, people, cursors };
}

async function visible(chat: TestChat, viewer: Who, after: Seq): Promise<number[]> {
  const read = await chat.journal.read({ after, limit: 1_000 });
  const entries = read.map(({ entry }) => entry);
  return entries.filter((entry) => isVisibleTo(entry, viewer)).map(({ seq }) => seq);
}
