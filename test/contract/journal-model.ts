/**
 * The journal against a model so simple that it is right: an array of entries, from which every
 * answer is worked out anew each time.
 */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Journal, PageQuery, Viewer } from '../../src/journal/journal.ts';
import { isVisibleTo } from '../../src/protocol/entries.ts';
import type {
  Entry,
  EntryBody,
  MemberId,
  Message,
  Reaction,
  Seq,
  WireEntry,
  Who,
} from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { seedOf } from './journal-kit.ts';
import type { OpenedJournal } from './journal-kit.ts';

const people: Who[] = ['ada', 'bob', 'cyd', 'dot'].map((nick, nr) => ({
  id: nick.padEnd(16, '_') as MemberId,
  nick,
  role: nr === 3 ? 'keeper' : 'member',
}));

const person = fc.constantFrom(...people);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const of = fc.integer({ min: 1, max: 25 }).map((seq) => seq as Seq);
const emoji = fc.constantFrom('👍', '🎉', '❤️');

const body: fc.Arbitrary<EntryBody> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('message'), id: text, by: person, text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('edit'), of, text, by: person }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete'), of, by: person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('reaction'),
      of,
      emoji,
      by: person,
      on: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { type: fc.constant('join'), member: person, quiet: fc.constant(true) },
      { requiredKeys: ['type', 'member'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { type: fc.constant('notice'), text, to: person.map(({ id }) => id) },
      { requiredKeys: ['type', 'text'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('sanction'),
      what: fc.constant('mute'),
      member: person,
      by: person,
      for: fc.constant('keepers'),
    }),
  },
) as fc.Arbitrary<EntryBody>;

const viewer: fc.Arbitrary<Viewer> = fc.option(person);
const position = fc.integer({ min: 0, max: 45 }).map((seq) => seq as Seq);
const limit = fc.integer({ min: 1, max: 20 });
const query: fc.Arbitrary<PageQuery> = fc.oneof(
  fc.record({ before: position, limit, viewer }),
  fc.record({ after: position, limit, viewer }),
  fc.record({ around: position, limit, viewer }),
);

/** A few keys, so that some come again. */
const draft = fc.record({ key: fc.integer({ min: 1, max: 60 }).map(String), body });
/** What is appended at once shares a commit; between two of these, pages are compared. */
const step = fc.record({
  drafts: fc.array(draft, { maxLength: 12 }),
  queries: fc.array(query, { maxLength: 4 }),
});

export function journalModelTest(start: () => Promise<OpenedJournal>): void {
  test('whatever is appended, it answers as a plain list of entries would', async () => {
    const seed = seedOf('the journal against its model');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const { journal } = await start();
        const model = new Model();
        for (const { drafts, queries } of steps) {
          const appended = await Promise.all(drafts.map((one) => journal.append(one)));
          for (const [index, one] of drafts.entries()) {
            const answer = appended[index];
            if (answer?.ok !== true) throw new Error('An append was refused');
            expect(answer.repeated).toBe(model.append(one.key, one.body, answer.entry.at));
            expect(answer.entry).toEqual(model.byKey(one.key));
          }
          for (const one of queries) {
            expect(await journal.page(one)).toEqual({ ok: true, ...model.page(one) });
          }
          await compareMessages(journal, model);
        }
      }),
      { seed, numRuns: 40 },
    );
  }, 60_000);
}

async function compareMessages(journal: Journal, model: Model): Promise<void> {
  expect(journal.head().seq as number).toBe(model.entries.length);
  const read = await journal.read({ after: 0 as Seq, limit: 1_000 });
  expect(read.map(({ entry }) => entry)).toEqual(model.entries);
  const seqs = model.entries.map(({ seq }) => seq);
  const messages = await Promise.all(seqs.map((seq) => journal.message(seq)));
  expect(messages).toEqual(seqs.map((seq) => model.message(seq)));
}

class Model {
  readonly entries: Entry[] = [];
  readonly #keys: string[] = [];

  /** Whether the key was known. */
  append(key: string, added: EntryBody, at: number): boolean {
    if (this.#keys.includes(key)) return true;
    this.#keys.push(key);
    this.entries.push({ seq: this.#keys.length as Seq, at, ...added });
    return false;
  }

  byKey(key: string): Entry {
    return this.entries[this.#keys.indexOf(key)]!;
  }

  message(seq: Seq): Message | null {
    const entry = this.entries[seq - 1];
    if (entry?.type !== 'message') return null;
    let shown: Message = entry;
    let reactions: { emoji: string; members: MemberId[] }[] = [];
    for (const later of this.entries.slice(seq)) {
      if (!('of' in later) || later.of !== seq) continue;
      shown = { ...shown, rev: later.seq };
      if (shown.deleted === true) continue;
      if (later.type === 'delete') {
        shown = { ...shown, text: '', deleted: true };
        reactions = [];
      }
      if (later.type === 'edit') shown = { ...shown, text: later.text, edited: later.at };
      if (later.type !== 'reaction') continue;
      const kind = reactions.find((one) => one.emoji === later.emoji) ?? {
        emoji: later.emoji,
        members: [],
      };
      if (!reactions.includes(kind)) reactions.push(kind);
      if (!later.on) kind.members = kind.members.filter((id) => id !== later.by.id);
      else if (!kind.members.includes(later.by.id)) kind.members.push(later.by.id);
      reactions = reactions.filter(({ members }) => members.length > 0);
    }
    const standing = reactions.map(({ emoji: kind, members }): Reaction => ({
      emoji: kind,
      count: members.length,
      by: members.slice(0, limits.reactorsNamed),
    }));
    return standing.length === 0 ? shown : { ...shown, reactions: standing };
  }

  page(asked: PageQuery): { entries: WireEntry[]; more: boolean } {
    const messages = this.entries
      .map(({ seq }) => this.message(seq))
      .filter((one): one is Message => one !== null);
    if ('after' in asked) {
      const visible = this.entries
        .filter((entry) => entry.seq > asked.after && isVisibleTo(entry, asked.viewer))
        .map((entry) => this.#shown(entry));
      return { entries: visible.slice(0, asked.limit), more: visible.length > asked.limit };
    }
    if ('before' in asked) {
      const older = messages.filter(({ seq }) => seq < asked.before);
      return { entries: older.slice(-asked.limit), more: older.length > asked.limit };
    }
    const half = Math.floor(asked.limit / 2);
    const rest = asked.limit - half;
    const older = messages.filter(({ seq }) => seq < asked.around);
    const newer = messages.filter(({ seq }) => seq >= asked.around);
    return {
      entries: [...(half === 0 ? [] : older.slice(-half)), ...newer.slice(0, rest)],
      more: older.length > half || newer.length > rest,
    };
  }

  #shown(entry: Entry): WireEntry {
    if (entry.type === 'message') return this.message(entry.seq)!;
    if (entry.type === 'edit' && this.message(entry.of)?.deleted === true && entry.of < entry.seq) {
      return { ...entry, text: '' };
    }
    return entry;
  }
}
