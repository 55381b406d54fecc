/** The example of the guide, as it stands there, in a room of its own. */
import { expect, test } from 'bun:test';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/client/client.ts';
import { startServer } from '../kit/running-server.ts';

const root = join(import.meta.dirname, '..', '..');

test('the bot of the guide joins, welcomes who comes, answers, and ends when it is sent out', async () => {
  const guide = await readFile(join(root, 'docs', 'guide', 'bots.md'), 'utf8');
  const bot = /```js\n(.*?)```/s.exec(guide)?.[1] ?? '';
  expect(bot.trim().split('\n').length).toBeLessThanOrEqual(20);

  const folder = await mkdtemp(join(tmpdir(), 'encke-bot-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules', 'encke'));
  await writeFile(join(folder, 'dice.js'), bot);
  const server = await startServer();
  const running = Bun.spawn([process.execPath, 'dice.js'], {
    cwd: folder,
    env: { ...process.env, ENCKE_URL: server.url },
    stdout: 'pipe',
  });
  const client = connect({ url: server.url });
  try {
    while (running.exitCode === null && !(await isIn('dice'))) await Bun.sleep(20);
    expect(await client.join('ada')).toMatchObject({ ok: true });
    const heard: string[] = [];
    for await (const entry of client) {
      if (entry.type !== 'message' || entry.by.nick !== 'dice') continue;
      heard.push(entry.text);
      if (heard.length === 2) break;
      const said = await client.say('!roll');
      expect(said).toMatchObject({ ok: true });
    }
    expect(heard[0]).toBe('Welcome, ada. Say "!roll" and I roll the dice.');
    expect(heard[1]).toMatch(/^ada rolls [1-6]$/);

    const code = (await readFile(join(server.data, 'keeper.code'), 'utf8')).trim();
    expect(await client.say(`/keeper ${code}`)).toMatchObject({ ok: true });
    expect(await client.say('/kick dice')).toMatchObject({ ok: true });
    const printed = await new Response(running.stdout).text();
    expect(printed).toStartWith('connecting\nlive\n');
    expect(printed).toContain('FORBIDDEN');
    expect(await running.exited).toBe(0);
  } finally {
    running.kill();
    await running.exited;
    client.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }

  async function isIn(nick: string): Promise<boolean> {
    const room = await client.look();
    return room.ok && (room.members ?? []).some((member) => member.nick === nick);
  }
});
