/** Pages that the browser stops, and starts again as they were, or that it loses. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { connect } from '../../src/client/client.ts';
import { openBareBrowser, type BareBrowser, type BareTab } from '../kit/bare-browser.ts';
import { openBrowser, openPage, withoutWorker } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';
import { until } from '../kit/until.ts';

setDefaultTimeout(60_000);

const ways = [
  ['a worker', ''],
  ['a tab that hosts', 'delete globalThis.SharedWorker;'],
] as const;

let browser: Browser;
let bareBrowser: BareBrowser;
let server: RunningServer;

beforeAll(async () => {
  // As people have it: pages that were left are kept for the way back.
  browser = await openBrowser([], ['--disable-back-forward-cache']);
  bareBrowser = await openBareBrowser();
  server = await startServer();
});

afterAll(async () => {
  await browser.close();
  await bareBrowser.close();
  await server.stop();
});

describe('a page to which somebody goes back', () => {
  test.each(ways)(
    'is the one that was left, and has missed nothing: with %s',
    async (how, without) => {
      const ada = await openPage(browser, server.url);
      const bo = await openPage(browser, server.url);
      if (without) await withoutWorker(ada.page.context());
      if (without) await ada.page.reload();
      await ada.join(`Ada ${how.length}`);
      await bo.join(`Bo ${how.length}`);
      await ada.page.evaluate(noteEvents);

      await ada.page.goto(`${server.url}/version`);
      await bo.say(`While you looked elsewhere, with ${how}`);
      await bo.sees(`While you looked elsewhere, with ${how}`);
      // Waiting for the page to load, as `goBack` does, would be in vain: it is there already.
      await ada.page.evaluate(() => history.back());
      await ada.sees(`While you looked elsewhere, with ${how}`);
      expect(await eventsIn(ada.page)).toEqual(['pagehide', 'freeze', 'resume', 'pageshow']);
      await ada.say(`I am back, with ${how}`);
      await bo.sees(`I am back, with ${how}`);
      expect(ada.troubles).toEqual([]);
      await ada.close();
      await bo.close();
    },
  );
});

describe('a page behind another one', () => {
  const bo = connect({ url: '', fetch: (path, init) => fetch(`${server.url}${path}`, init) });

  beforeAll(async () => {
    await bo.join('Bo behind');
  });

  afterAll(() => bo.close());

  test('lets go of its lock when it crashes, and its host waits for it no more', async () => {
    const ada = await bareBrowser.open(server.url);
    /** The locks of the worker and of the tabs: how many are held, and how many waited for. */
    const lives = async (): Promise<string> => {
      const ours = '({ name }) => /^encke:[a-z0-9]{12}$/.test(name)';
      const count = `({ held, pending }) => [held, pending].map((all) => all.filter(${ours}).length)`;
      return await ada.read<string>(`navigator.locks.query().then(${count}).then(String)`);
    };
    await until('a tab and a worker', async () => (await lives()) === '2,2');
    const other = await bareBrowser.open(server.url);
    // One more, and two that wait: the tab for the end of the worker, and the worker for its end.
    await until('two tabs and a worker', async () => (await lives()) === '3,4');
    // It does not answer any more.
    void other.send('Page.crash');
    await until('one tab less', async () => (await lives()) === '2,2');
  });

  test.each(ways)('catches up when it was frozen: with %s', async (how, without) => {
    const ada = await bareBrowser.open(server.url, without);
    await joinIn(ada);
    await ada.read(`(${noteEvents.toString()})()`);
    await bareBrowser.open('about:blank');
    await until('a hidden page', async () => await ada.read('document.hidden'));
    await ada.send('Page.setWebLifecycleState', { state: 'frozen' });
    const text = `While you were frozen, with ${how}`;
    expect(await bo.say(text)).toMatchObject({ ok: true });
    expect(await ada.read('document.body.textContent')).not.toContain(text);
    await ada.send('Page.setWebLifecycleState', { state: 'active' });
    await shows(ada, text);
    expect(await ada.read<string[]>('events')).toEqual(['freeze', 'resume']);
  });
});

/** Runs in the page: writes down what the browser does with it. */
function noteEvents(): void {
  const events: string[] = [];
  Object.assign(globalThis, { events });
  for (const type of ['pagehide', 'pageshow', 'freeze', 'resume']) {
    addEventListener(type, () => events.push(type), true);
  }
}

async function eventsIn(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => (globalThis as unknown as { events?: string[] }).events ?? []);
}

/** Joins beside the page, which then finds the session. */
async function joinIn(tab: BareTab): Promise<void> {
  const body = JSON.stringify({ nick: `Ada ${Math.trunc(performance.now())}` });
  const headers = { 'Content-Type': 'application/json' };
  const init = JSON.stringify({ method: 'POST', headers, body });
  expect(await tab.read(`fetch('/v1/join', ${init}).then(({ status }) => status)`)).toBe(201);
  await tab.send('Page.reload');
  await until(
    'a page with a composer',
    async () => await tab.read(`!!document.querySelector('textarea')`),
  );
}

async function shows(tab: BareTab, text: string): Promise<void> {
  await until(`a page that shows "${text}"`, async () =>
    (await tab.read<string>(`document.body?.textContent ?? ''`)).includes(text),
  );
}
