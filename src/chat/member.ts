import type { MemberId, Role, Seq, Who } from '../protocol/entries.ts';
import { refuse, type Refusal } from '../protocol/errors.ts';

/** Somebody in the room. */
export interface Member {
  readonly id: MemberId;
  readonly nick: string;
  /** What the nick looks like: no two members may look alike. */
  readonly skeleton: string;
  readonly role: Role;
  /** The seq of the entry that last changed this member: a join, another nick, another role. */
  readonly changed: Seq;
}

/** How a member is shown to others. */
export function cardOf(member: Member): Who {
  return { id: member.id, nick: member.nick, role: member.role };
}

/** The refusal of somebody who is not in the room. */
export function notHere(): Refusal {
  return refuse('NO_SESSION', 'You are not in the room, join it first');
}
