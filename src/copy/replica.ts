/**
 * The client's copy of the room. It is a fold over the journal, like the server's own: a snapshot,
 * and then each entry after it in order. Replaying a stretch that a snapshot contains already ends
 * in the same state, so a snapshot may be newer than the cursor that is polled from.
 */
import type { MemberId, Message, Who, WireEntry } from '../protocol/entries.ts';
import type { Live, RoomInfo, Snapshot } from '../protocol/replies.ts';
import type { RoomState } from './room-state.ts';
import { timeline, type Timeline } from './timeline.ts';

export interface Replica {
  readonly timeline: Timeline;
  /** Who we are in the room; null for nobody. */
  readonly you: Who | null;
  /** Grows with each new beginning. What was asked in an earlier era is answered in vain. */
  readonly era: number;
  /** Begins anew, for the first time or in another history. */
  readonly start: (snapshot: Snapshot) => void;
  /** Takes from a newer snapshot what the room is like. What was said in it comes by poll. */
  readonly refresh: (snapshot: Snapshot) => void;
  /** Makes us somebody, or nobody. */
  readonly admit: (who: Who | null) => void;
  /** Takes in the next entry. */
  readonly learn: (entry: WireEntry) => void;
  /** Shows an entry out of order; what it does to the room waits until it is its turn. */
  readonly show: (entry: WireEntry) => void;
  /** Takes in what is true now. */
  readonly heed: (live: Live) => void;
  /** Whether the room tells who is here, and we know nobody, or too many or too few. */
  readonly isRosterWrong: () => boolean;
  readonly view: () => Omit<RoomState, 'status'>;
}

/** `heard` is told of each message, so that what is pending can be matched with it. */
export function replica(heard: (message: Message) => void): Replica {
  let room: RoomInfo | null = null;
  let live: Live | null = null;
  let roster: Map<MemberId, Who> | null = null;
  /** How many of those online the last snapshot did not name: none, if the room counts as we do. */
  let unnamed = 0;

  const copy = {
    timeline: timeline(),
    you: null as Who | null,
    era: 0,

    start(snapshot: Snapshot) {
      const { timeline } = copy;
      copy.era += 1;
      timeline.clear();
      copy.admit(null);
      copy.refresh(snapshot);
      for (const message of snapshot.entries) timeline.take(message);
      // Whether anything stands before the oldest message is not told here; the next page tells.
      timeline.setHasMore(timeline.oldest() > 1);
      // Last: whoever finds theirs among them should find the room as a whole.
      for (const message of snapshot.entries) heard(message);
    },

    refresh(snapshot: Snapshot) {
      const { members, you } = snapshot;
      ({ room } = snapshot);
      roster = members ? new Map(members.map((who) => [who.id, who])) : null;
      unnamed = snapshot.live.online - (roster?.size ?? 0);
      if (you) copy.admit(you);
      copy.heed(snapshot.live);
    },

    admit(who: Who | null) {
      // Whoever is out is told nothing more, and so not that they have left.
      const { you } = copy;
      if (you && !who && live && (roster?.delete(you.id) ?? true)) {
        live = { ...live, online: live.online - 1 };
      }
      copy.you = who;
    },

    learn(entry: WireEntry) {
      switch (entry.type) {
        case 'join':
        case 'member':
          roster?.set(entry.member.id, entry.member);
          if (entry.member.id === copy.you?.id) copy.admit(entry.member);
          break;
        case 'leave':
          roster?.delete(entry.member.id);
          break;
        case 'topic':
          if (room) room = { ...room, topic: entry.topic };
          break;
        case 'mode':
          if (room) room = { ...room, mode: entry.mode, slowMs: entry.slowMs };
          break;
        default:
      }
      copy.show(entry);
    },

    show(entry: WireEntry) {
      copy.timeline.take(entry);
      if (entry.type === 'message') heard(entry);
    },

    heed(now: Live) {
      live = now;
      if (now.roster === 'count') roster = null;
    },

    isRosterWrong() {
      // A room that was crowded while we heard nothing has not told who came and went meanwhile.
      return live?.roster === 'full' && (!roster || live.online - roster.size !== unnamed);
    },

    view: () => ({
      you: copy.you,
      room,
      live,
      members: roster && [...roster.values()].sort((a, b) => a.nick.localeCompare(b.nick)),
      ...copy.timeline.view(),
    }),
  };
  return copy;
}
