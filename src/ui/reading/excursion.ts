/** What is shown of the past, and how it stands to what the room shows anyway. */
import type { Line } from '../../copy/room-state.ts';
import type { Message, Seq } from '../../protocol/entries.ts';

/** The surroundings of a message, and what was read on from there. `past.ts` leads through it. */
export interface Excursion {
  readonly messages: readonly Message[];
  /** How far it was read: what lies after the newest message may be no message. */
  readonly readTo: Seq;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** What is shown in place of the lines of the room, or with them when it has reached them. */
export function linesWith(excursion: Excursion | null, lines: readonly Line[]): readonly Line[] {
  if (excursion === null) return lines;
  if (excursion.hasNewer) return excursion.messages;
  const oldest = oldestOf(lines);
  return [...excursion.messages.filter(({ seq }) => seq < oldest), ...lines];
}

export function oldestOf(lines: readonly Line[]): number {
  for (const line of lines) if ('seq' in line) return line.seq;
  return Infinity;
}
