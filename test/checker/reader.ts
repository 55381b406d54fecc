/**
 * One client as it reads: where it stands, what it was given that cannot be judged yet, and what
 * its screen shows. It begins with a snapshot; from there on it must be given everything that is
 * for its eyes, and be shown each message once, in order.
 */
import type { Chapter } from './chapter.ts';
import type { Chapters } from './chapters.ts';
import type { Findings } from './findings.ts';
import { Ranges } from './ranges.ts';
import type { Begin, Delivered, Left, Page, Poll, Show, View } from './record.ts';
import { mustSee, Stretch, type StretchParts, type Viewer } from './stretch.ts';

type Invoke<O> = Extract<O, { readonly is: 'invoke' }>;
type Ok<O> = Extract<O, { readonly is: 'ok' }>;

/**
 * How far back a screen is remembered, in ranges. What it shows again from before that is called
 * disorder instead of repeated.
 */
const shownRangesMax = 1_000;

/** A question of this client that is under way. */
export interface Asked {
  /** Its line in the history. */
  readonly line: number;
  /** How often the client had begun by then. */
  readonly life: number;
  /** Whose eyes it asked for. */
  readonly viewer: Viewer;
}

/** A poll that is under way. */
export interface AskedPoll extends Asked {
  readonly epoch: string;
  readonly after: number;
  readonly holdMs: number;
  /** The history that its cursor is of. */
  readonly chapter: Chapter;
}

export class Reader {
  readonly who: string;
  /** How often it has begun. An answer to an earlier life moves nothing in this one. */
  life = 0;
  readonly #findings: Findings;
  readonly #chapters: Chapters;
  #viewer: Viewer;
  /** The history that it reads; null when it is not known which. */
  #chapter: Chapter | null = null;
  /** It was given everything up to here, but for holes and gaps. */
  #reached = 0;
  #hasPolled = false;
  /** The line at which it could not be told any more what it reads. */
  #lostAt = 0;
  /** What its cursor passed over and nothing explains. */
  #holes = new Ranges();
  /** What was announced as missing. A screen may go on without it. */
  #announced = new Ranges();
  /** The same, less what a page has brought since. */
  #gaps = new Ranges();
  #stretches: Stretch[] = [];
  #screen: Stretch | null = null;
  /** From here on its screen must show everything; null when that begins with what it shows. */
  #shownSince: number | null = null;
  #shown = new Ranges();
  #shownLast = 0;

  constructor(who: string, chapters: Chapters, findings: Findings) {
    this.who = who;
    this.#chapters = chapters;
    this.#findings = findings;
    this.#viewer = { who, member: undefined, role: null, since: 0, chapter: null };
  }

  get hasPolled(): boolean {
    return this.#hasPolled;
  }

