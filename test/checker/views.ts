/**
 * What the room looked like at a position, in the words of all who looked: their lines must agree.
 *
 * A view shows the newest lines, some more of them than others. So two views of a position are
 * compared from where the shorter one begins: from there on, they must have the same lines.
 */
import type { Findings } from './findings.ts';
import type { Ranges } from './ranges.ts';
import type { View } from './record.ts';

/** The first view of a position, which all others are compared with. */
interface Kept {
  readonly by: string;
  readonly line: number;
  readonly forms: ReadonlyMap<number, string>;
  /** Its oldest line. */
  readonly first: number;
}

/** Views of one position come close together; those of positions that lie far back are let go. */
const keptMax = 64;

export class Views {
  readonly #epoch: string;
  readonly #findings: Findings;
  readonly #kept = new Map<number, Kept>();

  constructor(epoch: string, findings: Findings) {
    this.#epoch = epoch;
    this.#findings = findings;
  }

  /** Compares a view. What lies in `gaps` was announced as missing to who looked. */
  take(who: string, view: View, gaps: Ranges): void {
    const first = view.lines[0]?.seq;
    if (first === undefined) return;
    const forms = new Map(view.lines.map(({ seq, form }) => [seq, form]));
    const by = `the ${view.of} of ${who}`;
    const kept = this.#kept.get(view.seq);
    if (kept === undefined) {
      if (gaps.size === 0) this.#keep(view.seq, { by, line: this.#findings.line, forms, first });
      return;
    }
    const start = Math.max(first, kept.first);
    const seqs = new Set([...forms.keys(), ...kept.forms.keys()]);
    const wrong = [...seqs].find((seq) => {
      if (seq < start || forms.get(seq) === kept.forms.get(seq)) return false;
      return forms.has(seq) || !gaps.has(seq);
    });
    if (wrong === undefined) return;
    this.#findings.add(
      'diverged',
      `At ${view.seq} of ${this.#epoch}, ${by} has ${wordsFor(forms.get(wrong))} at ${wrong}, ` +
        `and ${kept.by} (line ${kept.line}) has ${wordsFor(kept.forms.get(wrong))}`,
    );
  }

  #keep(seq: number, kept: Kept): void {
    this.#kept.set(seq, kept);
    if (this.#kept.size <= keptMax) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

function wordsFor(form: string | undefined): string {
  return form === undefined ? 'nothing' : `"${form}"`;
}
