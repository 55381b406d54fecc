/** How somebody shows who they are: by a header, in the body, or by the cookie. */
import type { Mailbox } from '../chat/mailbox.ts';
import type { Poller } from '../chat/post-office-parts.ts';
import type { Fields } from '../http/request.ts';
import type { MemberId } from '../protocol/entries.ts';
import type { Session, Sessions } from './session.ts';

/** A session that was shown. Only a cookie is sent by browsers of their own accord. */
export class Proof implements Session, Poller {
  readonly member: MemberId;
  readonly expires: number;
  readonly by: 'bearer' | 'body' | 'cookie';
  mailbox: Mailbox | null = null;

  constructor({ member, expires }: Session, by: Proof['by']) {
    this.member = member;
    this.expires = expires;
    this.by = by;
  }
}

export class Proofs {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /**
   * What a request proves; null when it shows no session, or none that holds. The first that is
   * given decides: a client that shows a bad token must hear of it, and not be taken for whoever
   * the browser's cookie names.
   *
   * A connection has the same header for every poll. What it proves is noted with it, so a token is
   * verified once, and forgotten with the connection.
   */
  of(fields: Fields, bodyToken: string | undefined): Proof | null {
    const { note } = fields;
    if (note instanceof Proof && this.#sessions.holds(note)) {
      if (bodyToken === undefined || note.by === 'bearer') return note;
    }
    const header = fields.get('authorization');
    // Of another scheme it is a proxy's in between, and says nothing about who is in the room.
    if (header !== null && /^Bearer(\s|$)/i.test(header)) {
      const bearer = /^Bearer ([^\s]{1,128})$/i.exec(header)?.[1];
      return bearer === undefined ? null : this.#learn(fields, bearer, 'bearer');
    }
    if (bodyToken !== undefined) return this.#check(bodyToken, 'body');
    const cookie = readCookie(fields.get('cookie'));
    return cookie === undefined ? null : this.#learn(fields, cookie, 'cookie');
  }

  #learn(fields: Fields, token: string, by: Proof['by']): Proof | null {
    const proof = this.#check(token, by);
    if (proof !== null) fields.note = proof;
    return proof;
  }

  #check(token: string, by: Proof['by']): Proof | null {
    const session = this.#sessions.check(token);
    return session === null ? null : new Proof(session, by);
  }
}

/**
 * The session's cookie. Of several with the name the first counts, as browsers send the most
 * specific first.
 */
function readCookie(header: string | null): string | undefined {
  if (header === null) return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === 'encke') {
      return pair.slice(equals + 1).trim();
    }
  }
  return undefined;
}
