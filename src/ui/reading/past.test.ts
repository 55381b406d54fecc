import { signal } from '@preact/signals';
import { describe, expect, test } from 'bun:test';
import { fail, type Answer } from '../../client/answer.ts';
import type { HistoryQuery } from '../../client/client.ts';
import type { Line, RoomState } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, WireEntry, Who } from '../../protocol/entries.ts';
import type { HistoryPage } from '../../protocol/replies.ts';
import { linesMax } from '../../copy/timeline.ts';
import { linesWith, type Excursion } from './excursion.ts';
import { Past } from './past.ts';

const ada: Who = { id: 'ada' as MemberId, nick: 'Ada', role: 'member' };

function message(seq: number, more: Partial<Message> = {}): Message {
  const id = `x${seq}`;
  return { type: 'message', seq: seq as Seq, at: seq, id, by: ada, text: `${seq}`, ...more };
}

/** A journal of messages, of which a client shows the newest, and which answers when it is told. */
function room({ said, shown }: { said: number; shown: number }) {
  const journal = Array.from({ length: said }, (_, index) => message(index + 1));
  const heard: Record<string, ((detail: never) => void)[]> = {};
  const waiting: (() => void)[] = [];
  const excursion = signal<Excursion | null>(null);
  let inSight: number | null = null;
  let isHeld = false;
  const client = {
    state: { lines: journal.slice(journal.length - shown) as readonly Line[] } as RoomState,
    on(event: string, listener: (detail: never) => void) {
      (heard[event] ??= []).push(listener);
      return () => {};
    },
    async read(asked: HistoryQuery = {}): Promise<Answer<HistoryPage>> {
      const page = pageOf(journal, asked);
      if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
      return page;
    },
  };
  return {
    journal,
    client,
    excursion,
    past: new Past(client, excursion, () => inSight as Seq | null),
    tell(entry: WireEntry) {
      for (const listener of heard['entry'] ?? []) listener(entry as never);
    },
    /** Something passes by untold, while the reader looks at a message; at the end without one. */
    misses(seq: number | null) {
      inSight = seq;
      for (const listener of [...(heard['missed'] ?? [])]) listener(null as never);
    },
    /** More is said, and the room goes on to show these lines. */
    moves(count: number, from: number) {
      const { length } = journal;
      for (let seq = length + 1; seq <= length + count; seq += 1) journal.push(message(seq));
      client.state = { ...client.state, lines: journal.slice(from - 1) };
      for (const listener of heard['state'] ?? []) listener(client.state as never);
    },
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
    shows(): readonly number[] {
      return linesWith(excursion.value, client.state.lines).flatMap((line) =>
        line.type === 'message' ? [line.seq] : [],
      );
    },
  };
}

