/**
 * A part of the history that somebody was given as a whole: after `from`, up to and including `to`.
 * What stands in it and is for their eyes must have been among what they were given, and what is
 * not for their eyes must not.
 *
 * A stretch is judged as far as the journal is known, and forgets what was judged; so that a client
 * costs no memory for what it has read, but only for what it has read ahead of the journal.
 */
import type { Chapter, Standing } from './chapter.ts';
import type { Findings } from './findings.ts';
import { Ranges } from './ranges.ts';

/** Whose eyes. */
export interface Viewer {
  readonly who: string;
  /** Null for a spectator; undefined for somebody who never said who they are. */
  readonly member: string | null | undefined;
  readonly role: 'member' | 'keeper' | null;
  /** Where they began; the history is null where it could not be told. */
  readonly since: number;
  readonly chapter: Chapter | null;
}

export interface StretchParts {
  readonly chapter: Chapter;
  readonly viewer: Viewer;
  readonly from: number;
  readonly to: number;
  /** How it was given, for words. */
  readonly how: 'a reply' | 'a page' | 'a snapshot' | 'the screen';
  /** What was announced as missing. */
  readonly gaps?: Ranges;
}

export class Stretch {
  readonly chapter: Chapter;
  from: number;
  to: number;
  readonly #given = new Ranges();
  readonly #parts: StretchParts;

  constructor(parts: StretchParts) {
    this.#parts = parts;
    this.chapter = parts.chapter;
    this.from = parts.from;
    this.to = parts.to;
  }

  /** Notes what was given. False when that was given before, within this stretch. */
  give(seq: number): boolean {
    if (this.#given.has(seq)) return false;
    this.#given.add(seq - 1, seq);
    return true;
  }

  /** Makes one of this and what goes on where this ends. False when it does not. */
  append(next: Stretch): boolean {
    const [ours, theirs] = [this.#parts, next.#parts];
    const isNext = ours.how === 'a reply' && theirs.how === 'a reply' && next.from === this.to;
    if (!isNext || ours.viewer !== theirs.viewer || next.chapter !== this.chapter) return false;
    for (const { from, to } of next.#given) this.#given.add(from, to);
    this.to = next.to;
    return true;
  }

  /** Judges what the journal is known of. True when nothing is left to be judged. */
  settle(findings: Findings): boolean {
    const upTo = Math.min(this.to, this.chapter.head);
    if (upTo > this.from) {
      for (const standing of this.chapter.between(this.from, upTo)) this.#judge(standing, findings);
      this.from = upTo;
      this.#given.forget(upTo);
    }
    return this.from >= this.to;
  }

  /** What is for keepers waits for the end: by then it is known whose role was changed. */
  #judge(standing: Standing, findings: Findings): void {
    const isGiven = this.#given.has(standing.seq);
    if (standing.to !== 'keepers' || isGiven === (this.#parts.viewer.role === 'keeper')) {
      this.#compare(standing, isGiven, findings);
      return;
    }
    const { line } = findings;
    this.chapter.atEnd(() => this.#compare(standing, isGiven, findings, line));
  }

  #compare(standing: Standing, isGiven: boolean, findings: Findings, line = findings.line): void {
    const { viewer, how, gaps } = this.#parts;
    const { seq, key } = standing;
    const place = `"${key}" at ${seq} of ${this.chapter.epoch}`;
    if (isGiven) {
      if (!mustNotSee(viewer, standing, this.chapter)) return;
      const audience = standing.to ?? 'nobody';
      findings.add('leaked', `${viewer.who} was given ${place}, which is for ${audience}`, line);
      return;
    }
    const hasMessagesOnly = how === 'a snapshot' || how === 'the screen';
    if (hasMessagesOnly && !standing.isMessage) return;
    if (gaps?.has(seq) === true || !mustSee(viewer, standing, this.chapter)) return;
    findings.add('skipped', `${viewer.who} was given ${how} that covers ${place} without it`, line);
  }
}

/** Whether an entry has to reach somebody. */
export function mustSee(viewer: Viewer, { to, isQuiet }: Standing, chapter: Chapter): boolean {
  if (isQuiet) return false;
  if (to === undefined) return true;
  if (to !== 'keepers') return to === viewer.member;
  return viewer.role === 'keeper' && !mayHaveChanged(viewer, chapter);
}

/** Whether an entry must not reach somebody. */
function mustNotSee(viewer: Viewer, { to, isQuiet }: Standing, chapter: Chapter): boolean {
  if (isQuiet) return true;
  if (to === undefined || viewer.member === undefined) return false;
  if (to !== 'keepers') return to !== viewer.member;
  return viewer.role !== 'keeper' && !mayHaveChanged(viewer, chapter);
}

/**
 * Whether somebody's role may be another one than at their beginning. Which role counts for an
 * entry, that at its position or that at the reply, is for the chat to say; so neither is judged.
 * Nor is it where nobody read the journal to its end, since the change may stand where nobody
 * looked; nor in another history than that in which they began.
 */
function mayHaveChanged(viewer: Viewer, chapter: Chapter): boolean {
  const { member, since } = viewer;
  if (typeof member !== 'string') return false;
  if (viewer.chapter !== chapter || !chapter.isReadToItsEnd) return true;
  return chapter.hasChanged(member, since);
}
