/**
 * What it is like to scroll through ten thousand messages. Chromium opens a room in which they were
 * said, scrolls back until all of them are loaded, a page of history at a time, and then down and
 * up through what is loaded, as fast as a strong swipe goes. A frame that keeps up takes 16.7 ms;
 * whoever scrolls sees those that take longer.
 *
 *     bun bench/parts/scroll.ts [times slower than this machine, 1 by default] [another version]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import type { EntryBody, MemberId, Seq } from '../../src/protocol/entries.ts';
import { startEncke } from '../servers/encke.ts';
import { percentile, tell } from './figures.ts';
import { openParts } from './folder.ts';

const messages = 10_000;
const speakers = 50;
/** What is scrolled in a frame: at 60 a second, thirty heights of the view in a second. */
const stepPx = 400;

const slowdown = Number(process.argv[2] ?? 1);
const root = resolve(process.argv[3] ?? join(import.meta.dir, '../..'));
const folder = mkdtempSync(join(tmpdir(), 'bench-scroll-'));
const data = join(folder, 'data');
await fill(data);
// The page as its sources are now.
Bun.spawnSync([process.execPath, join(root, 'src/ui/build.ts'), join(root, 'dist/ui')]);
const server = await startEncke(folder, { program: join(root, 'src/encke.ts'), data });
const browser = await chromium.launch({
  executablePath: process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const devtools = await page.context().newCDPSession(page);
try {
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  // Time in which the page's thread runs: what else the machine does is not in it.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.getByText(`Number ${messages - 1} of`).waitFor();
  await tellWhatIsThere('the newest messages');
  const back = await scrolls('back, while it loads', -stepPx, true);
  tell('a page of history, from asked to drawn', spread(back.pagesMs));
  await tellWhatIsThere('all messages');
  await scrolls('down through all of them', stepPx);
  await scrolls('up through all of them', -stepPx);
  await tellWhatIsThere('afterwards');
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

function spread(allMs: readonly number[]): Record<string, number> {
  return {
    count: allMs.length,
    'median ms': percentile(allMs, 0.5),
    'p99 ms': percentile(allMs, 0.99),
    'longest ms': Math.max(...allMs),
  };
}

async function scrolls(what: string, stepPx: number, isLoading = false): Promise<Scrolled> {
  const before = await metric('TaskDuration');
  const done = await page.evaluate(scroll, { stepPx, isLoading });
  const cpuMs = ((await metric('TaskDuration')) - before) * 1_000;
  tell(what, { ...spread(done.framesMs), 'ms CPU each': cpuMs / done.framesMs.length });
  return done;
}

async function tellWhatIsThere(what: string): Promise<void> {
  await devtools.send('HeapProfiler.collectGarbage');
  const shown = await page.evaluate(() => ({
    messages: document.querySelectorAll('.said[id]').length,
    elements: document.querySelectorAll('*').length,
  }));
  const heapMb = (await metric('JSHeapUsedSize')) / 2 ** 20;
  tell(what, { ...shown, 'DOM nodes': await metric('Nodes'), 'MB of heap': heapMb });
}

async function metric(name: string): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name)?.value ?? 0;
}

interface Scrolled {
  readonly framesMs: number[];
  readonly pagesMs: number[];
}

/** Runs in the page: scrolls by steps to an edge; while it loads, to where the room begins. */
async function scroll(way: { stepPx: number; isLoading: boolean }): Promise<Scrolled> {
  const log = document.querySelector('.log');
  if (log === null) throw new Error('There is nothing to scroll');
  const framesMs: number[] = [];
  const pagesMs: number[] = [];
  let askedAt: number | null = null;
  const loads = new MutationObserver(() => {
    const isAsked = log.querySelector('.older [aria-disabled=true]') !== null;
    if (!isAsked && askedAt !== null) pagesMs.push(performance.now() - askedAt);
    askedAt = isAsked ? (askedAt ?? performance.now()) : null;
  });
  loads.observe(log, { subtree: true, attributeFilter: ['aria-disabled'] });
  await new Promise<void>((resolve) => {
    let last: number | null = null;
    const step = (now: number): void => {
      if (last !== null) framesMs.push(now - last);
      last = now;
      const leftPx =
        way.stepPx < 0 ? log.scrollTop : log.scrollHeight - log.clientHeight - log.scrollTop;
      const isWhole = !way.isLoading || log.querySelector('.beginning') !== null;
      if (leftPx < 1 && isWhole) return resolve();
      log.scrollBy({ top: way.stepPx, behavior: 'instant' });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  loads.disconnect();
  return { framesMs, pagesMs };
}

/** Fills a data folder with what people say: short and long, with marks, with answers. */
async function fill(to: string): Promise<void> {
  await using parts = await openParts(to);
  const portion = 2_000;
  for (let from = 0; from < messages; from += portion) {
    const numbers = Array.from({ length: portion }, (_, index) => from + index);
    await Promise.all(
      numbers.map(async (nr) => await parts.journal.append({ key: `k${nr}`, body: bodyOf(nr) })),
    );
  }
}

function bodyOf(nr: number): EntryBody {
  // Some say several things in a row.
  const speaker = Math.floor(nr / 3) % speakers;
  const id = `speaker-${speaker}`.padEnd(16, '_') as MemberId;
  const rest = ['.', ', and **this** matters', ': see https://example.org/', ' with `code`.'];
  const text = `Number ${nr} of all${rest[nr % rest.length]}${' And so on.'.repeat((nr * 7) % 30)}`;
  const answered = nr % 10 === 9 ? { replyTo: (nr - 5) as Seq } : {};
  return {
    type: 'message',
    id: `m${nr}`,
    by: { id, nick: `speaker ${speaker}`, role: 'member' },
    text,
    ...answered,
  };
}
