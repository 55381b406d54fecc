/** Stopping in order: SIGTERM while polls are held and messages are on their way. */
import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../src/protocol/errors.ts';
import type { Joined, PollReply } from '../../src/protocol/replies.ts';
import { HeldMembers } from '../kit/held-members.ts';
import { ConnectionLost, KeptConnection, type Answer } from '../kit/kept-connection.ts';
import { ServingProcess } from '../kit/serving-process.ts';
import { until } from '../kit/until.ts';
import { faultsIn, movedAmong, readHistory, readRecorded } from './recorded.ts';

// What takes longer hangs.
setDefaultTimeout(60_000);

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** From SIGTERM to the end of the process: what people and service managers wait for. */
const stopMsMax = 10_000;
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-stopping-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(data: string, port?: string): ServingProcess {
  const server = ServingProcess.encke('serve', port === undefined ? { data } : { data, port });
  undo.push(() => server.destroy());
  return server;
}

function connectTo(url: string): KeptConnection {
  const connection = new KeptConnection(url);
  undo.push(() => connection.close());
  return connection;
}

/** Waits for the end of a process that was asked to stop. */
async function stopped(server: ServingProcess): Promise<void> {
  let code: number | null | undefined;
  void server.ended.then((end) => (code = end.code));
  await until('the process to stop', () => code !== undefined, stopMsMax);
  expect(code).toBe(0);
  expect(server.log().filter(({ level }) => level !== 'info')).toEqual([]);
}

class Somebody {
  readonly joined: Joined;
  readonly #connection: KeptConnection;

  static async join(url: string, nick: string): Promise<Somebody> {
    const connection = connectTo(url);
    const answer = await connection.ask({ method: 'POST', path: '/v1/join', body: { nick } });
    return new Somebody(connection, JSON.parse(answer.body) as Joined);
  }

  constructor(connection: KeptConnection, joined: Joined) {
    this.#connection = connection;
    this.joined = joined;
  }

  /** Polls from a cursor; from nowhere else than the join, answered at once. */
  async poll(cursor?: string): Promise<PollReply> {
    const { cursor: first } = this.joined;
    const query = cursor === undefined ? `after=${first}&hold=0` : `after=${cursor}&hold=25`;
    const path = `/v1/poll?${query}&tab=a`;
    const answer = await this.#ask('GET', path);
    if (answer.status !== 200) throw new Error(`The poll was answered ${answer.body}`);
    return JSON.parse(answer.body) as PollReply;
  }

  async say(id: string): Promise<Answer> {
    return await this.#ask('POST', '/v1/messages', { id, text: id });
  }

  async #ask(method: string, path: string, body?: object): Promise<Answer> {
    const { token } = this.joined;
    return await this.#connection.ask({ method, path, token, ...(body && { body }) });
  }
}

async function gather(url: string, count: number): Promise<readonly Somebody[]> {
  const nicks = Array.from({ length: count }, (_, nr) => `guest-${nr}`);
  return await Promise.all(nicks.map((nick) => Somebody.join(url, nick)));
}

async function held(url: string, count: number): Promise<void> {
  await until(`${count} held polls`, async () => {
    const ready = (await (await fetch(`${url}/readyz`)).json()) as { load: { held: number } };
    return ready.load.held === count;
  });
}

test('everybody who waits is sent away, to come back spread over some seconds', async () => {
  const server = start(newFolder());
  const url = await server.open();
  const guests = await gather(url, 150);
  // Their cursors are as old as their joins, and from now on all of them stand at the end.
  const last = await Promise.all(guests.map((guest) => guest.poll()));
  const end = last.toSorted((a, b) => b.to - a.to)[0]?.cursor;
  const polls = guests.map((guest) => guest.poll(end));
  await held(url, guests.length);

  server.signal('SIGTERM');
  const replies = await Promise.all(polls);
  await stopped(server);
  expect(replies.every((reply) => reply.draining === true)).toBe(true);
  expect(replies.every((reply) => reply.entries.length === 0)).toBe(true);
  expect(new Set(replies.map((reply) => reply.cursor))).toEqual(new Set([end ?? '']));
  const waits = replies.map((reply) => reply.next.waitMs);
  // Not before a restart has had a chance, and not so late that it is felt as an outage.
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  // Spread: each quarter of that time brings some of them, and none brings half.
  for (let from = 500; from < 4_500; from += 1_000) {
    const share = waits.filter((wait) => wait >= from && wait < from + 1_000).length / 150;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.5);
  }
});

