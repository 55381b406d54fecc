/**
 * What stands on the lines of a message: text, and what its marks make of it. `markdown.ts` tells
 * the whole.
 */
import { addressAt, type Link } from './links.ts';
import { mentionAt } from './mention.ts';
import { endsInWord, startsWithWord } from './word.ts';

/** A part of a line. The names of what is marked are those of its elements. */
export type Phrase =
  | string
  | { readonly kind: 'strong' | 'em' | 's'; readonly phrases: readonly Phrase[] }
  | { readonly kind: 'code'; readonly text: string }
  | ({ readonly kind: 'link' } & Link)
  | { readonly kind: 'mention'; readonly text: string };

/** The phrases of some lines. A mark ends with its line. */
export function phrasesOf(lines: readonly string[], nicks: readonly string[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0) phrases.push('\n');
    for (const phrase of new Line(line, nicks).phrases()) phrases.push(phrase);
  }
  return joined(phrases);
}

/** A phrase without its marks. */
export function seenOfPhrase(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  return 'phrases' in phrase ? phrase.phrases.map(seenOfPhrase).join('') : phrase.text;
}

type Mark = '**' | '*' | '_' | '~~';

const kinds = { '**': 'strong', '*': 'em', _: 'em', '~~': 's' } as const;

/** The marks in a run of one character. Longer runs underline, or are just drawn. */
const marksIn: Readonly<Record<string, readonly Mark[]>> = {
  '*': ['*'],
  '**': ['**'],
  '***': ['**', '*'],
  _: ['_'],
  '~~': ['~~'],
};

/** Whatever may be more than text begins with one of these. */
const beginnings = /`+|\*+|_+|~+|@|https?:/gi;

/** What is worth a mark: without it `*_*` is a face. */
const substance = /[\p{L}\p{N}\p{So}]/u;

/** A mark that may be closed. Until it is, it stands as a character among the phrases. */
interface Opening {
  readonly mark: Mark;
  readonly at: number;
}

interface Found {
  readonly phrase: Phrase;
  readonly end: number;
}

class Line {
  readonly #line: string;
  readonly #nicks: readonly string[];
  readonly #endsOfCode: ReadonlyMap<number, number>;
  readonly #phrases: Phrase[] = [];
  #open: Opening[] = [];

  constructor(line: string, nicks: readonly string[]) {
    this.#line = line;
    this.#nicks = nicks;
    this.#endsOfCode = endsOfCodeIn(line);
  }

  phrases(): readonly Phrase[] {
    const line = this.#line;
    let end = 0;
    for (const { 0: found, index } of line.matchAll(beginnings)) {
      // It stands in an address, in code or in a nick.
      if (index < end) continue;
      const marks = marksIn[found];
      const other = marks ? null : this.#findOther(found, index);
      if (!marks && !other) continue;
      this.#phrases.push(line.slice(end, index));
      end = other?.end ?? index + found.length;
      if (other) this.#phrases.push(other.phrase);
      else this.#take(marks ?? [], index, end);
    }
    this.#phrases.push(line.slice(end));
    return this.#phrases;
  }

  #findOther(found: string, index: number): Found | null {
    if (found === '@') {
      const text = mentionAt(this.#line, index, this.#nicks);
      return text === null ? null : { phrase: { kind: 'mention', text }, end: index + text.length };
    }
    if (found.endsWith(':')) {
      const link = addressAt(this.#line, index);
      return link && { phrase: { kind: 'link', ...link }, end: index + link.text.length };
    }
    const closing = this.#endsOfCode.get(index);
    if (closing === undefined) return null;
    const text = this.#line.slice(index + found.length, closing);
    return { phrase: { kind: 'code', text: unpadded(text) }, end: closing + found.length };
  }

  /** Takes the marks of one run, each as an end, a beginning or a character. */
  #take(marks: readonly Mark[], index: number, end: number): void {
    const before = this.#line.slice(Math.max(0, index - 2), index);
    const after = this.#line.slice(end, end + 2);
    // What was opened last is closed first.
    const isReversed = marks.length > 1 && this.#open.at(-1)?.mark === marks[1];
    for (const mark of isReversed ? marks.toReversed() : marks) {
      // A single character stands within words too often to mean something there.
      const isLoose = mark.length > 1;
      const mayOpen = /^\S/.test(after) && (isLoose || !endsInWord(before));
      const mayClose = /\S$/.test(before) && (isLoose || !startsWithWord(after));
      if (mayClose && this.#close(mark)) continue;
      if (mayOpen) {
        this.#open = this.#open.filter((opening) => opening.mark !== mark);
        this.#open.push({ mark, at: this.#phrases.length });
      }
      this.#phrases.push(mark);
    }
  }

  #close(mark: Mark): boolean {
    const known = this.#open.findIndex((opening) => opening.mark === mark);
    const opening = this.#open[known];
    if (!opening) return false;
    // What was opened within it and is open still stays a character.
    this.#open.length = known;
    const phrases = joined(this.#phrases.slice(opening.at + 1));
    if (!phrases.some((phrase) => typeof phrase !== 'string' || substance.test(phrase))) {
      return false;
    }
    this.#phrases.length = opening.at;
    this.#phrases.push({ kind: kinds[mark], phrases });
    return true;
  }
}

/** Where the code ends that begins at an index: at the next run of as many backticks. */
function endsOfCodeIn(line: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const next = new Map<number, number>();
  for (const { 0: run, index } of [...line.matchAll(/`+/g)].reverse()) {
    const end = next.get(run.length);
    if (end !== undefined) ends.set(index, end);
    next.set(run.length, index);
  }
  return ends;
}

/** Blanks set a backtick off from those around the code: one on each side is none of it. */
function unpadded(code: string): string {
  return code.startsWith(' `') || code.endsWith('` ') ? code.replace(/^ | $/g, '') : code;
}

/** Texts that stand beside each other are one. */
function joined(phrases: readonly Phrase[]): Phrase[] {
  const all: Phrase[] = [];
  let text = '';
  for (const phrase of phrases) {
    if (typeof phrase === 'string') {
      text += phrase;
      continue;
    }
    if (text !== '') all.push(text);
    all.push(phrase);
    text = '';
  }
  if (text !== '') all.push(text);
  return all;
}
