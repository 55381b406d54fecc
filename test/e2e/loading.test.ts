/** Loading: the messages come first, and nothing moves when the rest of the page comes. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { connect, type Client } from '../../src/client/client.ts';
import { openBrowser, openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

/** More than fits into a window. */
const lines = 40;

let browser: Browser;
let server: RunningServer;
let scribe: Client;

beforeAll(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  // Each has a room of its own, so that nobody comes and goes but who is looked at.
  server = await startServer({ args: ['--pace', '1'] });
  scribe = connect({ url: server.url });
  await scribe.join('Scribe');
  await Promise.all(
    Array.from({ length: lines }, async (_, index) => await scribe.say(`Line ${index + 1}`)),
  );
});

afterEach(async () => {
  scribe.close();
  await server.stop();
});

afterAll(async () => {
  await browser.close();
});

/** A browser scrolls by whole pixels, and lays out by parts of them. */
const roundingPx = 2;

/** Where each message stands in the window, in pixels. */
async function placesOf({ page }: Person): Promise<readonly number[]> {
  return await page
    .locator('.said')
    .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().top)));
}

test('the rest of the page is asked for once the first message is painted', async () => {
  const ada = await openPage(browser, 'about:blank');
  await ada.page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.said') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => performance.mark('first message'));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await ada.page.goto(server.url);
  await ada.page.getByLabel('Your nick').waitFor();
  const order = await ada.page.evaluate(() =>
    [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('mark')]
      .sort((a, b) => a.startTime - b.startTime)
      .flatMap(({ name }) => /first message|style-|aside-(?=.*css)|part-aside/.exec(name) ?? []),
  );
  expect(order.slice(0, 2)).toEqual(['style-', 'first message']);
  expect(order.slice(2).sort()).toEqual(['aside-', 'part-aside']);
  await ada.close();
});

test('nobody is said to look in only, nor that the room has a door, before that is known', async () => {
  const ada = await openPage(browser, server.url);
  await ada.page.getByLabel('Your nick').waitFor();
  await ada.join('Ada');
  await ada.page.addInitScript(() => {
    const said = new Set<string>();
    Object.assign(globalThis, { said });
    new MutationObserver(() => {
      for (const element of document.querySelectorAll('.state, .empty h2')) {
        said.add(element.textContent);
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  await ada.page.reload();
  await ada.page.getByRole('textbox', { name: 'Message' }).waitFor();
  await ada.page.locator('.state.is-live').waitFor();
  const said = await ada.page.evaluate(() => [
    ...(globalThis as unknown as { readonly said: ReadonlySet<string> }).said,
  ]);
  expect(said).toEqual(['Connecting', 'Live']);
  await ada.close();
});

const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1280, height: 720 } };

test.each<readonly [string, BrowserContextOptions, string | null]>([
  ['a visitor', desk, null],
  ['a visitor with a phone', phone, null],
  ['a member', desk, 'Ada'],
  ['a member with a phone', phone, 'Ada'],
])('nothing moves under %s when the rest of the page comes', async (_, options, nick) => {
  const one = await openPage(browser, server.url, options);
  const { page } = one;
  await page.getByLabel('Your nick').waitFor();
  if (nick !== null) await one.join(nick);
  const { promise: hold, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/part-aside-*', async (route) => {
    await hold;
    await route.continue();
  });
  await page.reload();
  await one.sees(`Line ${lines}`);
  await page.locator('.foot .is-coming').waitFor();
  const before = await placesOf(one);
  expect(await page.getByRole('textbox').count()).toBe(0);
  release();
  await page.getByRole('textbox', { name: nick === null ? 'Your nick' : 'Message' }).waitFor();
  const after = await placesOf(one);
  expect(after).toHaveLength(before.length);
  const moved = after.map((top, index) => Math.abs(top - (before[index] ?? Infinity)));
  expect(Math.max(...moved)).toBeLessThanOrEqual(roundingPx);
  expect(one.troubles).toEqual([]);
  await one.close();
});

test('who wants nothing to move sees nothing move, while it loads and while somebody writes', async () => {
  const one = await openPage(browser, server.url, { reducedMotion: 'reduce' });
  const { page } = one;
  const moving = async (): Promise<number> =>
    await page.evaluate(() => document.getAnimations().length);
  await one.join('Ada');
  scribe.typing();
  await page.locator('.typing .dots').waitFor();
  expect(await moving()).toBe(0);
  // Nobody answers, so it goes on loading. What a worker asks is not stopped by a route.
  await withoutWorker(page);
  await page.route('**/v1/**', () => {});
  await page.reload({ waitUntil: 'commit' });
  await page.locator('.loading').waitFor();
  await page.locator('.state.is-connecting').waitFor();
  expect(await moving()).toBe(0);
  // For anybody else something does.
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).toBeGreaterThan(0);
  await one.close();
});
