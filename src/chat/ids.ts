/** Names for things that must not be guessed, or must not repeat. */
import { createHmac } from 'node:crypto';
import type { MemberId } from '../protocol/entries.ts';

/** Random bytes, handed in: the machine's in the product, a seed's in a simulation. */
export type RandomBytes = (count: number) => Uint8Array;

/** A new member's id: 96 random bits, 16 characters. */
export function newMemberId(random: RandomBytes): MemberId {
  return Buffer.from(random(12)).toString('base64url') as MemberId;
}

/**
 * The member's id that belongs to the client's own random id of a join. The same join sent twice
 * (its answer was lost) so makes one member, and nobody can name another's id.
 */
export function memberIdOfJoin(secret: Uint8Array, joinId: string): MemberId {
  const mac = createHmac('sha256', secret).update(`join\n${joinId}`).digest();
  return mac.subarray(0, 12).toString('base64url') as MemberId;
}

/** A draft's key for what has no client's id: never the same twice. */
export function newKey(random: RandomBytes): string {
  return `~${Buffer.from(random(12)).toString('base64url')}`;
}
