/** How somebody shows who they are: by a header, in the body, or by the cookie. */
import type { Fields } from '../http/request.ts';
import type { Session, Sessions } from './session.ts';

/** A session that was shown. Only a cookie is sent by browsers of their own accord. */
export interface Proof extends Session {
  readonly by: 'bearer' | 'body' | 'cookie';
}

export class Proofs {
  readonly #sessions: Sessions;
  /**
   * What headers have proven: a connection has the same ones for every poll, so a token is verified
   * once, and forgotten with the connection.
   */
  readonly #known = new WeakMap<Fields, Proof>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /**
   * What a request proves; null when it shows no session, or none that holds. The first that is
   * given decides: a client that shows a bad token must hear of it, and not be taken for whoever
   * the browser's cookie names.
   */
  of(fields: Fields, bodyToken: string | undefined): Proof | null {
    const known = this.#known.get(fields);
    if (known !== undefined && this.#sessions.holds(known)) {
      if (bodyToken === undefined || known.by === 'bearer') return known;
    }
    const header = fields.get('authorization');
    const bearer = header === null ? undefined : /^Bearer ([^\s]{1,128})$/i.exec(header)?.[1];
    if (bearer !== undefined) return this.#learn(fields, bearer, 'bearer');
    if (bodyToken !== undefined) return this.#check(bodyToken, 'body');
    const cookie = readCookie(fields.get('cookie'));
    return cookie === undefined ? null : this.#learn(fields, cookie, 'cookie');
  }

  #learn(fields: Fields, token: string, by: Proof['by']): Proof | null {
    const proof = this.#check(token, by);
    if (proof !== null) this.#known.set(fields, proof);
    return proof;
  }

  #check(token: string, by: Proof['by']): Proof | null {
    const session = this.#sessions.check(token);
    return session === null ? null : { member: session.member, expires: session.expires, by };
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
