/**
 * The checker reads a history (`record.ts`) and names everything in it that must not be. It knows
 * nothing of Encke: whoever writes down what was asked and what was answered can be checked.
 *
 * **What stands where.** A chat whose messages have positions makes one claim from which the
 * others follow: each position has one value, the same for everybody and for ever. So the checker
 * keeps one table for each history, by position (`chapter.ts`). The journal's records fill it; so
 * does each delivery, until the journal has spoken. Whoever names another value for a position is
 * a `conflict`; what was delivered and is not in the journal in the end is `unrecorded`; a message
 * at two positions is `repeated`. Where nobody reads the journal, the table is what all deliveries
 * agree upon.
 *
 * **What was said.** An acknowledged message must stand where it was acknowledged (`lost-...`,
 * `misnumbered`); what stands somewhere must have been said, in these words, by an attempt that
 * may have succeeded (`phantom`); and what an author said after an acknowledgement must stand after
 * what was acknowledged (`author-order`). All of it is decided at the end, in `sayings.ts`, because
 * an answer may come later than the entry that it speaks of.
 *
 * **What was read.** A reply names the range that it covers, so that it can be judged by itself:
 * everything in the range that is for these eyes must be in it (`skipped`), nothing else may be
 * (`leaked`, `disorder`). Then whole replies must join: each begins at the cursor that was sent, or
 * says what it leaves out (`discontinuous`); and a client must not move its cursor over what it was
 * never given. Together this says that nothing is lost on the way, whatever was dropped, sent twice
 * or cut off, since only answers that arrived are in the history. The screen is judged in the same
 * way, for it is there that each message must appear once and in order (`reader.ts`, `stretch.ts`).
 *
 * **What was cut.** A backup that was put back, or a disk that lost its end on purpose, begins
 * another chapter (`chapters.ts`). It shares with the one before what lies before the cut. What was
 * acknowledged beyond is no loss, but whoever had read beyond must be told: an answer to such a
 * cursor is `stale`. An answer that was on its way during the cut may be of either history, and is
 * judged only where it shows of which.
 *
 * **What is true now.** Who is here is the fold of joins and leaves at the position that was told
 * with it (`false-presence`), and two views of a position show the same lines (`diverged`). A poll
 * ends when it said it would, unless something was broken meanwhile (`overheld`). When all is well
 * again everybody must catch up (`stuck`): all the other checks would be passed by a chat that says
 * nothing at all.
 *
 * **How it stays small.** A reply is judged as soon as the journal is known up to its end, and
 * forgotten. What remains grows with the messages and with the clients, not with the deliveries;
 * each delivery costs one look into the table. Without journal records what each client was given
 * is kept as ranges until the end, which for a client that misses nothing is one.
 */
import { Chapters } from './chapters.ts';
import { Faults } from './faults.ts';
import { Findings } from './findings.ts';
import { flawIn } from './flaw.ts';
import { Reader, type Asked, type AskedPoll } from './reader.ts';
import type { Delivered, HistoryRecord, Verdict } from './record.ts';
import { Sayings, type Attempt } from './sayings.ts';
import { Underway } from './underway.ts';

export interface CheckerOptions {
  /** With fewer acknowledged messages nothing is proven. */
  readonly acknowledgedMin?: number;
  /** With fewer entries that reached somebody nothing is proven. */
  readonly deliveredMin?: number;
  /** How much longer than agreed a poll may take: on its way, and in the recorder. */
  readonly holdSlackMs?: number;
  /** How many anomalies are told in words. All are counted. */
  readonly anomaliesMax?: number;
}

type Invoked = Extract<HistoryRecord, { readonly is: 'invoke' }>;
type Ended = Exclude<HistoryRecord & { readonly do: Invoked['do'] }, Invoked>;
type Seen = Exclude<HistoryRecord, { readonly do: Invoked['do'] }>;

