/** The members in the order of their nicks: the list of a small room, and pages of a large one. */
import type { Who } from '../protocol/entries.ts';
import type { MembersPage } from '../protocol/replies.ts';
import { cardOf } from './member.ts';
import type { RoomState } from './room-state.ts';

export class Roster {
  readonly #state: RoomState;
  /** Made when it is asked for, dropped when somebody comes or goes. */
  #sorted: readonly Who[] | null = null;

  constructor(state: RoomState) {
    this.#state = state;
  }

  /** Somebody came, left, or has another nick. */
  changed(): void {
    this.#sorted = null;
  }

  all(): readonly Who[] {
    this.#sorted ??= Array.from(this.#state.members.values(), cardOf).toSorted((a, b) =>
      compareNicks(a.nick, b.nick),
    );
    return this.#sorted;
  }

  /**
   * Those behind a nick and with a prefix. Both are positions in the list: a search, not a walk.
   */
  page(query: {
    readonly after: string;
    readonly prefix: string;
    readonly limit: number;
  }): MembersPage {
    const sorted = this.all();
    const prefix = query.prefix.toLowerCase();
    const isWanted = (who: Who | undefined): who is Who =>
      who?.nick.toLowerCase().startsWith(prefix) === true;
    let at = bisect(sorted, (who) => who.nick.toLowerCase() < prefix);
    if (query.after !== '') {
      at = Math.max(
        at,
        bisect(sorted, (who) => compareNicks(who.nick, query.after) <= 0),
      );
    }
    const end = Math.min(sorted.length, at + query.limit);
    const members = sorted.slice(at, end).filter(isWanted);
    const more = members.length === end - at && isWanted(sorted[end]);
    return { members, online: sorted.length, more };
  }
}

/**
 * The order of nicks: without regard to case, then by code unit so that it is total. The same on
 * every machine, which the order of a locale would not be.
 */
export function compareNicks(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  if (left !== right) return left < right ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first place whose member is not before. */
function bisect(sorted: readonly Who[], isBefore: (who: Who) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle] as Who)) low = middle + 1;
    else high = middle;
  }
  return low;
}
