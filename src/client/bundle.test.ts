/** The client as a page gets it: one small file that runs wherever there is `fetch`. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleClient } from './build.ts';
import { machineClock } from './clock.ts';
import { declareClient } from './declarations.ts';
import { FakeRoom } from './testing/fake-room.ts';

setDefaultTimeout(60_000);

let folder = '';
let code = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encke-client-'));
  ({ code } = await bundleClient());
  await Bun.write(join(folder, 'client.mjs'), code);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('it is small and asks for nothing else', () => {
  // A bundle that is too big is not built at all.
  expect(code.length).toBeGreaterThan(0);
  expect(code).not.toMatch(/\bimport\b/);
});

test('it runs in Node, over real connections, and lets the program end', async () => {
  const room = new FakeRoom(machineClock);
  room.next = { waitMs: 1, hold: 25 };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { method, headers } = request;
      return await room.fetch(request.url, { method, headers, body: await request.text() });
    },
  });
  const program = `
    import { connect } from './client.mjs';
    const client = connect({ url: ${JSON.stringify(server.url.origin)} });
    const answered = new Promise((resolve) => client.on('entry', (entry) => {
      if (entry.type === 'message' && entry.text === 'I am') resolve(entry.text);
    }));
    const joined = await client.join('ada');
    const said = await client.say('is anybody here');
    console.log(JSON.stringify([joined.ok, said.ok, await answered]));
    await client.leave();
    client.close();
  `;
  await Bun.write(join(folder, 'program.mjs'), program);
  const running = Bun.spawn(['node', 'program.mjs'], {
    cwd: folder,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  try {
    // Bob answers as soon as somebody has spoken, at length: each word is a poll of its own.
    for (let word = 1; word <= 16; word++) {
      while (running.exitCode === null && !(room.head >= 2 && room.held > 0)) await Bun.sleep(1);
      room.say('bob', word === 16 ? 'I am' : `${word}`);
    }
    const output = await new Response(running.stdout).text();
    expect(JSON.parse(output)).toEqual([true, true, 'I am']);
    expect(await running.exited).toBe(0);
    // Node warns of listeners that pile up, among other things.
    expect(await new Response(running.stderr).text()).toBe('');
    expect(room.members.size).toBe(0);
  } finally {
    running.kill();
    await server.stop(true);
  }
});

test('a program in TypeScript that imports it is checked, and finds what is wrong with it', async () => {
  const root = join(import.meta.dir, '..', '..');
  const installed = join(folder, 'node_modules', 'encke');
  await Bun.write(join(installed, 'package.json'), Bun.file(join(root, 'package.json')));
  await Bun.write(join(installed, 'dist', 'client.js'), code);
  await Bun.write(join(installed, 'dist', 'client.d.ts'), await declareClient());
  await Bun.write(join(folder, 'package.json'), '{"type":"module"}');
  await Bun.write(
    join(folder, 'bot.ts'),
    `import { connect, type Answer, type Message, type Status } from 'encke/client';
    const client = connect({ url: 'http://127.0.0.1:8000' });
    const joined: Answer = await client.join('ada');
    if (!joined.ok && joined.code === 'NICK_TAKEN') console.log(joined.detail);
    for await (const entry of client) {
      if (entry.type === 'message') await client.say(entry.text, { replyTo: entry.seq });
    }
    client.on('status', (now: Status) => {
      if (now.kind === 'waiting') console.log(now.reason.code, now.retryAt - Date.now());
    });
    export function shout({ text, by }: Message): string {
      return by.nick + text.toUpperCase();
    }
    // @ts-expect-error A number is no text.
    void client.say(1);
    // @ts-expect-error Nothing is called so.
    client.on('nothing', () => {});
    // @ts-expect-error It is in the bundle, for itself.
    import { errors } from 'encke/client';
    `,
  );
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const asked = '--ignoreConfig --noEmit --strict --target esnext --lib esnext,dom';
  const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
  const checked = Bun.spawn([tsc, ...asked.split(' '), ...modules, 'bot.ts'], {
    cwd: folder,
    stdout: 'pipe',
  });
  expect(await new Response(checked.stdout).text()).toBe('');
  expect(await checked.exited).toBe(0);
});
