/**
 * A session is what a signed token proves: that its bearer is this member, until it expires. The
 * server keeps no list of sessions, so they outlive every restart; a member who was sent out is
 * refused by the room, whatever their token says.
 *
 *     kJ8x0Qf2mZwAb3_e.mf2k9x1c.Zr6…        member, expiry in base 36, HMAC-SHA256 (16 bytes)
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MemberId } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';

export interface Session {
  readonly member: MemberId;
  /** When it expires, in milliseconds since 1970. */
  readonly expires: number;
}

const shape = /^([A-Za-z0-9_-]{16})\.([0-9a-z]{1,11})\.([A-Za-z0-9_-]{22})$/;

export class Sessions {
  readonly #secret: Uint8Array;
  readonly #now: () => number;

  /** `now` in milliseconds since 1970. */
  constructor(secret: Uint8Array, now: () => number) {
    this.#secret = secret;
    this.#now = now;
  }

  /** A token for a member, from now on. */
  issue(member: MemberId): Session & { readonly token: string } {
    const expires = this.#now() + limits.sessionMs;
    const claim = `${member}.${expires.toString(36)}`;
    return { member, expires, token: `${claim}.${this.#sign(claim).toString('base64url')}` };
  }

  /** The session that a token proves; null for one that is malformed, forged or expired. */
  check(token: string): Session | null {
    const session = this.#verify(token);
    return session !== null && this.holds(session) ? session : null;
  }

  /** Whether a session has not expired. */
  holds(session: Session): boolean {
    return session.expires > this.#now();
  }

  /** Whether it is time for a fresh token: half of this one's time is gone. */
  isAgeing(session: Session): boolean {
    return session.expires - this.#now() < limits.sessionMs / 2;
  }

  #verify(token: string): Session | null {
    const parts = shape.exec(token);
    if (parts === null) return null;
    const [, member, expires, mac] = parts as unknown as [string, string, string, string];
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#sign(`${member}.${expires}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    return { member: member as MemberId, expires: Number.parseInt(expires, 36) };
  }

  #sign(claim: string): Buffer {
    return createHmac('sha256', this.#secret).update(`session\n${claim}`).digest().subarray(0, 16);
  }
}
