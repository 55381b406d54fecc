/**
 * What was said, by whom, and what its author was told. From this follows what must be recorded
 * (it was acknowledged), what may be (nobody knows), and what must not be (nobody said it, or each
 * attempt certainly failed); and in which order an author's messages have to stand.
 *
 * All of it is judged at the end: an acknowledged message may be recorded by then or not at all,
 * and the author of one that was delivered may hear only later that it failed.
 */
import type { Chapter, Standing } from './chapter.ts';
import type { Chapters } from './chapters.ts';
import type { Findings } from './findings.ts';
import type { Say } from './record.ts';

/** Where a message was acknowledged. */
interface Place {
  readonly key: string;
  readonly chapter: Chapter;
  readonly seq: number;
  readonly line: number;
}

interface Saying {
  readonly key: string;
  /** What was said in its name, and how many of the attempts to say so may have been recorded. */
  readonly texts: Map<string, number>;
  readonly places: Place[];
  /** What its author had been acknowledged furthest when it was said first. */
  readonly after: Place | undefined;
  /** What its author was told last when it failed. */
  failure: string;
}

/** An attempt that is under way. */
export interface Attempt {
  readonly key: string;
  readonly text: string;
  readonly line: number;
}

/** A refusal with one of these leaves open whether the message was recorded. */
const openCodes: ReadonlySet<string> = new Set(['INTERNAL', 'UNREACHABLE']);

export class Sayings {
  /** How many messages were acknowledged. */
  acknowledged = 0;
  readonly #findings: Findings;
  readonly #chapters: Chapters;
  readonly #sayings = new Map<string, Saying>();
  /** The furthest place that each author was acknowledged. */
  readonly #furthest = new Map<string, Place>();

  constructor(chapters: Chapters, findings: Findings) {
    this.#chapters = chapters;
    this.#findings = findings;
  }

  begins(key: string, text: string): Attempt {
    let saying = this.#sayings.get(key);
    if (saying === undefined) {
      const after = this.#furthest.get(authorOf(key));
      saying = { key, texts: new Map(), places: [], after, failure: '' };
      this.#sayings.set(key, saying);
    }
    saying.texts.set(text, (saying.texts.get(text) ?? 0) + 1);
    return { key, text, line: this.#findings.line };
  }

  ends({ key, text, line }: Attempt, end: Exclude<Say, { readonly is: 'invoke' }>): void {
    const saying = this.#sayings.get(key);
    if (saying === undefined) throw new Error(`"${key}" ended and was never said`);
    if (end.is === 'fail' && !openCodes.has(end.code)) {
      saying.texts.set(text, (saying.texts.get(text) ?? 1) - 1);
      saying.failure = end.code;
    }
    if (end.is === 'ok') this.#acknowledged(saying, line, end);
  }

  /** Judges everything. Answers with how many acknowledged messages nobody has looked for. */
  finish(): number {
    for (const chapter of this.#chapters.all) {
      for (const standing of chapter.standings()) {
        if (standing.isMessage) this.#judgeStanding(chapter, standing);
      }
    }
    let unseen = 0;
    for (const saying of this.#sayings.values()) {
      for (const place of saying.places) if (!this.#isFound(place)) unseen++;
      this.#judgeOrder(saying);
    }
    return unseen;
  }

  // --- Handling ---------------------------------------------------------------------------------

  #acknowledged(saying: Saying, askedAt: number, { epoch, seq }: { epoch: string; seq: number }) {
    const { key, places } = saying;
    if (places.length === 0) this.acknowledged++;
    const answered = { epoch, askedAt, reach: seq, entries: [{ seq, key }] };
    const chapter = this.#chapters.of(answered);
    if (chapter === null) return;
    const known = places.find((place) => place.chapter === chapter);
    if (known === undefined) {
      const place = { key, chapter, seq, line: this.#findings.line };
      places.push(place);
      const furthest = this.#furthest.get(authorOf(key));
      if (furthest?.chapter !== chapter || furthest.seq < seq) {
        this.#furthest.set(authorOf(key), place);
      }
    } else if (known.seq !== seq) {
      const first = `at ${known.seq} (line ${known.line})`;
      const detail = `"${key}" was acknowledged ${first} and at ${seq} of ${epoch}`;
      this.#findings.add('misnumbered', detail);
    }
  }

  #judgeStanding(chapter: Chapter, { seq, key, text, line }: Standing): void {
    const place = `"${key}" at ${seq} of ${chapter.epoch}`;
    const saying = this.#sayings.get(key);
    if (saying === undefined) {
      this.#findings.add('phantom', `${place} was said by nobody`, line);
      return;
    }
    const counts = [...saying.texts.values()];
    if (counts.every((count) => count === 0)) {
      const detail = `${place} is there, and its author was told ${saying.failure}`;
      this.#findings.add('phantom', detail, line);
    } else if (text !== undefined && !saying.texts.get(text)) {
      this.#findings.add('phantom', `${place} has a text in which it was not said`, line);
    }
  }

  /** Whether an acknowledged message was looked for; notes it when it was not found. */
  #isFound(place: Place): boolean {
    const { key, seq, line } = place;
    const acknowledged = `"${key}" was acknowledged at ${seq} of ${place.chapter.epoch}`;
    let { chapter } = place;
    for (;;) {
      const elsewhere = chapter.positionOf(key);
      if (elsewhere !== undefined && elsewhere.seq !== seq && !elsewhere.hasVanished) {
        const detail = `${acknowledged} and stands at ${elsewhere.seq} of ${chapter.epoch}`;
        this.#findings.add('misnumbered', detail, line);
        return true;
      }
      const left = chapter.succession;
      if (left === null) break;
      // What lay beyond a cut is no loss.
      if (left.seq !== null && seq > left.seq) return true;
      chapter = left.next;
    }
    const standing = chapter.at(seq);
    const isThere = standing?.key === key && !standing.hasVanished;
    if (isThere && (standing.isJournalled || !chapter.isJournalled)) return true;
    if (!chapter.isJournalled && !chapter.covered.has(seq)) return false;
    const detail = `${acknowledged} and is not in ${chapter.epoch}`;
    this.#findings.add(`lost-${chapter.sideOf(seq)}`, detail, line);
    return true;
  }

  /** Where the two stand counts; where that is not known, where they were acknowledged. */
  #judgeOrder({ key, places, after }: Saying): void {
    if (after === undefined) return;
    const { chapter } = after;
    const place = places.find((acknowledged) => acknowledged.chapter === chapter);
    const seq = chapter.positionOf(key)?.seq ?? place?.seq;
    const afterSeq = chapter.positionOf(after.key)?.seq ?? after.seq;
    if (seq === undefined || seq > afterSeq) return;
    const detail = `"${key}" stands at ${seq} of ${chapter.epoch} and was said after "${after.key}"`;
    this.#findings.add('author-order', `${detail} at ${afterSeq} was acknowledged`, place?.line);
  }
}

function authorOf(key: string): string {
  const colon = key.indexOf(':');
  return colon < 0 ? key : key.slice(0, colon);
}
