/** `encke serve` as people run it: real processes that hang, grow, die and cannot start. */
import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { intensity } from '../../src/chat/tree.ts';
import { lockFolder } from '../../src/journal/folder-lock.ts';
import type { Joined, PollReply } from '../../src/protocol/replies.ts';
import { KeptConnection } from '../kit/kept-connection.ts';
import { apartHost, isAlive, ServingProcess } from '../kit/serving-process.ts';
import { until } from '../kit/until.ts';

// What takes longer hangs.
setDefaultTimeout(60_000);

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-guarded-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function started(server: ServingProcess): ServingProcess {
  undo.push(() => server.destroy());
  return server;
}

/** The status of an answer; null while nobody answers. */
async function statusOf(url: string): Promise<number | null> {
  return await fetch(url).then(
    ({ status }) => status,
    () => null,
  );
}

test('a serving process that hangs is killed and replaced at the same address', async () => {
  const server = started(ServingProcess.encke('serve', { data: newFolder() }));
  const url = await server.open();
  const first = await server.nextChild(null);
  process.kill(first, 'SIGSTOP');
  const killed = await server.line('The serving process is killed');
  expect(killed).toMatchObject({ pid: first, why: 'its event loop hangs' });
  await until('the next process to serve', async () => (await statusOf(`${url}/readyz`)) === 200);
  expect(await server.nextChild(null)).not.toBe(first);
  expect(isAlive(first)).toBe(false);
  server.signal('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

test('a serving process that takes too much memory is killed and replaced', async () => {
  const [guarding, hungry] = ['guarding.ts', 'hungry-program.ts'].map((name) =>
    join(import.meta.dirname, name),
  );
  const server = started(new ServingProcess({ args: [guarding ?? '', hungry ?? '', '256'] }));
  await server.open();
  const first = await server.nextChild(null);
  const killed = await server.line('The serving process is killed');
  expect(killed.pid).toBe(first);
  expect(killed['why']).toMatch(/^it takes \d+ MB of memory$/);
  await server.line('The serving process is restarted');
  await until('the second one to serve', () => server.printed.match(/is open at/g)?.length === 2);
  const second = await server.nextChild(null);
  expect(second).not.toBe(first);
  server.signal('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(isAlive(second)).toBe(false);
});

test('a serving process whose parent is killed stops in order', async () => {
  const data = newFolder();
  const server = started(ServingProcess.encke('serve', { data }));
  const url = await server.open();
  const child = await server.nextChild(null);
  undo.push(() => isAlive(child) && process.kill(child, 'SIGKILL'));
  const connection = new KeptConnection(url);
  undo.push(() => connection.close());
  const body = { nick: 'Ada' };
  const joined = await connection.ask({ method: 'POST', path: '/v1/join', body });
  const { token, cursor } = JSON.parse(joined.body) as Joined;
  const path = `/v1/poll?after=${cursor}&hold=25`;
  const poll = connection.ask({ method: 'GET', path, token });
  await until('the poll to be held', async () => {
    const ready = (await (await fetch(`${url}/readyz`)).json()) as { load: { held: number } };
    return ready.load.held === 1;
  });

  server.signal('SIGKILL');
  const answer = await poll;
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body) as PollReply).toMatchObject({ draining: true, entries: [] });
  await until('the child to end', () => !isAlive(child));
  expect(server.log().filter(({ level }) => level === 'error')).toEqual([]);
  // The journal was closed, and its folder is free.
  lockFolder(data).release();
  expect(await statusOf(url)).toBeNull();
});

test('stopping it while the serving process starts is stopping it', async () => {
  const server = started(ServingProcess.encke('serve', { data: newFolder() }));
  // The child exists, and has had no time yet to say what a signal means to it.
  const child = await server.nextChild(null);
  server.signal('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(isAlive(child)).toBe(false);
});

test('two servers do not share a port', async () => {
  const first = started(ServingProcess.encke('serve', { data: newFolder() }));
  const { port } = new URL(await first.open());
  const second = started(ServingProcess.encke('run', { data: newFolder(), port }));
  expect(await second.silent).toEqual({ code: 69, signal: null });
});

test('a port that is taken ends the start with one clear line', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, apartHost, () => {
      const address = other.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  undo.push(() => other.close());
  const server = started(ServingProcess.encke('serve', { data: newFolder(), port: String(port) }));
  expect(await server.silent).toEqual({ code: 69, signal: null });
  expect(server.printed).toBe('');
  expect(server.log()).toHaveLength(1);
  expect(server.log()[0]).toMatchObject({
    level: 'error',
    message: `Something else listens on "${apartHost}:${port}" already, choose another with --port`,
  });
});

test('a data folder that is held ends the start with one clear line', async () => {
  const data = newFolder();
  const first = started(ServingProcess.encke('serve', { data }));
  await first.open();
  const holder = await first.nextChild(null);
  const second = started(ServingProcess.encke('serve', { data }));
  expect(await second.silent).toEqual({ code: 65, signal: null });
  expect(second.printed).toBe('');
  expect(second.log()).toHaveLength(1);
  expect(second.log()[0]?.message).toContain(`is in use by process ${holder}`);
  expect(isAlive(holder)).toBe(true);
});

test('a serving process that dies again and again is given up with a clear last line', async () => {
  const server = started(ServingProcess.encke('serve', { data: newFolder() }));
  await server.open();
  let child: number | null = null;
  for (let restarts = 0; restarts <= intensity; restarts++) {
    child = await server.nextChild(child);
    process.kill(child, 'SIGKILL');
  }
  expect(await server.silent).toEqual({ code: 70, signal: null });
  expect(server.childPid()).toBeNull();
  expect(server.log().at(-1)).toMatchObject({
    level: 'error',
    message: 'Encke gives up: the serving process ends again and again',
    reason: 'signal SIGKILL',
    rule: '3 restarts in 10 s',
    code: 70,
  });
  expect(server.log().filter(({ level }) => level === 'warn')).toHaveLength(intensity);
});
