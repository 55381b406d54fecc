/**
 * A way to the room on which is written down what a client says, is answered to its polls, and
 * reads of the history: for clients that keep to themselves what they ask.
 */
import type { Fetch } from '../../src/client/wire.ts';
import { parseCursor } from '../../src/protocol/cursor.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import type { HistoryPage, PollReply } from '../../src/protocol/replies.ts';
import { delivered } from '../checker/from-wire.ts';
import type { Operation } from '../checker/record.ts';
import { epochHeader } from './ask.ts';
import { copiedHeader } from './network.ts';
import { asWritten } from './person.ts';
import type { Recorder } from './recorder.ts';

interface Sent {
  readonly invoke: Operation;
  /** What the answer is written down as. */
  readonly ended: (response: Response, epoch: string) => Promise<Operation>;
  readonly unknown: Operation;
}

export function recording(
  fetch: Fetch,
  recorder: Recorder,
  asker: () => { readonly who: string; readonly member: string | null },
): Fetch {
  /** Out of the room, the history is read with a stranger's eyes: to see why one is out. */
  let isOut = false;
  return async (url, init) => {
    const { who, member } = asker();
    if (url.endsWith('/v1/join')) isOut = false;
    const sent = sentAs(url, init, member);
    if (sent === null || (isOut && sent.invoke.do === 'page')) return await fetch(url, init);
    const nr = recorder.nr();
    recorder.add(who, nr, sent.invoke);
    try {
      const response = await fetch(url, init);
      const epoch = response.headers.get(epochHeader);
      // What comes after the client has given up is not heard by it.
      const isHeard = epoch !== null && init.signal?.aborted !== true;
      const ended = isHeard ? await sent.ended(response.clone(), epoch) : sent.unknown;
      recorder.add(who, nr, ended);
      if (ended.do === 'poll' && ended.is === 'fail') isOut ||= ended.code === 'NO_SESSION';
      return response;
    } catch (reason) {
      recorder.add(who, nr, sent.unknown);
      throw reason;
    }
  };
}

function sentAs(url: string, init: RequestInit, member: string | null): Sent | null {
  const { pathname, searchParams } = new URL(url, 'http://room.test');
  if (pathname === '/v1/poll') return asPoll(searchParams);
  if (pathname !== '/v1/messages') return null;
  const after = searchParams.get('after');
  if (init.method === 'GET') return after === null ? null : asPage(Number(after));
  return member === null || typeof init.body !== 'string' ? null : asSay(member, init.body);
}

function asPoll(query: URLSearchParams): Sent | null {
  const cursor = parseCursor(query.get('after') ?? '');
  if (cursor === null) return null;
  const { epoch, seq } = cursor;
  const holdMs = Number(query.get('hold')) * 1_000;
  return {
    invoke: { do: 'poll', is: 'invoke', epoch, after: seq, holdMs },
    unknown: { do: 'poll', is: 'unknown' },
    ended: async (response) => {
      if (response.status !== 200) return { do: 'poll', is: 'fail', code: await codeOf(response) };
      const reply = (await response.json()) as PollReply;
      const { from, to, entries, gap } = reply;
      return {
        do: 'poll',
        is: 'ok',
        epoch: parseCursor(reply.cursor)?.epoch ?? '',
        from,
        to,
        entries: entries.map(delivered),
        isFresh: /\bno-store\b/.test(response.headers.get('cache-control') ?? ''),
        ...(gap === undefined ? {} : { gap }),
      };
    },
  };
}

function asPage(from: number): Sent {
  return {
    invoke: { do: 'page', is: 'invoke' },
    unknown: { do: 'page', is: 'unknown' },
    ended: async (response, epoch) => {
      if (response.status !== 200) return { do: 'page', is: 'fail', code: await codeOf(response) };
      const { entries } = (await response.json()) as HistoryPage;
      const to = entries.at(-1)?.seq ?? from;
      return { do: 'page', is: 'ok', epoch, from, to, entries: entries.map(delivered) };
    },
  };
}

function asSay(member: string, body: string): Sent {
  const { id, text } = JSON.parse(body) as { id: string; text: string };
  const key = `${member}:${id}`;
  return {
    invoke: { do: 'say', is: 'invoke', key, text: asWritten(text) },
    unknown: { do: 'say', is: 'unknown' },
    ended: async (response, epoch) => {
      const { status } = response;
      if (status === 200 || status === 201) {
        const { seq } = (await response.json()) as { seq: Seq };
        return { do: 'say', is: 'ok', epoch, seq };
      }
      const isOpen = response.headers.has(copiedHeader) || (status >= 500 && status !== 507);
      if (isOpen) return { do: 'say', is: 'unknown' };
      return { do: 'say', is: 'fail', code: await codeOf(response) };
    },
  };
}

async function codeOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code?: string };
  return code ?? 'UNNAMED';
}
