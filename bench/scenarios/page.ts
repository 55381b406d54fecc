/** The page: how many bytes it takes, and how long until the first message can be read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Scenario } from '../scenario.ts';
import { generatorCore, serverCore } from '../server.ts';
import { startPeer } from '../servers/peers.ts';
import { spreadOf } from '../statistics.ts';

const loads = 10;

export const page: Scenario = {
  name: 'page',
  title: 'Loading the page',
  shows: `Ten loads by Debian's Chromium without a cache, in a room with a few messages.
**Bytes** are those of the HTML, the script and the style that were asked for before the first
message was seen, as they were sent, the shared worker's among them; from its own machine
Chromium takes Brotli. **Message visible** is the first frame after the first message has been put
into the page, from when the navigation began. Chromium has both cores: it is several processes,
and nothing else is measured.`,
  peers: ['encke'],
  roundsMax: 1,
  columns: [
    { figure: 'kb', title: 'bytes', unit: 'kB', digits: 1 },
    { figure: 'requests', title: 'requests', unit: '', digits: 0 },
    { figure: 'visibleMs', title: 'message visible', unit: 'ms', digits: 0 },
    { figure: 'visibleMsMax', title: 'longest', unit: 'ms', digits: 0 },
  ],
  async *measure(peer, bench) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
    const data = join(folder, 'data');
    const server = await startPeer(peer, folder, bench, { members: 0, data });
    const url = `http://127.0.0.1:${server.port}`;
    await talk(url);
    runOn(`${serverCore},${generatorCore}`);
    const browser = await chromium.launch({
      executablePath: process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    // The first load of a browser is the start of its processes, too: it is not counted.
    await load(browser, url);
    const all = [];
    for (let nr = 0; nr < loads; nr++) all.push(await load(browser, url));
    await browser.close();
    runOn(String(generatorCore));
    await server.stop();
    rmSync(folder, { recursive: true });
    const visible = spreadOf(all.map(({ visibleMs }) => visibleMs));
    yield {
      name: `${loads} loads`,
      figures: {
        kb: (all[0]?.bytes ?? 0) / 1_000,
        requests: all[0]?.requests ?? 0,
        visibleMs: visible?.median ?? 0,
        visibleMsMax: visible?.highest ?? 0,
      },
      failed: null,
    };
  },
};

/** On which cores this process runs, and whatever it starts from now on. */
function runOn(cores: string): void {
  Bun.spawnSync(['taskset', '-acp', cores, String(process.pid)]);
}

async function talk(url: string): Promise<void> {
  const post = async (path: string, body: object, token?: string): Promise<Response> =>
    await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
  const { token } = (await (await post('/v1/join', { nick: 'Ada' })).json()) as { token: string };
  for (let nr = 0; nr < 5; nr++) {
    const said = await post('/v1/messages', { id: `m${nr}`, text: `Message ${nr}` }, token);
    if (said.status !== 201) throw new Error(`Nothing could be said: ${said.status}`);
  }
}

async function load(
  browser: Browser,
  url: string,
): Promise<{ bytes: number; requests: number; visibleMs: number }> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.said') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => performance.mark('first message'));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await tab.goto(url, { waitUntil: 'commit' });
  await tab.waitForFunction(() => performance.getEntriesByName('first message').length > 0);
  await tab.waitForLoadState('load');
  const { sizes, visibleMs } = await loadedFirst(tab);
  sizes.push(await workerBytes(tab));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  await context.close();
  return { bytes, requests: sizes.length, visibleMs };
}

/**
 * When the first message was seen, and the size of each part of the page that was asked for before
 * that. What is asked for afterwards is loaded later on purpose.
 */
async function loadedFirst(tab: Page): Promise<{ sizes: number[]; visibleMs: number }> {
  return await tab.evaluate(() => {
    const visibleMs = performance.getEntriesByName('first message')[0]?.startTime ?? 0;
    const asked = ['navigation', 'resource'].flatMap(
      (type) => performance.getEntriesByType(type) as PerformanceResourceTiming[],
    );
    const sizes = asked
      .filter(({ name, startTime }) => {
        return startTime < visibleMs && /(\/|\.js|\.css)$/.test(new URL(name).pathname);
      })
      .map(({ encodedBodySize }) => encodedBodySize);
    return { sizes, visibleMs };
  });
}

/** The script of the shared worker, whose requests a page does not see, as it is sent. */
async function workerBytes(tab: Page): Promise<number> {
  return await tab.evaluate(async () => {
    const name = document.querySelector<HTMLElement>('script[data-room]')?.dataset['room'] ?? '';
    const address = new URL(name, document.baseURI).href;
    await (await fetch(address, { cache: 'reload' })).arrayBuffer();
    const [timing] = performance.getEntriesByName(address) as PerformanceResourceTiming[];
    return timing?.encodedBodySize ?? 0;
  });
}
