/**
 * Writes down what a client of Encke asks and hears, as records of a history. It stands where the
 * client has its `fetch`, so it sees what came over the line, and nothing that the client thinks.
 *
 * Two things are not on the line and are filled in later, by whoever puts the records of all
 * clients together: in which history a message was acknowledged, and a page was read.
 */
import { parseCursor } from '../../src/protocol/cursor.ts';
import type { WireEntry } from '../../src/protocol/entries.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import type { HistoryPage, Joined, PollReply, Said, Snapshot } from '../../src/protocol/replies.ts';
import type { RoomState } from '../../src/copy/room-state.ts';
import type { Fetch } from '../../src/client/wire.ts';
import { delivered, formOf } from '../checker/from-wire.ts';
import type { Begin, HistoryRecord, Operation } from '../checker/record.ts';

export interface RecorderParts {
  readonly who: string;
  /** What is really asked. */
  readonly fetch: Fetch;
  readonly nowMs: () => number;
  readonly write: (record: HistoryRecord) => void;
}

/** Stands for an epoch that is not on the line. */
export const unsaidEpoch = '';

/** A snapshot that was taken, and is no beginning before somebody polls from it. */
interface Taken {
  readonly nr: number;
  readonly cursor: string;
  readonly begin: Begin & { readonly is: 'ok' };
}

/** Snapshots that may still become a beginning. */
const takenMax = 4;

export class Recorder {
  /** How far this client has read, as the last reply said. */
  epoch = unsaidEpoch;
  to = 0;
  readonly #parts: RecorderParts;
  /** Whose each token is. */
  readonly #members: Map<string, string>;
  #taken: readonly Taken[] = [];
  #nr = 0;

  constructor(parts: RecorderParts, members = new Map<string, string>()) {
    this.#parts = parts;
    this.#members = members;
  }

  /** For the same client after a reload: with the same session, and an empty screen. */
  reloaded(who: string): Recorder {
    return new Recorder({ ...this.#parts, who }, this.#members);
  }

  /** To be handed to a client. */
  readonly fetch: Fetch = async (input, init) => {
    const url = new URL(input);
    const heard = this.#asked(url, init);
    if (heard === null) return await this.#parts.fetch(input, init);
    let response: Response;
    let text: string;
    try {
      response = await this.#parts.fetch(input, init);
      text = await response.text();
    } catch (reason) {
      heard(null);
      throw reason;
    }
    const { status, headers } = response;
    heard({ status, body: bodyOf(text), isFresh: isFresh(headers) });
    return new Response(text === '' ? null : text, { status, headers });
  };

  /** The client shows an entry. */
  shown(entry: WireEntry): void {
    this.#write(this.#nr++, { do: 'show', is: 'ok', epoch: this.epoch, ...delivered(entry) });
  }

  /** What the client's screen says. Only when nothing is on its way. */
  seen({ lines, members }: RoomState): void {
    this.#write(this.#nr++, {
      do: 'view',
      is: 'ok',
      of: 'screen',
      epoch: this.epoch,
      seq: this.to,
      lines: lines.flatMap((line) =>
        line.type === 'message' ? [{ seq: line.seq, form: formOf(line) }] : [],
      ),
      ...(members === null ? {} : { members: members.map(({ id }) => id) }),
    });
  }

  // --- What is asked, and what comes of it -------------------------------------------------------