test('a message that is only half there is not recorded, a new connection is refused', async () => {
  const data = newFolder();
  const server = start(data);
  const url = await server.open();
  const [ada, bob, eve] = await gather(url, 3);
  if (ada === undefined || bob === undefined || eve === undefined) throw new Error('Nobody came');
  const slow = slowPost(url, ada.joined.token, { id: 'slow', text: 'half of it' });
  await slow.isUnderWay;
  const poll = eve.poll((await eve.poll()).cursor);
  await held(url, 1);

  server.signal('SIGTERM');
  expect((await poll).draining).toBe(true);
  // What was not begun may be refused, or lose its connection; it is not recorded.
  const late = await bob.say('late').then(
    ({ status, body }) => `${status} ${(JSON.parse(body) as Problem).code}`,
    (reason: unknown) => (reason instanceof ConnectionLost ? 'lost' : String(reason)),
  );
  expect(['lost', '503 DRAINING']).toContain(late);
  expect(await isRefused(url)).toBe(true);

  // Its author sends it again, with the same id, when there is a server again.
  slow.finish();
  const answer = await slow.answer.catch(() => 'lost');
  expect(answer).toMatch(/^(lost|HTTP\/1\.1 503 )/);
  await stopped(server);
  const again = start(data, new URL(url).port);
  await again.open();
  expect([...(await readHistory(url)).keys()]).toEqual([]);
});

test('of the messages that arrive with the signal, those that are acknowledged stay', async () => {
  const data = newFolder();
  const server = start(data);
  const url = await server.open();
  const guests = await gather(url, 60);
  const answers = guests.map(async (guest) => ({ guest, answer: await guest.say('now') }));
  const first = await Promise.race(answers);
  expect(first.answer.status).toBe(201);
  server.signal('SIGTERM');
  const all = await Promise.allSettled(answers);
  await stopped(server);
  const acknowledged = new Map<string, number>();
  for (const one of all) {
    if (one.status === 'rejected') {
      expect(one.reason).toBeInstanceOf(ConnectionLost);
      continue;
    }
    const { guest, answer } = one.value;
    const { seq, code } = JSON.parse(answer.body) as { seq: number; code?: string };
    if (answer.status === 201) acknowledged.set(`${guest.joined.you.id}:now`, seq);
    else expect(code).toBe('DRAINING');
  }
  expect(faultsIn(readRecorded(data), acknowledged)).toEqual([]);
});

test('a stop and a start under load cost nobody a message or their place', async () => {
  const data = newFolder();
  const server = start(data);
  const url = await server.open();
  const crowd = await HeldMembers.join(url, { members: 300, senders: 20, pauseMs: 1_500 });
  undo.push(() => crowd.close());
  crowd.start();
  await crowd.nextDelivery();
  server.signal('SIGTERM');
  const back = crowd.nextDelivery();
  await stopped(server);
  const again = start(data, new URL(url).port);
  await again.open();
  const { firstMs, allMs } = await back;
  console.log(
    `Stopped and started: next delivery ${Math.round(firstMs)} ms, all ${Math.round(allMs)}`,
  );
  await crowd.settle();
  expect(crowd.troubles).toEqual([]);
  await crowd.close();
  again.signal('SIGTERM');
  await stopped(again);
  const recorded = readRecorded(data);
  expect(faultsIn(recorded, crowd.acknowledged)).toEqual([]);
  expect(movedAmong(recorded, crowd.ids)).toEqual([]);
});

/** A message of which the second half is sent when `finish` is called. */
function slowPost(
  url: string,
  token: string,
  message: object,
): { isUnderWay: Promise<void>; finish(): void; answer: Promise<string> } {
  const { hostname, port } = new URL(url);
  const text = JSON.stringify(message);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  undo.push(() => socket.destroy());
  const head = [
    'POST /v1/messages HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${text.length}`,
    'Expect: 100-continue',
  ];
  const middle = text.length >> 1;
  const underWay = Promise.withResolvers<void>();
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>();
  socket.once('data', (chunk) => {
    if (!chunk.toString().startsWith('HTTP/1.1 100')) reject(new Error(chunk.toString()));
    socket.write(text.slice(0, middle), () => underWay.resolve());
    socket.on('data', (more) => resolve(more.toString()));
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('The connection was closed')));
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return {
    isUnderWay: underWay.promise,
    finish: () => void socket.write(text.slice(middle)),
    answer,
  };
}

/** Whether nobody accepts a connection any more. */
async function isRefused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const say = (isRefused: boolean): void => {
      socket.destroy();
      resolve(isRefused);
    };
    socket.once('connect', () => say(false));
    socket.once('error', () => say(true));
  });
}
