/**
 * Backups, by real processes: one is taken while people talk, and comes back as the same room in
 * another history; whatever is cut short or damaged on the way is never taken for a backup, or for
 * a journal. And raw copies: what the hash in a cursor notices of them.
 */
import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { newEpoch } from '../../src/journal/hash.ts';
import { SqliteStore } from '../../src/journal/sqlite-store.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import type { HistoryPage, Joined, MembersPage, PollReply } from '../../src/protocol/replies.ts';
import { randomOf, seedOf } from '../contract/journal-kit.ts';
import { HeldMembers } from '../kit/held-members.ts';
import { ServingProcess, encke } from '../kit/serving-process.ts';
import { until } from '../kit/until.ts';
import { faultsIn, readRecorded } from './recorded.ts';
import { mountSmallDisk } from './small-disk.ts';

// What takes longer hangs.
setDefaultTimeout(60_000);

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-backup-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(data: string): Promise<{ server: ServingProcess; url: string }> {
  const server = ServingProcess.encke('run', { data });
  undo.push(() => server.destroy());
  return { server, url: await server.open() };
}

/** `encke`, told to do something once. */
function told(...args: string[]): ServingProcess {
  const process = new ServingProcess({ args: [encke, ...args] });
  undo.push(() => process.destroy());
  return process;
}

/** How it ended, and what it said. */
async function done(process: ServingProcess): Promise<[code: number | null, said: string]> {
  const { code } = await process.silent;
  return [code, `${process.printed}${process.logged}`];
}

async function did(...args: string[]): Promise<string> {
  const [code, said] = await done(told(...args));
  if (code !== exitCodes.ok.code) throw new Error(`encke ${args[0]} ended with ${code}: ${said}`);
  return said;
}

/** Somebody who does one thing after another, with the token of their first room wherever it is. */
class Guest {
  readonly joined: Joined;
  #url: string;

  static async join(url: string, nick: string): Promise<Guest> {
    const answer = await ask(url, 'POST', '/v1/join', null, { nick });
    if (answer.status !== 201) throw new Error(`${nick} did not get in: ${answer.text}`);
    return new Guest(url, JSON.parse(answer.text) as Joined);
  }

  constructor(url: string, joined: Joined) {
    this.#url = url;
    this.joined = joined;
  }

  goTo(url: string): void {
    this.#url = url;
  }

