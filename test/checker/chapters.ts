/**
 * All histories that were heard of, by name. A history that is cut goes on as the next chapter,
 * under another name or, where an older copy was put back by hand, under the same.
 *
 * A new name that nobody announced is a new chapter as well, and must have everything that was
 * acknowledged before it: whoever loses their journal and begins another has lost messages.
 */
import { Chapter } from './chapter.ts';
import type { Findings } from './findings.ts';
import { isMessageKey, type Cut, type Delivered } from './record.ts';

/** What an answer says of the history that it comes from. */
interface Answered {
  readonly epoch: string;
  /** The line of its question. */
  readonly askedAt: number;
  /** The furthest position that it speaks of. */
  readonly reach: number;
  readonly entries: readonly Pick<Delivered, 'seq' | 'key'>[];
}

export class Chapters {
  readonly #findings: Findings;
  /** The latest of each name. */
  readonly #latest = new Map<string, Chapter>();
  readonly #all: Chapter[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get all(): readonly Chapter[] {
    return this.#all;
  }

  /** The chapter that has a name now. */
  named(epoch: string): Chapter {
    const known = this.#latest.get(epoch);
    if (known !== undefined) return known;
    const chapter = new Chapter(epoch, this.#findings);
    this.#succeed(this.#all.at(-1), chapter, null);
    return chapter;
  }

  cut({ epoch, seq, next }: Cut): void {
    const chapter = this.named(epoch);
    const heard = chapter.succession?.next;
    if (heard !== undefined && heard.epoch === next && heard === this.#latest.get(next)) {
      // Somebody was quicker to speak of the next history than whoever records the cut.
      chapter.succession = { next: heard, seq, line: this.#findings.line };
      return;
    }
    const inherited = { from: chapter, upTo: seq };
    this.#succeed(chapter, new Chapter(next, this.#findings, inherited), seq);
  }

  /**
   * Which history an answer comes from. Where the history was cut under the same name while the
   * answer was under way, it may come from either, and only what it carries beyond the cut tells;
   * null when that tells nothing.
   */
  of({ epoch, askedAt, reach, entries }: Answered): Chapter | null {
    const latest = this.named(epoch);
    const formers = this.#formersOf(latest, askedAt).filter(({ shared }) => reach > shared);
    if (formers.length === 0) return latest;
    if (contradicts(latest, entries)) {
      const [only, ...others] = formers.filter(({ chapter }) => !contradicts(chapter, entries));
      return only !== undefined && others.length === 0 ? only.chapter : null;
    }
    const isTold = formers.every(({ chapter, shared }) => {
      const beyond = entries.filter(({ seq }) => seq > shared);
      // A message that was lost in the cut and said again may stand in both, at the same position.
      return knows(latest, beyond) && !knows(chapter, beyond);
    });
    return isTold ? latest : null;
  }

  /** Those that had the name of a chapter since some line, and up to where each has the same. */
  #formersOf(latest: Chapter, sinceLine: number): { chapter: Chapter; shared: number }[] {
    const formers: { chapter: Chapter; shared: number }[] = [];
    let shared = Infinity;
    for (let index = this.#all.indexOf(latest) - 1; index >= 0; index--) {
      const chapter = this.#all[index];
      const cut = chapter?.succession;
      if (chapter === undefined || chapter.epoch !== latest.epoch || !cut) continue;
      if (cut.line < sinceLine) break;
      shared = Math.min(shared, cut.seq ?? 0);
      formers.push({ chapter, shared });
    }
    return formers;
  }

  #succeed(former: Chapter | undefined, next: Chapter, seq: number | null): void {
    if (former !== undefined) former.succession = { next, seq, line: this.#findings.line };
    this.#latest.set(next.epoch, next);
    this.#all.push(next);
  }
}

function knows(chapter: Chapter, entries: Answered['entries']): boolean {
  return entries.some(({ seq, key }) => isMessageKey(key) && chapter.at(seq)?.key === key);
}

function contradicts(chapter: Chapter, entries: Answered['entries']): boolean {
  return entries.some(({ seq, key }) => (chapter.at(seq)?.key ?? key) !== key);
}
