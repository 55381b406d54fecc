/**
 * Invariants I2, I3 and I8: whatever dies while a thousand polls are held and messages are sent,
 * everybody receives every acknowledged message exactly once, in order, and is still a member.
 */
import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '../../src/chat/server.ts';
import { intensity } from '../../src/chat/tree.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { Joined } from '../../src/protocol/replies.ts';
import { HeldMembers, type CrowdOptions } from '../kit/held-members.ts';
import { KeptConnection } from '../kit/kept-connection.ts';
import { apartHost, ServingProcess } from '../kit/serving-process.ts';
import { until } from '../kit/until.ts';
import { faultsIn, movedAmong, readRecorded } from './recorded.ts';

// What takes longer hangs.
setDefaultTimeout(60_000);

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A message every 50 ms or so: often enough that every crash falls between some. */
const thousand: CrowdOptions = { members: 1_000, senders: 24, pauseMs: 1_200 };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-fault-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function started(server: ServingProcess): ServingProcess {
  undo.push(() => server.destroy());
  return server;
}

function startCrashing(data: string): ServingProcess {
  const args = ['--host', apartHost, '--port', '0', '--data', data, '--address-limits', 'off'];
  const program = join(import.meta.dirname, 'crashing-server.ts');
  return started(new ServingProcess({ args: [program, ...args], heard: () => undefined }));
}

async function gather(server: ServingProcess, options: CrowdOptions): Promise<HeldMembers> {
  const crowd = await HeldMembers.join(await server.open(), options);
  undo.push(() => crowd.close());
  crowd.start();
  await crowd.nextDelivery();
  return crowd;
}

async function joinAs(connection: KeptConnection, nick: string): Promise<Joined> {
  const answer = await connection.ask({ method: 'POST', path: '/v1/join', body: { nick } });
  return JSON.parse(answer.body) as Joined;
}

/**
 * So many entries that nobody is told of: people come and go. After as many as are kept in memory
 * nothing there tells any more who came before.
 */
async function comeAndGo(url: string, entries: number): Promise<void> {
  const passers = 32;
  const pass = async (nr: number): Promise<void> => {
    const connection = new KeptConnection(url);
    for (let recorded = 0; recorded < entries / passers; recorded += 2) {
      const { token } = await joinAs(connection, `passer-${nr}`);
      await connection.ask({ method: 'POST', path: '/v1/leave', token, body: {} });
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: passers }, (_, nr) => pass(nr)));
}

function restartsOf(server: ServingProcess): number {
  return server.log().filter(({ message }) => message === 'A service was restarted').length;
}

async function onlineAt(url: string): Promise<number> {
  const ready = (await (await fetch(`${url}/readyz`)).json()) as { online: number | null };
  return ready.online ?? 0;
}

/** Does something terrible, and tells how long it took until the next message came through. */
async function survive(crowd: HeldMembers, what: string, strike: () => void): Promise<void> {
  const delivered = crowd.nextDelivery();
  strike();
  const { firstMs, allMs } = await delivered;
  const times = `${Math.round(firstMs)} ms, to all ${crowd.ids.length} ${Math.round(allMs)} ms`;
  console.log(`${what} killed: to the next delivery ${times}`);
}

/** Ends the run, and compares what everybody knows with what is on the disk. */
async function account(crowd: HeldMembers, server: ServingProcess, data: string): Promise<void> {
  await crowd.settle();
  expect(crowd.troubles).toEqual([]);
  expect(crowd.acknowledged.size).toBeGreaterThan(0);
  await crowd.close();
  server.signal('SIGTERM');
  await server.ended;
  const recorded = readRecorded(data);
  expect(faultsIn(recorded, crowd.acknowledged)).toEqual([]);
  expect(movedAmong(recorded, crowd.ids)).toEqual([]);
}

test('each service is killed in turn, and nobody loses a message or their place', async () => {
  const data = newFolder();
  const server = startCrashing(data);
  const crowd = await gather(server, thousand);
  await survive(crowd, 'nothing', () => undefined);
  const services: readonly ServiceName[] = ['room', 'post-office', 'web', 'journal'];
  for (const service of services) {
    await survive(crowd, service, () => server.send([service]));
    await server.line('A service was restarted', services.indexOf(service) + 1);
  }
  await account(crowd, server, data);
});

