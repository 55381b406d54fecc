import type { MemberId, Role, Seq, Who } from '../protocol/entries.ts';

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