export class Checker {
  readonly #acknowledgedMin: number;
  readonly #deliveredMin: number;
  readonly #holdSlackMs: number;
  readonly #findings: Findings;
  readonly #chapters: Chapters;
  readonly #sayings: Sayings;
  readonly #faults: Faults;
  readonly #says: Underway<Attempt>;
  readonly #beginnings: Underway<Asked>;
  readonly #pages: Underway<Asked>;
  readonly #polls: Underway<AskedPoll>;
  readonly #breakings: Underway<string>;
  readonly #readers = new Map<string, Reader>();
  readonly #clients = new Set<string>();
  #records = 0;
  #pollCount = 0;
  #delivered = 0;
  #verdict: Verdict | null = null;

  constructor(options: CheckerOptions = {}) {
    this.#acknowledgedMin = options.acknowledgedMin ?? 1;
    this.#deliveredMin = options.deliveredMin ?? 1;
    this.#holdSlackMs = options.holdSlackMs ?? 1_000;
    this.#findings = new Findings(options.anomaliesMax ?? 100);
    this.#faults = new Faults(this.#holdSlackMs);
    this.#chapters = new Chapters(this.#findings);
    this.#sayings = new Sayings(this.#chapters, this.#findings);
    this.#says = new Underway(this.#findings);
    this.#beginnings = new Underway(this.#findings);
    this.#pages = new Underway(this.#findings);
    this.#polls = new Underway(this.#findings);
    this.#breakings = new Underway(this.#findings);
  }

  /** Takes the next record. `line` is where it stands, when that is not simply the next. */
  take(record: HistoryRecord, line = this.#findings.line + 1): void {
    if (this.#verdict !== null) throw new Error('The verdict was given, nothing can be added');
    this.#findings.line = line;
    this.#records++;
    const flaw = flawIn(record);
    if (flaw !== null) this.#findings.add('malformed', `${record.do} of ${record.who}: ${flaw}`);
    else if (record.is === 'invoke') this.#begins(record);
    else if (isEnd(record)) this.#ends(record);
    else this.#sees(record);
  }

  /** What is known before the end: what counts as found by now, and never that all is well. */
  soFar(): Verdict {
    return this.#verdict ?? this.#report(['The history has not ended']);
  }

  /** The end of the history, and the checker's word on it. */
  verdict(): Verdict {
    if (this.#verdict !== null) return this.#verdict;
    for (const chapter of this.#chapters.all) chapter.finish();
    for (const reader of this.#readers.values()) reader.finish();
    const unseen = this.#sayings.finish();
    this.#verdict = this.#report(this.#doubts(unseen));
    return this.#verdict;
  }

  // --- Records ----------------------------------------------------------------------------------

  #begins(record: Invoked): void {
    switch (record.do) {
      case 'say':
        this.#clients.add(record.who);
        return this.#says.begin(record, this.#sayings.begins(record.key, record.text));
      case 'begin':
        return this.#beginnings.begin(record, this.#readerOf(record.who).asks());
      case 'page':
        return this.#pages.begin(record, this.#readerOf(record.who).asks());
      case 'poll': {
        const asked = this.#readerOf(record.who).asksForMore(record);
        return this.#polls.begin(record, asked);
      }
      case 'fault':
        this.#faults.begins(record.name);
        return this.#breakings.begin(record, record.name);
      default:
        throw new Error(`Nothing begins with "${String(record satisfies never)}"`);
    }
  }

  #ends(record: Ended): void {
    switch (record.do) {
      case 'say': {
        const said = this.#says.end(record);
        if (said !== null) this.#sayings.ends(said.what, record);
        return;
      }
      case 'begin': {
        const begun = this.#beginnings.end(record);
        if (begun === null || record.is !== 'ok') return;
        this.#delivered += record.entries.length;
        this.#readerOf(record.who).begins(begun.what, record);
        return;
      }
      case 'page': {
        const asked = this.#pages.end(record);
        if (asked === null || record.is !== 'ok') return;
        this.#delivered += record.entries.length;
        this.#readerOf(record.who).isGivenPage(asked.what, record);
        return;
      }
      case 'poll':
        return this.#pollEnds(record);
      case 'fault': {
        const broken = this.#breakings.end(record);
        if (broken !== null) this.#faults.ends(broken.what, record.at, record.is === 'ok');
        return;
      }
      default:
        throw new Error(`Nothing ends with "${String(record satisfies never)}"`);
    }
  }

  #pollEnds(record: Ended & { readonly do: 'poll' }): void {
    const poll = this.#polls.end(record);
    if (poll === null || record.is === 'unknown') return;
    const { atMs, what: asked } = poll;
    const heldMs = record.at - atMs;
    if (heldMs > asked.holdMs + this.#holdSlackMs && !this.#faults.hasBeenOneSince(atMs)) {
      const detail = `${record.who} agreed to ${asked.holdMs} ms and was held for ${heldMs} ms`;
      this.#findings.add('overheld', detail);
    }
    if (record.is === 'fail') return;
    this.#pollCount++;
    this.#delivered += record.entries.length;
    if (record.isFresh === false) {
      const detail = `A cache may keep the reply to ${record.who} after ${asked.after}`;
      this.#findings.add('cacheable', detail);
    }
    this.#readerOf(record.who).isGivenReply(asked, record);
  }

  #sees(record: Seen): void {
    switch (record.do) {
      case 'show': {
        const reader = this.#readerOf(record.who);
        // What a screen shows was counted when a poll brought it, where polls are recorded.
        if (!reader.hasPolled) this.#delivered++;
        return reader.isShown(record);
      }
      case 'view':
        return this.#viewerOf(record.who).isSeen(record);
      case 'journal':
        return this.#chapters.named(record.epoch).record(this.#inOrder(record.entries));
      case 'cut':
        return this.#chapters.cut(record);
      case 'healed':
        for (const who of record.clients) {
          this.#viewerOf(who).mustHaveReached(record.epoch, record.seq);
        }
        return;
      default:
        throw new Error(`Nobody sees "${String(record satisfies never)}"`);
    }
  }