  async ask(method: string, path: string, body?: object): Promise<Answered> {
    return await ask(this.#url, method, path, this.joined.token, body);
  }

  async say(text: string): Promise<number> {
    const answer = await this.ask('POST', '/v1/messages', { id: text.replace(/\W/g, '-'), text });
    if (answer.status > 201) throw new Error(`"${text}" was answered ${answer.text}`);
    return (JSON.parse(answer.text) as { seq: number }).seq;
  }

  /** Says a command, which keeps no place in the journal of itself. */
  async command(text: string): Promise<void> {
    const answer = await this.ask('POST', '/v1/messages', { id: crypto.randomUUID(), text });
    if (answer.status !== 200) throw new Error(`${text} was answered ${answer.text}`);
  }

  /** Everything after a cursor, or the code with which it is refused. */
  async poll(cursor: string): Promise<PollReply | string> {
    const answer = await this.ask('GET', `/v1/poll?after=${cursor}&hold=0&tab=a`);
    if (answer.status !== 200) return (JSON.parse(answer.text) as Problem).code;
    return JSON.parse(answer.text) as PollReply;
  }

  /** The cursor at the end of the room. */
  async cursor(): Promise<string> {
    const answer = await this.ask('GET', '/v1/room');
    return (JSON.parse(answer.text) as { cursor: string }).cursor;
  }

  async history(): Promise<HistoryPage['entries']> {
    const entries: HistoryPage['entries'][number][] = [];
    for (let more = true; more;) {
      const path = `/v1/messages?after=${entries.at(-1)?.seq ?? 0}&limit=200`;
      const page = JSON.parse((await this.ask('GET', path)).text) as HistoryPage;
      entries.push(...page.entries);
      ({ more } = page);
    }
    return entries;
  }

  async members(): Promise<MembersPage['members']> {
    const answer = await this.ask('GET', '/v1/members?limit=200');
    return (JSON.parse(answer.text) as MembersPage).members;
  }
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

async function ask(
  url: string,
  method: string,
  path: string,
  token: string | null,
  body?: object,
): Promise<Answered> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

test('a room that people talk in is backed up, and comes back in another history', async () => {
  const [data, place, parent] = [newFolder(), newFolder(), newFolder()];
  const { server, url } = await serve(data);
  const [ada, bob, eve] = [
    await Guest.join(url, 'Ada'),
    await Guest.join(url, 'Bob'),
    await Guest.join(url, 'Eve'),
  ];
  await ada.command(`/keeper ${readFileSync(join(data, 'keeper.code'), 'utf8').trim()}`);
  const [first, second] = [await bob.say('first'), await eve.say('second')];
  await bob.ask('PATCH', `/v1/messages/${first}`, { text: 'first, mended' });
  await ada.ask('PUT', `/v1/messages/${first}/reactions/${encodeURIComponent('👍')}`);
  await ada.ask('DELETE', `/v1/messages/${second}`);
  await ada.command('/ban Eve');
  await ada.command('/topic Comets');

  const crowd = await HeldMembers.join(url, { members: 40, senders: 20, pauseMs: 20 });
  undo.push(() => crowd.close());
  crowd.start();
  await crowd.nextDelivery();
  const file = join(place, 'room.backup');
  const acknowledged = new Map(crowd.acknowledged);
  const said = await did('backup', file, '--data', data);
  const count = Number(/(\d+) entries, up to seq/.exec(said)?.[1]);
  expect(readdirSync(place)).toEqual(['room.backup']);
  await crowd.nextDelivery();
  const cursor = await ada.cursor();
  await crowd.settle();
  expect(crowd.troubles).toEqual([]);
  const [history, members] = [await ada.history(), await ada.members()];
  // Nobody says anything any more: the last message is the end of the journal, and in the backup.
  const late = join(place, 'late.backup');
  await did('backup', late, '--data', data);
  await did('restore', late, '--data', join(parent, 'late'));
  const { acknowledged: all } = crowd;
  expect(faultsIn(readRecorded(join(parent, 'late')), all)).toEqual([]);
  await crowd.close();
  await server.destroy();

  const target = join(parent, 'restored');
  expect(await did('restore', file, '--data', target)).toContain(`${count} entries`);
  expect(acknowledged.size).toBeGreaterThan(0);
  const recorded = readRecorded(target);
  expect(faultsIn(recorded, acknowledged)).toEqual([]);
  expect(recorded.seqs.length).toBe(count);
  // People went on talking meanwhile; otherwise this was no backup under load.
  expect(crowd.acknowledged.size).toBeGreaterThan(acknowledged.size);

  const again = await serve(target);
  for (const guest of [ada, bob, eve]) guest.goTo(again.url);
  expect(await ada.history()).toEqual(history.filter(({ seq }) => seq <= count));
  expect(await ada.members()).toEqual(members);
  expect(members).toContainEqual({ ...ada.joined.you, role: 'keeper' });
  for (const old of [bob.joined.cursor, cursor]) expect(await bob.poll(old)).toBe('GONE');
  // Sessions go on, a message that is sent again is still the same one, and bans hold.
  expect(await bob.say('first')).toBe(first);
  expect(await bob.say('third')).toBe(count + 1);
  await ada.command('/topic Comets, once more');
  const back = await eve.ask('POST', '/v1/join', { nick: 'Eve' });
  expect((JSON.parse(back.text) as Problem).code).toBe('BANNED');
  console.log(`Backed up under load: ${said.trim()}`);
});

test.each(['stopped in order', 'killed'])(
  'an older copy of the file, of a room that was %s, is noticed by those who read further',
  async (how) => {
    const [data, copies] = [newFolder(), newFolder()];
    const end = async (server: ServingProcess): Promise<void> => {
      server.signal(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
      await server.silent;
    };
    const names = (folder: string): string[] =>
      readdirSync(folder).filter((name) => /^journal\.db(-wal)?$/.test(name));
    const one = await serve(data);
    const ada = await Guest.join(one.url, 'Ada');
    const last = await ada.say('in the copy');
    const early = ada.joined.cursor;
    const copied = await ada.cursor();
    await end(one.server);
    for (const name of names(data)) copyFileSync(join(data, name), join(copies, name));
    expect(names(copies)).toHaveLength(how === 'killed' ? 2 : 1);

    const two = await serve(data);
    ada.goTo(two.url);
    for (let nr = 1; nr <= 5; nr++) await ada.say(`lost ${nr}`);
    const beyond = await ada.cursor();
    await end(two.server);
    for (const name of [...names(data), 'journal.db-shm'])
      rmSync(join(data, name), { force: true });
    for (const name of names(copies)) copyFileSync(join(copies, name), join(data, name));

    const three = await serve(data);
    ada.goTo(three.url);
    // Shorter than what they read, it is noticed by the number.
    expect(await ada.poll(beyond)).toBe('GONE');
    expect(await ada.poll(copied)).toMatchObject({ from: last, to: last, entries: [] });
    const seqs: number[] = [];
    for (let nr = 1; nr <= 8; nr++) seqs.push(await ada.say(`new ${nr}`));
    // Grown past them, it is noticed by the hash; they would miss what is new otherwise.
    expect(await ada.poll(beyond)).toBe('GONE');
    const seqsAfter = async (cursor: string): Promise<unknown> => {
      const reply = await ada.poll(cursor);
      return typeof reply === 'string' ? reply : reply.entries.map(({ seq }) => seq);
    };
    expect(await seqsAfter(copied)).toEqual(seqs);
    expect(await seqsAfter(early)).toEqual([last, ...seqs]);
  },
);

test('a backup that is taken while the server is killed has all that was acknowledged', async () => {
  const [data, place] = [newFolder(), newFolder()];
  const random = randomOf(seedOf('killing the server during a backup'));
  const first = await serve(data);
  const { url } = first;
  let { server } = first;
  const crowd = await HeldMembers.join(url, {
    members: 20,
    senders: 10,
    pauseMs: 20,
    againMsMax: 60,
  });
  undo.push(() => crowd.close());
  crowd.start();
  for (let round = 1; round <= 6; round++) {
    await crowd.nextDelivery();
    const file = join(place, `${round}.backup`);
    const acknowledged = new Map(crowd.acknowledged);
    const backup = done(told('backup', file, '--data', data));
    await sleep(150 * random());
    await server.destroy();
    // Every other time there is nobody but the backup who could look after what the crash left.
    if (round % 2 === 0) await backup;
    server = ServingProcess.encke('run', { data, port: new URL(url).port });
    undo.push(() => server.destroy());
    expect((await backup)[0]).toBe(exitCodes.ok.code);
    await server.open();
    const target = join(place, `${round}`);
    await did('restore', file, '--data', target);
    expect(faultsIn(readRecorded(target), acknowledged)).toEqual([]);
  }
  await crowd.settle();
  expect(crowd.troubles).toEqual([]);
});

test('of backups with the same name at the same time one stays, and it is whole', async () => {
  const { data, count } = longJournal();
  const file = join(newFolder(), 'room.backup');
  const all = await Promise.all(
    [1, 2, 3].map(async () => await done(told('backup', file, '--data', data))),
  );
  const { ok, cannotCreate } = exitCodes;
  const codes = all.map(([code]) => code);
  expect(codes).toContain(ok.code);
  expect(codes.filter((code) => code !== ok.code && code !== cannotCreate.code)).toEqual([]);
  expect(readdirSync(dirname(file))).toEqual(['room.backup']);
  const target = newFolder();
  expect(await did('restore', file, '--data', target)).toContain(`${count} entries`);
});

/** A journal that takes a second or two to copy, and how many entries it has. */
function longJournal(): { readonly data: string; readonly count: number } {
  const data = newFolder();
  const store = new SqliteStore(data, newEpoch());
  const by = { id: 'ada_____________', nick: 'Ada', role: 'member' };
  const count = 40_000;
  for (let from = 0; from < count; from += 2_000) {
    const drafts = Array.from({ length: 2_000 }, (_, index) => {
      const id = `${from + index + 1}`;
      const json = JSON.stringify({
        type: 'message',
        id,
        by,
        text: `text ${id} ${'x'.repeat(80)}`,
      });
      return { key: id, at: from, json };
    });
    store.commit({ drafts, beatAt: null });
    store.checkpoint();
  }
  store.close();
  return { data, count };
}

async function killWhen(process: ServingProcess, path: string, bytesMin: number): Promise<void> {
  await until(`${path} to grow`, () => existsSync(path) && statSync(path).size >= bytesMin);
  process.signal('SIGKILL');
  const { signal } = await process.silent;
  expect(signal).toBe('SIGKILL');
}

test('a backup that is killed leaves no file of its name, and the next one is whole', async () => {
  const { data, count } = longJournal();
  const file = join(newFolder(), 'room.backup');
  const process = told('backup', file, '--data', data);
  await killWhen(process, `${file}.${process.pid}.part`, 500_000);
  expect(existsSync(file)).toBe(false);
  expect(await did('backup', file, '--data', data)).toContain(`${count} entries`);
  expect(readdirSync(dirname(file))).toEqual(['room.backup']);
});

test('a backup onto a disk without room ends with a sentence, and leaves nothing', async () => {
  const disk = mountSmallDisk({ megabytes: 48, blockBytes: 4096 });
  if (disk === null) return;
  undo.push(() => disk.unmount());
  const { data, count } = longJournal();
  const file = join(disk.path, 'room.backup');
  disk.fill(14 * 1024 * 1024);
  const free = disk.freeBytes();
  const [code, said] = await done(told('backup', file, '--data', data));
  expect(code).toBe(exitCodes.diskFull.code);
  expect(said).toContain('has no room for the backup');
  expect(readdirSync(disk.path).filter((name) => name.startsWith('room'))).toEqual([]);
  expect(disk.freeBytes()).toBe(free);
  disk.empty();
  expect(await did('backup', file, '--data', data)).toContain(`${count} entries`);
});

test('a restore that is killed leaves nothing that looks like a journal', async () => {
  const { data, count } = longJournal();
  const [place, target] = [newFolder(), newFolder()];
  const file = join(place, 'room.backup');
  await did('backup', file, '--data', data);
  const process = told('restore', file, '--data', target);
  await killWhen(process, join(target, 'restore.part', 'journal.db'), 1_000_000);
  expect(readdirSync(target).toSorted()).toEqual(['journal.lock', 'restore.part']);
  expect(await did('restore', file, '--data', target)).toContain(`${count} entries`);
  expect(readRecorded(target).seqs.length).toBe(count);
});

test('a byte that flipped in a backup is noticed, with the entry that it was in', async () => {
  const [data, parent] = [newFolder(), newFolder()];
  const store = new SqliteStore(data, newEpoch());
  const drafts = Array.from({ length: 900 }, (_, nr) => ({
    key: `${nr}`,
    at: nr,
    json: JSON.stringify({ type: 'message', id: `${nr}`, text: `<${nr + 1}>` }),
  }));
  store.commit({ drafts, beatAt: null });
  store.close();
  const file = join(parent, 'room.backup');
  await did('backup', file, '--data', data);
  const bytes = readFileSync(file);
  const at = bytes.indexOf('<777>');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
  const [code, said] = await done(told('restore', file, '--data', join(parent, 'new')));
  expect(code).toBe(exitCodes.badData.code);
  expect(said).toContain('entry 777 is not what was recorded');
  expect(readdirSync(parent)).toEqual(['room.backup']);
});

test('what cannot be done is said in a sentence, with an exit code of its own', async () => {
  const [data, empty, place] = [newFolder(), newFolder(), newFolder()];
  const file = join(place, 'room.backup');
  const { server } = await serve(data);
  await did('backup', file, '--data', data);
  const cases: [keyof typeof exitCodes, string, string[]][] = [
    ['cannotCreate', 'is there already', ['backup', file, '--data', data]],
    ['cannotCreate', 'cannot be written', ['backup', join(place, 'no', 'b'), '--data', data]],
    ['noInput', 'There is no journal', ['backup', `${file}2`, '--data', empty]],
    ['badData', `in use by process ${server.pid}`, ['restore', file, '--data', data]],
    ['noInput', 'cannot be read', ['restore', join(place, 'nothing'), '--data', empty]],
    ['badData', 'a folder', ['restore', place, '--data', empty]],
    ['usage', 'takes one file', ['backup']],
    ['usage', 'takes one file', ['restore', file, data]],
    ['badOptions', 'leave it out', ['backup', `${file}2`, '--data', data, '--port', '1']],
  ];
  for (const [code, sentence, args] of cases) {
    const [ended, said] = await done(told(...args));
    expect([said, ended]).toEqual([expect.stringContaining(sentence), exitCodes[code].code]);
    expect(said.trim().split('\n')).toHaveLength(1);
  }
  expect(readdirSync(place)).toEqual(['room.backup']);
  server.signal('SIGTERM');
  await server.silent;
  const [code, said] = await done(told('restore', file, '--data', data));
  expect(said).toContain('move journal.db away');
  expect(code).toBe(exitCodes.cannotCreate.code);
});