function pageOf(journal: readonly Message[], asked: HistoryQuery = {}): Answer<HistoryPage> {
  const { around, after, before = Infinity, limit = 50 } = asked;
  if (around !== undefined) {
    const from = Math.max(0, around - 1 - limit / 2);
    const entries = journal.slice(from, from + limit);
    return { ok: true, entries, more: entries.length < journal.length };
  }
  if (after !== undefined) {
    const entries = journal.slice(after, after + limit);
    return { ok: true, entries, more: after + limit < journal.length };
  }
  const entries = journal.slice(Math.max(0, before - 1 - limit), before - 1);
  return { ok: true, entries, more: before - 1 > limit };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** What was asked has been answered, and heard. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('an excursion', () => {
  test('shows a message among what was said around it, and nothing of the present', async () => {
    const here = room({ said: 1_000, shown: 50 });
    expect(await here.past.open(500 as Seq)).toEqual({ ok: true });
    expect(here.past.isAway.value).toBe(true);
    expect(here.shows()).toEqual(range(475, 524));
  });

  test('to what is not there is none', async () => {
    const here = room({ said: 100, shown: 50 });
    expect(await here.past.open(500 as Seq)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    expect(here.past.isOpen.value).toBe(false);
    expect(here.shows()).toEqual(range(51, 100));
  });

  test('that fails says why, and leaves what is shown', async () => {
    const here = room({ said: 100, shown: 50 });
    here.client.read = async () => await Promise.resolve(fail('BUSY', 'Too much', 503));
    expect(await here.past.open(5 as Seq)).toMatchObject({ code: 'BUSY' });
    expect(here.shows()).toEqual(range(51, 100));
  });

  test('goes on in both directions, until it meets the beginning and the present', async () => {
    const here = room({ said: 300, shown: 100 });
    await here.past.open(120 as Seq);
    expect(here.shows()).toEqual(range(95, 144));
    here.past.load('newer');
    here.past.load('older');
    await settled();
    expect(here.shows()).toEqual(range(45, 194));
    expect(here.past.isAway.value).toBe(true);
    here.past.load('newer');
    here.past.load('older');
    await settled();
    expect(here.past.isAway.value).toBe(false);
    expect(here.past.hasMore.older.value).toBe(false);
    expect(here.shows()).toEqual(range(1, 300));
  });

  test('knows the changes that come while it is shown, and while its page is on its way', async () => {
    const here = room({ said: 300, shown: 10 });
    const edit = (of: number, seq: number): WireEntry => ({
      type: 'edit',
      of: of as Seq,
      seq: seq as Seq,
      at: seq,
      by: ada,
      text: `edited ${seq}`,
    });
    here.hold();
    const opened = here.past.open(100 as Seq);
    here.tell(edit(100, 301));
    here.release();
    await opened;
    here.tell(edit(101, 302));
    const texts = (here.excursion.value?.messages ?? []).flatMap(({ edited, text }) =>
      edited === undefined ? [] : [text],
    );
    expect(texts).toEqual(['edited 301', 'edited 302']);
  });

  test('shows nothing of what was deleted untold: where the reader is, it is read again', async () => {
    const here = room({ said: 1_000, shown: 50 });
    await here.past.open(500 as Seq);
    here.past.load('newer');
    await settled();
    here.journal[500] = message(501, { text: '', deleted: true });
    here.misses(510);
    await settled();
    expect(here.excursion.value?.messages.find(({ seq }) => seq === 501)?.text).toBe('');
    expect(here.shows()).toEqual(range(485, 534));
    expect(here.past.isAway.value).toBe(true);
  });

  test('that cannot be read again after something passed by untold ends', async () => {
    const here = room({ said: 1_000, shown: 50 });
    await here.past.open(500 as Seq);
    here.client.read = async () => await Promise.resolve(fail('BUSY', 'Too much', 503));
    here.misses(500);
    await settled();
    expect(here.past.isOpen.value).toBe(false);
  });

  test('that has reached the present ends where the reader is there when something passed by', async () => {
    for (const inSight of [80, null]) {
      const here = room({ said: 100, shown: 50 });
      await here.past.open(40 as Seq);
      here.misses(inSight);
      expect(here.shows()).toEqual(range(51, 100));
    }
  });

  test('takes no page that was asked for before it was read again', async () => {
    const here = room({ said: 1_000, shown: 50 });
    await here.past.open(500 as Seq);
    here.past.load('newer');
    await settled();
    here.hold();
    here.past.load('newer');
    here.misses(500);
    here.release();
    await settled();
    expect(here.shows()).toEqual(range(475, 524));
  });

  test('that nobody wants any more when it comes is none', async () => {
    const here = room({ said: 1_000, shown: 50 });
    let isWanted = true;
    here.hold();
    const opened = here.past.open(500 as Seq, () => isWanted);
    isWanted = false;
    here.release();
    expect(await opened).toEqual({ ok: true });
    expect(here.past.isOpen.value).toBe(false);
  });

  test('that has reached the present keeps what the room drops', async () => {
    const here = room({ said: 100, shown: 50 });
    await here.past.open(40 as Seq);
    expect(here.shows()).toEqual(range(15, 100));
    here.moves(30, 81);
    expect(here.shows()).toEqual(range(15, 130));
    here.moves(20, 101);
    expect(here.shows()).toEqual(range(15, 150));
  });

  test('ends when the room begins again further on than what was shown', async () => {
    const here = room({ said: 100, shown: 50 });
    await here.past.open(40 as Seq);
    here.moves(3_000, 3_051);
    expect(here.past.isOpen.value).toBe(false);
    expect(here.shows()).toEqual(range(3_051, 3_100));
  });

  test('has an end: what is furthest from where one reads on is dropped, and can be read again', async () => {
    const here = room({ said: 3 * linesMax, shown: 50 });
    await here.past.open((2 * linesMax) as Seq);
    const readOn = async (direction: 'older' | 'newer'): Promise<void> => {
      for (let pages = 0; pages < linesMax / 50; pages += 1) {
        here.past.load(direction);
        await settled();
      }
    };
    await readOn('older');
    const [first = 0] = here.shows();
    expect(here.shows()).toEqual(range(first, first + linesMax - 1));
    here.past.load('newer');
    await settled();
    expect(here.shows()).toEqual(range(first + 50, first + linesMax + 49));
    expect(here.past.hasMore.older.value).toBe(true);
  });

  test('that was closed while a page was on its way stays closed', async () => {
    const here = room({ said: 300, shown: 10 });
    await here.past.open(100 as Seq);
    here.hold();
    here.past.load('older');
    here.past.close();
    here.release();
    await settled();
    expect(here.past.isOpen.value).toBe(false);
    expect(here.shows()).toEqual(range(291, 300));
  });
});