  // --- Handling ---------------------------------------------------------------------------------

  #readerOf(who: string): Reader {
    this.#clients.add(who);
    const known = this.#readers.get(who);
    if (known !== undefined) return known;
    const reader = new Reader(who, this.#chapters, this.#findings);
    this.#readers.set(who, reader);
    return reader;
  }

  /** Whoever looks need be no client: the recorder may look for itself. */
  #viewerOf(who: string): Reader {
    return this.#readers.get(who) ?? new Reader(who, this.#chapters, this.#findings);
  }

  #inOrder(entries: readonly Delivered[]): readonly Delivered[] {
    const isAscending = entries.every((entry, i) => entry.seq > (entries[i - 1]?.seq ?? 0));
    if (isAscending) return entries;
    this.#findings.add('disorder', 'The journal is read in another order than that of its seqs');
    return entries.toSorted((a, b) => a.seq - b.seq);
  }

  #doubts(unseen: number): string[] {
    const { acknowledged } = this.#sayings;
    const doubts = this.#faults.missed.map((name) => {
      return `The fault "${name}" is not known to have happened`;
    });
    if (acknowledged < this.#acknowledgedMin) {
      doubts.push(
        `${acknowledged} messages were acknowledged, of ${this.#acknowledgedMin} at least`,
      );
    }
    if (this.#delivered < this.#deliveredMin) {
      doubts.push(`${this.#delivered} entries were delivered, of ${this.#deliveredMin} at least`);
    }
    if (unseen > 0) {
      doubts.push(`${unseen} acknowledged messages stand where nobody has looked`);
    }
    return doubts;
  }

  #report(doubts: readonly string[]): Verdict {
    const { told, counts } = this.#findings;
    const isSound = Object.keys(counts).length === 0;
    const passed = doubts.length === 0 ? 'pass' : 'unknown';
    return {
      verdict: isSound ? passed : 'fail',
      doubts,
      anomalies: told.toSorted((a, b) => a.line - b.line),
      counts: { ...counts },
      records: this.#records,
      clients: this.#clients.size,
      acknowledged: this.#sayings.acknowledged,
      delivered: this.#delivered,
      polls: this.#pollCount,
      faults: { ...this.#faults.counts },
    };
  }
}

function isEnd(record: HistoryRecord): record is Ended {
  return ['say', 'begin', 'poll', 'page', 'fault'].includes(record.do);
}
