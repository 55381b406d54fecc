/** Reading: at the end, further up, in another tab, and without looking. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect } from '../../src/client/client.ts';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;
let server: RunningServer;

/** More than a snapshot carries. */
const saidBefore = 70;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer();
  // Ten at once is the pace of one member.
  for (let first = 0; first < saidBefore; first += 10) {
    const client = connect({ url: server.url });
    await client.join(`Scribe ${first}`);
    for (let number = first; number < first + 10; number += 1) await client.say(`Line ${number}`);
    await client.leave();
    client.close();
  }
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Where a message stands in the window, in pixels. */
async function topOf({ page }: Person, text: string): Promise<number> {
  const row = page.locator('.said', { has: page.getByText(text, { exact: true }) });
  return await row.evaluate((node) => node.getBoundingClientRect().top);
}

test('older messages load at the upper edge, and what one reads stays where it is', async () => {
  const ada = await openPage(browser, server.url);
  await ada.join('Ada');
  await ada.sees('Line 69');
  expect(await ada.texts()).not.toContain('Line 5');

  // Once loaded, the page would load again: one page is all there is.
  const log = ada.page.getByRole('log');
  const oldest = (await ada.texts())[0] ?? '';
  const topPx = await ada.page.evaluate((text) => {
    const log = document.querySelector('.log');
    log?.scrollTo({ top: 1 });
    const row = [...document.querySelectorAll('.said')].find((said) =>
      said.textContent?.endsWith(text),
    );
    return row?.getBoundingClientRect().top ?? 0;
  }, oldest);
  await ada.page.getByText('Here the room begins').waitFor();
  expect(Math.abs((await topOf(ada, oldest)) - topPx)).toBeLessThan(40);
  expect((await ada.texts()).filter((text) => text.startsWith('Line'))).toEqual(
    Array.from({ length: saidBefore }, (_, number) => `Line ${number}`),
  );
  expect(await log.evaluate((node) => node.scrollTop)).toBeGreaterThan(100);
  await ada.close();
});

test('the page follows the end only while the reader is there', async () => {
  const bea = await openPage(browser, server.url);
  const cy = await openPage(browser, server.url);
  await bea.join('Bea');
  await cy.join('Cy');
  const isAtEnd = async (): Promise<boolean> =>
    await bea.page
      .getByRole('log')
      .evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 2);

  await cy.say('Seen at once');
  await bea.sees('Seen at once');
  expect(await isAtEnd()).toBe(true);

  await bea.page.getByRole('log').evaluate((node) => node.scrollBy({ top: -600 }));
  await bea.page.getByRole('button', { name: 'To the newest' }).waitFor();
  const line = 'Line 60';
  const topPx = await topOf(bea, line);
  await cy.say('Not seen yet');
  await cy.say('Nor this');
  await bea.page.getByRole('button', { name: '2 new messages' }).waitFor();
  // What lies above may be drawn anew meanwhile; less than a pixel is not mended.
  expect(Math.abs((await topOf(bea, line)) - topPx)).toBeLessThan(1);

  await bea.page.getByRole('button', { name: '2 new messages' }).click();
  expect(await isAtEnd()).toBe(true);
  expect(await bea.page.locator('.newer').count()).toBe(0);
  await bea.close();
  await cy.close();
});

test('what others write is read out together, and one’s own words are not', async () => {
  const di = await openPage(browser, server.url);
  const eli = await openPage(browser, server.url);
  await di.join('Di');
  await eli.join('Eli');
  await di.say('My own words');
  for (const text of ['One', 'Two', 'Three', 'Four']) await eli.say(text);
  const announcer = di.page.getByRole('status', { name: 'New messages' });
  await announcer.filter({ hasText: '4 new messages, the last from Eli' }).waitFor();
  expect(await announcer.innerText()).not.toContain('My own words');
  expect(await di.page.getByRole('log').getAttribute('aria-live')).toBe('off');
  await di.close();
  await eli.close();
});

test('the title counts what was missed while the page was hidden', async () => {
  const flo = await openPage(browser, server.url);
  const gus = await openPage(browser, server.url);
  await flo.join('Flo');
  await gus.join('Gus');
  const hide = async (isHidden: boolean): Promise<void> =>
    await flo.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await hide(true);
  await gus.say('While you were away');
  await flo.page.waitForFunction(() => document.title === '(1) Encke');
  await hide(false);
  expect(await flo.page.title()).toBe('Encke');
  await flo.close();
  await gus.close();
});
