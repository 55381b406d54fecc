/** Who may be meant by the beginning of a nick. */
import type { RoomState } from '../../copy/room-state.ts';
import type { MemberId, Who } from '../../protocol/entries.ts';

/** Lines that are looked through for who has spoken: what somebody remembers of a talk. */
const linesMax = 200;

/** Those in the room whose nick may be meant, except for us: whoever spoke last comes first. */
export function addresseesIn(
  { members, lines, you }: Pick<RoomState, 'members' | 'lines' | 'you'>,
  prefix: string,
): readonly Who[] {
  const speakers = new Map<MemberId, Who>();
  for (const line of lines.slice(-linesMax).reverse()) {
    if (line.type === 'message' && !speakers.has(line.by.id)) speakers.set(line.by.id, line.by);
  }
  const here = members && new Map(members.map((who) => [who.id, who]));
  // In a room that only counts its members, whoever has just spoken is as good as here.
  const spoke = [...speakers.values()].flatMap((who) => (here ? (here.get(who.id) ?? []) : who));
  const silent = (members ?? []).filter(({ id }) => !speakers.has(id));
  return matching([...spoke, ...silent], prefix).filter(({ id }) => id !== you?.id);
}

/** Those whose nick begins so, and behind them those of whom a later word does. */
export function matching(all: readonly Who[], prefix: string): readonly Who[] {
  const sought = prefix.toLowerCase();
  const beginning = all.filter(({ nick }) => nick.toLowerCase().startsWith(sought));
  const later = all.filter(
    (who) =>
      !beginning.includes(who) &&
      who.nick
        .toLowerCase()
        .split(/[\s._'-]/)
        .some((word) => word.startsWith(sought)),
  );
  return [...beginning, ...later];
}
