/** What a client asks and hears, written down as it happened. */
import { expect, test } from 'bun:test';
import type { Fetch } from '../../src/client/wire.ts';
import { formatCursor } from '../../src/protocol/cursor.ts';
import type { Epoch, Hash, MemberId, Seq, WireEntry } from '../../src/protocol/entries.ts';
import type { HistoryRecord } from '../checker/record.ts';
import { Recorder } from './recorder.ts';

const url = 'http://room';
const headers = { Authorization: 'Bearer token' };
const you = { id: 'adaadaadaadaadaa' as MemberId, nick: 'Ada', role: 'member' } as const;

function cursorAt(seq: number): string {
  const place = { epoch: 'epochepoche' as Epoch, hash: 'hashhash' as Hash, live: 0 };
  return formatCursor({ ...place, seq: seq as Seq });
}

function message(seq: number): WireEntry {
  return { seq: seq as Seq, at: 1, type: 'message', id: `m${seq}`, by: you, text: `text ${seq}` };
}

/** A recorder, and what it writes, over answers that are given one after the other. */
function scene(...answers: (object | number | null)[]): {
  recorder: Recorder;
  records: HistoryRecord[];
} {
  const left = answers.values();
  const fetch: Fetch = () => {
    const answer = left.next().value;
    if (answer === null || answer === undefined) return Promise.reject(new Error('cut'));
    if (typeof answer === 'number')
      return Promise.resolve(new Response('no JSON', { status: answer }));
    const status = 'status' in answer ? Number(answer.status) : 200;
    const noStore = { 'Cache-Control': 'no-store' };
    return Promise.resolve(Response.json(answer, { status, headers: noStore }));
  };
  const records: HistoryRecord[] = [];
  let atMs = 0;
  const parts = {
    who: 'c1',
    fetch,
    nowMs: () => ++atMs,
    write: (one: HistoryRecord) => void records.push(one),
  };
  return { recorder: new Recorder(parts), records };
}

const joined = {
  token: 'token',
  cursor: cursorAt(2),
  entries: [message(2)],
  live: { online: 1, roster: 'full', typing: [] },
  members: [you],
  you,
};

async function join(recorder: Recorder): Promise<void> {
  await recorder.fetch(`${url}/v1/join`, { method: 'POST', body: '{"nick":"Ada"}' });
}

async function say(recorder: Recorder, text = 'hello'): Promise<unknown> {
  const body = JSON.stringify({ id: 'm1', text });
  return await recorder
    .fetch(`${url}/v1/messages`, { method: 'POST', headers, body })
    .catch(() => null);
}

async function poll(recorder: Recorder, after: number): Promise<unknown> {
  const path = `poll?after=${cursorAt(after)}&hold=25&tab=t&turn=1`;
  return await recorder.fetch(`${url}/v1/${path}`, { headers }).catch(() => null);
}

test('a snapshot is a beginning as soon as somebody polls from it', async () => {
  const reply = { cursor: cursorAt(3), from: 2, to: 3, entries: [message(3)] };
  const { recorder, records } = scene(joined, reply);
  await join(recorder);
  expect(records).toMatchObject([{ do: 'begin', is: 'invoke' }]);
  await poll(recorder, 2);
  expect(records.slice(1)).toMatchObject([
    { do: 'begin', is: 'ok', nr: 0, seq: 2, member: you.id, members: [you.id] },
    { do: 'poll', is: 'invoke', epoch: 'epochepoche', after: 2, holdMs: 25_000 },
    { do: 'poll', is: 'ok', from: 2, to: 3, entries: [{ seq: 3, text: 'text 3' }], isFresh: true },
  ]);
  expect(recorder.to).toBe(3);
});

test('a snapshot that a client takes beside its own place is no beginning', async () => {
  const reply = { cursor: cursorAt(2), from: 1, to: 2, entries: [message(2)] };
  const { recorder, records } = scene(joined, reply);
  await recorder.fetch(`${url}/v1/room`, { headers });
  await poll(recorder, 1);
  expect(records.map((record) => `${record.do} ${record.is}`)).toEqual([
    'begin invoke',
    'poll invoke',
    'poll ok',
  ]);
});

test('what was said ends as the answer says, and as unknown when none is certain', async () => {
  const refused = { code: 'BAD_TEXT', status: 400 };
  // It holds for a moment, and the network may send the same once more when that is over.
  const passing = { code: 'MUTED', status: 403 };
  const busy = { code: 'BUSY', status: 503 };
  const full = { code: 'DISK_FULL', status: 507 };
  const said = { seq: 7, at: 1, id: 'm1' };
  const { recorder, records } = scene(joined, said, refused, passing, full, busy, 502, null);
  await join(recorder);
  for (let nr = 0; nr < 7; nr++) await say(recorder);
  const ends = records.filter((record) => record.do === 'say' && record.is !== 'invoke');
  expect(ends).toMatchObject([
    { is: 'ok', seq: 7 },
    { is: 'fail', code: 'BAD_TEXT' },
    { is: 'unknown' },
    { is: 'unknown' },
    { is: 'unknown' },
    { is: 'unknown' },
    { is: 'unknown' },
  ]);
  const [, invoked] = records;
  expect(invoked).toMatchObject({ do: 'say', key: `${you.id}:m1`, text: 'hello' });
});

test('a command is nothing that was said', async () => {
  const { recorder, records } = scene(joined, { reply: 'Here is help' });
  await join(recorder);
  await say(recorder, '/help');
  expect(records.filter((record) => record.do === 'say')).toEqual([]);
});

test('the client hears what the recorder heard', async () => {
  const { recorder } = scene({ cursor: cursorAt(2), from: 2, to: 2, entries: [] });
  const response = (await poll(recorder, 2)) as Response;
  expect(await response.json()).toMatchObject({ from: 2, to: 2 });
  expect(response.headers.get('Cache-Control')).toBe('no-store');
});

test('a page reaches as far as its last entry', async () => {
  const { recorder, records } = scene({ entries: [message(3), message(5)], more: false });
  await recorder.fetch(`${url}/v1/messages?after=2&limit=200`, { headers });
  expect(records[1]).toMatchObject({ do: 'page', is: 'ok', from: 2, to: 5 });
});