const pairs: readonly (readonly [ServiceName, ServiceName])[] = [
  ['room', 'post-office'],
  ['post-office', 'room'],
  ['journal', 'post-office'],
  ['web', 'room'],
];

test.each(pairs)('%s and %s are killed at once, and nobody loses anything', async (...pair) => {
  const data = newFolder();
  const server = startCrashing(data);
  const crowd = await gather(server, { members: 150, senders: 10, pauseMs: 300 });
  await survive(crowd, pair.join(' and '), () => server.send(pair));
  await server.line('A service was restarted', pair.length);
  await account(crowd, server, data);
});

test('members of long standing stay when post office and room die at once', async () => {
  const server = startCrashing(newFolder());
  const url = await server.open();
  const guests = await Promise.all(
    Array.from({ length: 16 }, async (_, nr) => {
      const connection = new KeptConnection(url);
      undo.push(() => connection.close());
      return { connection, joined: await joinAs(connection, `guest-${nr}`) };
    }),
  );
  await comeAndGo(url, limits.ringEntriesMax);

  const answers = new Map<string, number>();
  const over = new AbortController();
  const loops = guests.map(async ({ connection, joined: { token, cursor } }) => {
    while (!over.signal.aborted) {
      const path = `/v1/poll?after=${cursor}&hold=0`;
      const { status, body } = await connection.ask({ method: 'GET', path, token });
      const { code = 'OK' } = JSON.parse(body) as { code?: string };
      answers.set(`${status} ${code}`, (answers.get(`${status} ${code}`) ?? 0) + 1);
    }
  });
  await until('polls to be answered', () => (answers.get('200 OK') ?? 0) > 100);
  server.send(['post-office', 'room']);
  await server.line('A service was restarted', 2);
  const before = answers.get('200 OK') ?? 0;
  await until('polls to be answered again', () => (answers.get('200 OK') ?? 0) > before + 100);
  over.abort();
  await Promise.all(loops);
  answers.delete('503 BUSY');
  expect([...answers.keys()]).toEqual(['200 OK']);
});

test('who comes in while everything dies comes in once', async () => {
  const data = newFolder();
  const server = startCrashing(data);
  const url = await server.open();
  const joining = HeldMembers.join(url, { members: 400, senders: 5, pauseMs: 300 });
  await until('some to be in', async () => (await onlineAt(url)) > 100);
  server.send(['journal', 'room', 'post-office', 'web']);
  const crowd = await joining;
  undo.push(() => crowd.close());
  await server.line('A service was restarted', 4);
  crowd.start();
  await crowd.nextDelivery();
  await account(crowd, server, data);
});

test('a service that dies too often takes its supervisor with it, and nothing else', async () => {
  const data = newFolder();
  const server = startCrashing(data);
  const crowd = await gather(server, { members: 150, senders: 10, pauseMs: 300 });
  for (let restarts = 0; restarts < intensity; restarts++) {
    server.send(['room']);
    await server.line('A service was restarted', restarts + 1);
  }
  await survive(crowd, 'room, once too often,', () => server.send(['room']));
  expect(await server.line('A supervisor gives up')).toMatchObject({ supervisor: 'chat' });
  await server.line('A service was restarted', intensity + 1);
  await account(crowd, server, data);
});

test('a service that goes on dying ends the process, with a clear last line', async () => {
  const server = startCrashing(newFolder());
  await server.open();
  for (let crashes = 1; !server.hasEnded; crashes++) {
    server.send(['room']);
    await until(
      'the next life, or the end',
      () => server.hasEnded || restartsOf(server) === crashes,
    );
  }
  expect(await server.silent).toEqual({ code: exitCodes.gaveUp.code, signal: null });
  expect(server.log().at(-1)).toMatchObject({ level: 'error', message: 'The server stops' });
  expect(server.log().at(-1)?.['reason']).toStartWith('"encke" gave up on "chat"');
});

test('the process is killed with kill -9, and nobody loses a message or their place', async () => {
  const data = newFolder();
  const server = started(ServingProcess.encke('serve', { data }));
  const crowd = await gather(server, thousand);
  await comeAndGo(await server.open(), limits.ringEntriesMax);
  const pid = await server.nextChild(null);
  await survive(crowd, 'the serving process', () => process.kill(pid, 'SIGKILL'));
  expect(await server.nextChild(null)).not.toBe(pid);
  await account(crowd, server, data);
});
