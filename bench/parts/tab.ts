/**
 * What a tab costs its reader: the processor time and the memory of Chromium's processes with the
 * page open and somebody joined, first in a room where nothing happens, then with twenty messages a
 * second. Chromium with a blank page in place of the room is measured before, and taken off.
 *
 *     bun bench/parts/tab.ts [minutes of rest, 10 by default] [folder of another version]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startGenerator } from '../generator.ts';
import { buildPrograms } from '../programs.ts';
import { startEncke } from '../servers/encke.ts';
import { cpuMs, familyOf, proportionalBytes } from '../usage.ts';
import { tell } from './figures.ts';

const restMinutes = Number(process.argv[2] ?? 10);
const programs = await buildPrograms(resolve(process.argv[3] ?? join(import.meta.dir, '../..')));
const busySeconds = 60;
/** What it takes to open a page is no part of having it open. */
const settleMs = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-tab-'));
const flags = ['--pace', '10'];
const server = await startEncke(folder, {
  program: programs.encke,
  data: join(folder, 'data'),
  flags,
});
const browser = await chromium.launch({
  executablePath: process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const pid = familyOf(process.pid).find((one) => one !== process.pid && isChromium(one)) ?? 0;
try {
  const page = await browser.newPage();
  await page.goto('about:blank');
  await Bun.sleep(settleMs);
  const blank = await measure('a blank page', page, 30_000);
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.getByRole('textbox').first().fill('Reader');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /message/i }).waitFor();
  await Bun.sleep(settleMs);
  await measure(`at rest for ${restMinutes} minutes`, page, restMinutes * 60_000, blank);
  await using generator = startGenerator(programs.generator, 'encke', server.port, 100);
  generator.openLanes(40);
  await generator.hold(1);
  const count = 20 * busySeconds;
  const sent = generator.send(count, { gapMs: 50 });
  await measure('20 messages a second', page, busySeconds * 1_000, blank);
  await sent;
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

interface Used {
  /** Milliseconds of processor time a second. */
  readonly cpu: number;
  readonly resident: number;
}

async function measure(what: string, page: Page, ms: number, blank?: Used): Promise<Used> {
  const beforeMs = cpuMs(pid);
  const begin = performance.now();
  await Bun.sleep(ms);
  const cpu = ((cpuMs(pid) - beforeMs) * 1_000) / (performance.now() - begin);
  const used = { cpu, resident: proportionalBytes(pid) };
  const heap = await page.evaluate(() => {
    return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
  });
  tell(what, {
    'ms CPU a second': cpu - (blank?.cpu ?? 0),
    'MB more than blank': (used.resident - (blank?.resident ?? 0)) / 2 ** 20,
    'MB of heap': heap / 2 ** 20,
  });
  return used;
}

function isChromium(one: number): boolean {
  const { stdout } = Bun.spawnSync(['ps', '-o', 'args=', '-p', String(one)]);
  const line = stdout.toString();
  return /chrom/i.test(line) && !line.includes('bun');
}