  asks(): Asked {
    return { line: this.#findings.line, life: this.life, viewer: this.#viewer };
  }

  asksForMore({ epoch, after, holdMs }: Invoke<Poll>): AskedPoll {
    return { ...this.asks(), epoch, after, holdMs, chapter: this.#chapterAt(epoch, after) };
  }

  // --- Answers ----------------------------------------------------------------------------------

  begins(asked: Asked, begun: Ok<Begin>): void {
    const { epoch, seq, entries, member, role, members } = begun;
    this.#forget();
    const chapter = this.#chapters.of({ epoch, askedAt: asked.line, reach: seq, entries });
    const { who } = this;
    this.#viewer = { who, member: member ?? null, role: role ?? null, since: seq, chapter };
    this.#reached = seq;
    this.#shownSince = seq;
    this.#chapter = chapter;
    if (chapter === null) return;
    const first = entries[0]?.seq;
    const from = first === undefined ? seq : Math.min(first - 1, seq);
    // Messages have their present form here: only where they stand can be compared.
    const places = entries.map(({ seq, key, to }) => ({ seq, key, ...(to && { to }) }));
    const viewer = this.#viewer;
    this.#keep(this.#given({ chapter, viewer, from, to: seq, how: 'a snapshot' }, places));
    if (members !== undefined) chapter.compareMembers(seq, members, `The snapshot to ${this.who}`);
  }

  isGivenReply(asked: AskedPoll, reply: Ok<Poll>): void {
    this.#hasPolled = true;
    const chapter = this.#chapterOf(asked, reply);
    if (chapter === null) {
      if (asked.life === this.life) this.#loseTrack(reply.to);
      return;
    }
    const { from, to, entries, gap } = reply;
    const isExplained = gap !== undefined && gap.from <= asked.after && gap.to >= from;
    if (from > asked.after && !isExplained) {
      const detail = `${this.who} asked for what is after ${asked.after} of ${chapter.epoch}`;
      this.#findings.add('discontinuous', `${detail}, and the reply begins after ${from}`);
    }
    const told = from > asked.after ? { from: asked.after, to: from } : undefined;
    if (asked.life === this.life && asked.line > this.#lostAt) {
      this.#advance(chapter, reply, told);
    }
    const { viewer } = asked;
    this.#keep(this.#given({ chapter, viewer, from, to, how: 'a reply' }, entries));
  }

  isGivenPage(asked: Asked, { epoch, from, to, entries }: Ok<Page>): void {
    const chapter = this.#chapters.of({ epoch, askedAt: asked.line, reach: to, entries });
    if (chapter === null) return;
    if (asked.life === this.life && chapter === this.#chapter) {
      this.#holes.remove(from, to);
      this.#gaps.remove(from, to);
      if (from <= this.#reached) this.#reached = Math.max(this.#reached, to);
    }
    const { viewer } = asked;
    this.#keep(this.#given({ chapter, viewer, from, to, how: 'a page' }, entries));
  }

  isShown(shown: Show): void {
    // What cannot be told of its replies cannot be told of its screen.
    if (this.#chapter === null && this.#hasPolled) return;
    const { seq } = shown;
    const chapter = this.#chapterAt(shown.epoch, this.#position());
    this.#chapter ??= chapter;
    chapter.claim(shown, `the screen of ${this.who}`);
    const screen = this.#screenOf(chapter, seq);
    if (this.#shown.has(seq)) {
      const detail = `the screen of ${this.who} shows ${wordsFor(shown)} a second time`;
      this.#findings.add('repeated', detail);
    } else if (seq < this.#shownLast) {
      const detail = `the screen of ${this.who} shows ${wordsFor(shown)} after ${this.#shownLast}`;
      this.#findings.add('disorder', detail);
    }
    this.#remember(seq);
    screen.give(seq);
    screen.to = Math.max(screen.to, seq);
    if (!this.#hasPolled) chapter.covered.add(screen.from, screen.to);
    screen.settle(this.#findings);
  }

  /** What a view of it looks like. */
  isSeen(view: View): void {
    const chapter = this.#chapterAt(view.epoch, this.#position());
    chapter.views.take(this.who, view, this.#gaps);
    const { seq, members } = view;
    if (members !== undefined) chapter.compareMembers(seq, members, `The view of ${this.who}`);
  }

  /** All is well: it must have read everything up to a position. */
  mustHaveReached(epoch: string, seq: number): void {
    const chapter = this.#chapters.named(epoch);
    const position = this.#position();
    const here = this.#chapter && this.#chapterAt(epoch, position);
    const isBehind = this.#hasPolled && this.#reached < seq;
    if (here !== chapter || isBehind) {
      const detail = `${this.who} has read up to ${position} of ${this.#chapter?.epoch ?? '?'}`;
      this.#findings.add('stuck', `${detail}, and not up to ${seq} of ${epoch}`);
      return;
    }
    if (this.#hasPolled && this.#screen === null) return;
    const shown = Math.max(this.#viewer.since, this.#shownLast);
    const [viewer, gaps] = [this.#viewer, this.#announced];
    const { line } = this.#findings;
    chapter.when(seq, () => {
      for (const standing of chapter.between(shown, seq)) {
        const isMissing = standing.isMessage && mustSee(viewer, standing, chapter);
        if (!isMissing || gaps.has(standing.seq)) continue;
        const detail = `${viewer.who}'s screen does not show "${standing.key}"`;
        this.#findings.add('stuck', `${detail} at ${standing.seq} of ${epoch}`, line);
        return;
      }
    });
  }

  /** The end: everything that is known by now is all there is. */
  finish(): void {
    this.#stretches = this.#stretches.filter((stretch) => !stretch.settle(this.#findings));
    this.#screen?.settle(this.#findings);
    const chapter = this.#chapter;
    if (chapter === null) return;
    for (const { from, to } of this.#holes) {
      for (const standing of chapter.between(from, to)) {
        if (!mustSee(this.#viewer, standing, chapter)) continue;
        const detail = `${this.who} went on from ${to} and was never given "${standing.key}"`;
        this.#findings.add('skipped', `${detail} at ${standing.seq} of ${chapter.epoch}`);
      }
    }
  }

  // --- Handling ---------------------------------------------------------------------------------

  #forget(): void {
    this.life++;
    this.#holes = new Ranges();
    this.#announced = new Ranges();
    this.#gaps = new Ranges();
    this.#screen?.settle(this.#findings);
    this.#screen = null;
    this.#shown = new Ranges();
    this.#shownLast = 0;
  }

  /** How far it has read, by its polls; where these are not recorded, by its screen. */
  #position(): number {
    return this.#hasPolled ? this.#reached : Math.max(this.#viewer.since, this.#shownLast);
  }

  /** What it reads now cannot be told: it counts again from where its next poll goes on. */
  #loseTrack(to: number): void {
    this.#lostAt = this.#findings.line;
    this.#chapter = null;
    this.#reached = to;
    this.#screen?.settle(this.#findings);
    this.#screen = null;
    this.#shownSince = null;
  }

  /**
   * The history that a position of this client is in. Where it was cut under the same name behind
   * that position, both histories have it, and the client goes on with the later one.
   */
  #chapterAt(epoch: string, seq: number): Chapter {
    let chapter = this.#chapter?.epoch === epoch ? this.#chapter : this.#chapters.named(epoch);
    for (;;) {
      const cut = chapter.succession;
      if (cut === null || cut.seq === null || cut.next.epoch !== epoch || seq > cut.seq) break;
      chapter = cut.next;
    }
    return chapter;
  }

  /** The history that a reply is of; null when it is a wrong one, or cannot be known. */
  #chapterOf(asked: AskedPoll, reply: Ok<Poll>): Chapter | null {
    const { chapter, after, epoch } = asked;
    const detail = `${this.who} asked for what is after ${after} of ${epoch}`;
    if (reply.epoch !== epoch) {
      this.#findings.add('stale', `${detail} and was answered from ${reply.epoch}`);
      return null;
    }
    const cut = chapter.succession;
    if (cut === null || cut.seq === null) return chapter;
    const wasCut = `, which was cut at ${cut.seq} (line ${cut.line}), and was answered`;
    if (cut.line < asked.line) {
      this.#findings.add('stale', detail + wasCut);
      return null;
    }
    // The answer may have been given before the cut, and may have been on its way since.
    if (cut.next.epoch !== epoch) return chapter;
    const { to, entries } = reply;
    const side = this.#chapters.of({ epoch, askedAt: asked.line, reach: to, entries });
    if (after <= cut.seq) return side;
    if (side === null || side === chapter) return chapter;
    this.#findings.add('stale', `${detail + wasCut} from what came after`);
    return null;
  }

  #advance(chapter: Chapter, { to, from, gap }: Ok<Poll>, told: Left | undefined): void {
    // It has gone on already, and this was on its way since before the history was cut.
    if (this.#chapter !== null && chapter.precedes(this.#chapter)) return;
    const isKnown = this.#chapter?.epoch === chapter.epoch;
    const isElsewhere = !isKnown || this.#chapterAt(chapter.epoch, this.#reached) !== chapter;
    if (isElsewhere) this.#reached = from;
    this.#chapter = chapter;
    this.#holes.add(this.#reached, from);
    for (const left of [gap, told]) {
      if (left === undefined) continue;
      this.#announced.add(left.from, left.to);
      this.#gaps.add(left.from, left.to);
      this.#holes.remove(left.from, left.to);
    }
    this.#reached = isElsewhere ? to : Math.max(this.#reached, to);
  }

  /** Compares what was given with what stands there, and its order. */
  #given(parts: StretchParts, entries: readonly Delivered[]): Stretch {
    const { chapter, from, to, how } = parts;
    const stretch = new Stretch(parts);
    const given = `${how} to ${this.who}`;
    let last = 0;
    for (const entry of entries) {
      const { seq } = entry;
      chapter.claim(entry, given);
      if (seq <= from || seq > to) {
        const range = `which covers what is after ${from} up to ${to}`;
        this.#findings.add('disorder', `${given}, ${range}, has ${wordsFor(entry)}`);
        continue;
      }
      if (!stretch.give(seq)) {
        this.#findings.add('repeated', `${given} has ${wordsFor(entry)} twice`);
      } else if (seq < last) {
        this.#findings.add('disorder', `${given} has ${wordsFor(entry)} after ${last}`);
      }
      last = seq;
    }
    chapter.covered.add(from, to);
    return stretch;
  }

  /** Judges what can be judged, and keeps the rest; what goes on from the last is one with it. */
  #keep(stretch: Stretch): void {
    const last = this.#stretches.at(-1);
    if (last === undefined || !last.append(stretch)) this.#stretches.push(stretch);
    this.#stretches = this.#stretches.filter((kept) => !kept.settle(this.#findings));
  }

  #screenOf(chapter: Chapter, seq: number): Stretch {
    const former = this.#screen;
    if (former?.chapter === chapter) return former;
    former?.settle(this.#findings);
    let from = this.#shownSince ?? seq - 1;
    if (former !== null) from = former.chapter.epoch === chapter.epoch ? former.to : seq - 1;
    const [viewer, gaps] = [this.#viewer, this.#announced];
    this.#screen = new Stretch({ chapter, viewer, from, to: from, how: 'the screen', gaps });
    return this.#screen;
  }

  #remember(seq: number): void {
    this.#shownLast = Math.max(this.#shownLast, seq);
    this.#shown.add(seq - 1, seq);
    if (this.#shown.size <= shownRangesMax) return;
    const half = [...this.#shown][shownRangesMax / 2];
    if (half !== undefined) this.#shown.forget(half.from);
  }
}

function wordsFor({ key, seq }: Delivered): string {
  return `"${key}" at ${seq}`;
}