  /** Writes down what is asked; the answer takes what was heard. Null: of no interest. */
  #asked(url: URL, { method = 'GET', headers, body }: RequestInit): Heard | null {
    const call = `${method} ${url.pathname.slice('/v1'.length)}`;
    const nr = this.#nr++;
    switch (call) {
      case 'POST /messages':
        return this.#asksToSay(nr, bearerOf(headers), body);
      case 'POST /join':
      case 'GET /room':
        return this.#asksToBegin(nr);
      case 'GET /poll':
        return this.#polls(nr, url.searchParams);
      case 'GET /messages':
        return url.searchParams.has('after') ? this.#pages(nr, url.searchParams) : null;
      default:
        return null;
    }
  }

  #asksToSay(nr: number, token: string, body: unknown): Heard | null {
    const { id, text } = JSON.parse(String(body)) as { id: string; text: string };
    const member = this.#members.get(token);
    if (text.startsWith('/') || member === undefined) return null;
    this.#write(nr, { do: 'say', is: 'invoke', key: `${member}:${id}`, text });
    return (answer) => {
      const said = answer?.body as Said | undefined;
      if (answer === null) {
        this.#write(nr, { do: 'say', is: 'unknown' });
      } else if (isOk(answer) && typeof said?.seq === 'number') {
        this.#write(nr, { do: 'say', is: 'ok', epoch: unsaidEpoch, seq: said.seq });
      } else {
        this.#write(nr, { do: 'say', ...failureOf(answer) });
      }
    };
  }

  #asksToBegin(nr: number): Heard {
    this.#write(nr, { do: 'begin', is: 'invoke' });
    return (answer) => {
      if (answer === null || !isOk(answer)) {
        this.#write(nr, { do: 'begin', ...failureOf(answer) });
        return;
      }
      const { cursor, entries, members, you, token } = answer.body as Snapshot & Partial<Joined>;
      if (you && token !== undefined) this.#members.set(token, you.id);
      const { epoch, seq } = placeOf(cursor);
      const begin = {
        do: 'begin',
        is: 'ok',
        epoch,
        seq,
        entries: entries.map(delivered),
        ...(you && { member: you.id, role: you.role }),
        ...(members && { members: members.map(({ id }) => id) }),
      } as const;
      this.#taken = [...this.#taken.slice(1 - takenMax), { nr, cursor, begin }];
    };
  }

  #polls(nr: number, query: URLSearchParams): Heard {
    const cursor = query.get('after') ?? '';
    // A client may take a snapshot and go on from where it was: only a poll from it tells.
    const taken = this.#taken.find((one) => one.cursor === cursor);
    if (taken !== undefined) {
      this.#taken = [];
      this.epoch = taken.begin.epoch;
      this.to = taken.begin.seq;
      this.#write(taken.nr, taken.begin);
    }
    const { epoch, seq: after } = placeOf(cursor);
    const holdMs = Number(query.get('hold') ?? 25) * 1_000;
    this.#write(nr, { do: 'poll', is: 'invoke', epoch, after, holdMs });
    return (answer) => {
      const reply = answer?.body as PollReply | undefined;
      if (answer === null || !isOk(answer) || reply === undefined) {
        this.#write(nr, { do: 'poll', ...failureOf(answer) });
        return;
      }
      const { from, to, entries, gap } = reply;
      this.epoch = placeOf(reply.cursor).epoch;
      this.to = to;
      this.#write(nr, {
        do: 'poll',
        is: 'ok',
        epoch: this.epoch,
        from,
        to,
        entries: entries.map(delivered),
        ...(gap && { gap }),
        isFresh: answer.isFresh,
      });
    };
  }

  #pages(nr: number, query: URLSearchParams): Heard {
    const from = Number(query.get('after'));
    this.#write(nr, { do: 'page', is: 'invoke' });
    return (answer) => {
      if (answer === null || !isOk(answer)) {
        this.#write(nr, { do: 'page', ...failureOf(answer) });
        return;
      }
      const { entries } = answer.body as HistoryPage;
      // Up to the last entry it is whole; how far it reaches beyond that is not told.
      const to = entries.at(-1)?.seq ?? from;
      const page = { from, to, entries: entries.map(delivered) };
      this.#write(nr, { do: 'page', is: 'ok', epoch: unsaidEpoch, ...page });
    };
  }

  #write(nr: number, operation: Operation): void {
    const { who, nowMs, write } = this.#parts;
    write({ at: nowMs(), who, nr, ...operation });
  }
}

/** An answer, or null when nobody answered. */
interface Answer {
  readonly status: number;
  /** Its JSON; undefined where it has none. */
  readonly body: unknown;
  readonly isFresh: boolean;
}

type Heard = (answer: Answer | null) => void;

function isOk({ status, body }: Answer): boolean {
  return status >= 200 && status < 300 && body !== undefined;
}

/** Refusals that hold for a moment: the proxy may send the same request again when it is over. */
const passing = ['TOO_FAST', 'MUTED', 'DISK_FULL', 'BUSY', 'NO_SESSION'];

/**
 * Only a refusal that is the server's word says that something was not done, and will not be. When
 * a part of it is being restarted, or it stops, what was asked may be done all the same; and what
 * was refused for now may be done when the network sends it again by itself.
 */
function failureOf(
  answer: Answer | null,
): { readonly is: 'fail'; readonly code: string } | { readonly is: 'unknown' } {
  const { code } = (answer?.body ?? {}) as Partial<Problem>;
  if (answer === null || code === undefined) return { is: 'unknown' };
  const isCertain = answer.status < 500 && !passing.includes(code);
  return isCertain ? { is: 'fail', code } : { is: 'unknown' };
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isFresh(headers: Headers): boolean {
  return headers.get('Cache-Control')?.includes('no-store') ?? false;
}

function placeOf(text: string): { readonly epoch: string; readonly seq: number } {
  return parseCursor(text) ?? { epoch: unsaidEpoch, seq: 0 };
}

function bearerOf(headers: RequestInit['headers']): string {
  const { Authorization = '' } = (headers ?? {}) as Record<string, string>;
  return Authorization.slice('Bearer '.length);
}
