/**
 * What is under way, of one kind. Each operation begins once and ends once; anything else says that
 * the recorder is wrong, and is no word about the chat.
 */
import type { Findings } from './findings.ts';
import type { HistoryRecord } from './record.ts';

export class Underway<What> {
  readonly #findings: Findings;
  readonly #begun = new Map<string, { readonly atMs: number; readonly what: What }>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  begin(record: HistoryRecord, what: What): void {
    const name = nameOf(record);
    if (this.#begun.has(name)) this.#findings.add('malformed', `${name} is under way already`);
    this.#begun.set(name, { atMs: record.at, what });
  }

  /** What ends here, and when it began; null, and noted, when nothing of the kind was under way. */
  end(record: HistoryRecord): { readonly atMs: number; readonly what: What } | null {
    const name = nameOf(record);
    const begun = this.#begun.get(name) ?? null;
    if (begun === null) this.#findings.add('malformed', `${name} ended and was not under way`);
    else if (record.at < begun.atMs) {
      this.#findings.add('malformed', `${name} ended before it began`);
    }
    this.#begun.delete(name);
    return begun;
  }
}

function nameOf(record: HistoryRecord): string {
  return `${record.do} ${record.nr} of ${record.who}`;
}
