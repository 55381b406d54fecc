/** What was said before, as a page prints it: by days, and with where to read what is before it. */
import type { Message, Seq } from '../../protocol/entries.ts';
import { html, type Html } from './html.ts';
import type { Language } from './language.ts';
import { newestLines, type Telling } from './lines.ts';

export interface Printed {
  readonly lines: readonly Html[];
  /** How many messages these are. */
  readonly count: number;
  /** The message before which there are more; null when the room begins here. */
  readonly before: Seq | null;
}

/** Prints messages. `more`: there are further ones before them. */
export function print(entries: readonly Message[], more: boolean, telling: Telling): Printed {
  const { lines, cut } = newestLines(entries, telling);
  const shown = entries.slice(cut);
  const [first] = shown;
  return {
    lines: byDay(shown, lines, telling.language),
    count: shown.length,
    before: first !== undefined && (more || cut > 0) ? first.seq : null,
  };
}

/** The lines, with a heading where a day begins: a time alone says little in an old room. */
function byDay(
  messages: readonly Message[],
  lines: readonly Html[],
  { day }: Language,
): readonly Html[] {
  let last = '';
  return messages.map(({ at }, index) => {
    const line = lines[index] ?? null;
    const date = new Date(at).toISOString().slice(0, 10);
    if (date === last) return html`${line}`;
    last = date;
    return html`<h3><time datetime="${date}">${day(at)}</time></h3>
      ${line}`;
  });
}
