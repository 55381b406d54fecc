/** Scrolling: what one reads stays where it is, and what is far away costs little. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect, type Client } from '../../src/client/client.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;
let server: RunningServer;
let scribe: Client;
const seqs: Seq[] = [];

/** Many times more than the view holds, and than a page of history. */
const lines = 400;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ args: ['--pace', '1'] });
  scribe = connect({ url: server.url });
  await scribe.join('Scribe');
  for (let number = 0; number < lines; number += 1) {
    const said = await scribe.say(`Line **${number}**.${' And so on.'.repeat((number * 7) % 30)}`);
    if (said.ok && 'seq' in said) seqs.push(said.seq);
  }
  expect(seqs).toHaveLength(lines);
});

afterAll(async () => {
  scribe.close();
  await browser.close();
  await server.stop();
});

/** The first message in sight, and where it stands. */
async function firstInSight({ page }: Person): Promise<{ id: string; topPx: number }> {
  return await page.evaluate(() => {
    const edgePx = document.querySelector('.log')?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll('.said[id]')].find(
      (said) => said.getBoundingClientRect().bottom > edgePx + 1,
    );
    return { id: row?.id ?? '', topPx: row?.getBoundingClientRect().top ?? 0 };
  });
}

async function topOf({ page }: Person, id: string): Promise<number> {
  return await page.locator(`#${id}`).evaluate((row) => row.getBoundingClientRect().top);
}

/** Two frames: what was drawn anew is laid out, and what was told of it has been answered. */
async function settled({ page }: Person): Promise<void> {
  await page.evaluate(
    async () =>
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

async function scrollTo({ page }: Person, top: number): Promise<void> {
  await page.locator('.log').evaluate((log, top) => log.scrollTo({ top }), top);
}

test('what one reads stays where it is while older messages come before it', async () => {
  const ada = await openPage(browser, server.url);
  await ada.page.locator(`#m${seqs.at(-1)}`).waitFor();
  // A page of history is kept back until it is known what is read meanwhile.
  let release = Promise.withResolvers<void>();
  await ada.page.route('**/v1/messages?*', async (route) => {
    await release.promise;
    await route.continue();
  });
  for (let pages = 0; pages < 4; pages += 1) {
    const before = await ada.page.locator('.said').count();
    await scrollTo(ada, 300);
    await settled(ada);
    const { id, topPx } = await firstInSight(ada);
    release.resolve();
    release = Promise.withResolvers();
    await ada.page.waitForFunction(
      (before) => document.querySelectorAll('.said').length > before,
      before,
    );
    await settled(ada);
    expect(Math.abs((await topOf(ada, id)) - topPx)).toBeLessThan(2);
  }
  expect(ada.troubles).toEqual([]);
  release.resolve();
  await ada.close();
});

test('nor does it move for an edit, a reaction, a keyboard or another width', async () => {
  const bea = await openPage(browser, server.url);
  await bea.join('Bea');
  await bea.page.locator(`#m${seqs.at(-1)}`).waitFor();
  await bea.page.locator('.log').evaluate((log) => log.scrollTo({ top: log.scrollHeight / 2 }));
  await settled(bea);
  const { id, topPx } = await firstInSight(bea);
  const above = (Number(id.slice(1)) - 3) as Seq;

  await scribe.edit(above, 'Quite another line.\nOf five\nlines\nin\nall.');
  await bea.page.locator(`#m${above}`, { hasText: 'Quite another' }).waitFor();
  await settled(bea);
  expect(Math.abs((await topOf(bea, id)) - topPx)).toBeLessThan(2);

  await scribe.react(above, '👍', true);
  await bea.page.locator(`#m${above} .reactions`).waitFor({ state: 'attached' });
  await settled(bea);
  expect(Math.abs((await topOf(bea, id)) - topPx)).toBeLessThan(2);

  await bea.page.setViewportSize({ width: 1280, height: 420 });
  await settled(bea);
  expect(Math.abs((await topOf(bea, id)) - topPx)).toBeLessThan(2);

  await bea.page.setViewportSize({ width: 500, height: 420 });
  await settled(bea);
  expect(Math.abs((await topOf(bea, id)) - topPx)).toBeLessThan(60);
  expect((await firstInSight(bea)).id).toBe(id);
  await bea.close();
});

test('what is far from the view is plain text, and the browser still finds it', async () => {
  const cy = await openPage(browser, server.url);
  await cy.page.locator(`#m${seqs.at(-1)}`).waitFor();
  while (!(await cy.page.getByText('Here the room begins').isVisible())) {
    await scrollTo(cy, 0);
    await settled(cy);
  }
  const newest = cy.page.locator(`#m${seqs.at(-1)}`);
  expect(await newest.locator('*').count()).toBe(0);
  expect(await cy.page.locator('.said').count()).toBe(lines);
  expect(await cy.page.locator('.said .text').count()).toBeLessThan(lines / 2);

  const last = lines - 5;
  // What finding in the page does, for words as they are read: it selects what it finds, and
  // brings it into view.
  const isFound = await cy.page.evaluate((text) => {
    const window = globalThis as unknown as { find(text: string): boolean };
    const isFound = window.find(text);
    getSelection()?.focusNode?.parentElement?.scrollIntoView({ block: 'center' });
    return isFound;
  }, `Line ${last}.`);
  expect(isFound).toBe(true);
  await cy.page.locator(`#m${seqs[last]} .text`).waitFor();
  await cy.page.waitForFunction((id) => {
    const row = document.getElementById(id)?.getBoundingClientRect();
    return row !== undefined && row.top < innerHeight && row.bottom > 0;
  }, `m${seqs[last]}`);
  await cy.close();
});

test('where all of it has come into sight, there is no way to the newest any more', async () => {
  const small = await startServer();
  const ada = await openPage(browser, small.url, { viewport: { width: 800, height: 400 } });
  await ada.join('Ada');
  for (let number = 0; number < 8; number += 1) await ada.say(`Few ${number}`);
  await ada.sees('Few 7');
  await scrollTo(ada, 0);
  const newer = ada.page.getByRole('button', { name: 'To the newest' });
  await newer.waitFor();
  await ada.page.setViewportSize({ width: 800, height: 1_000 });
  await newer.waitFor({ state: 'detached' });
  // And what comes is followed again.
  await ada.page.setViewportSize({ width: 800, height: 400 });
  await ada.say('One more');
  await ada.sees('One more');
  expect(await newer.count()).toBe(0);
  await ada.close();
  await small.stop();
});

test('a long draft that is put in the place of another leaves the reader at the end', async () => {
  const ada = await openPage(browser, server.url);
  await ada.join('Ada');
  const field = ada.page.getByRole('textbox', { name: 'Message' });
  await field.fill('One line\n'.repeat(30));
  await settled(ada);
  // For a moment there is nothing in the field, and the messages have all the room that it took.
  await field.press('Control+A');
  await ada.page.keyboard.insertText('Another line\n'.repeat(30));
  await settled(ada);
  expect(await ada.page.getByRole('button', { name: 'To the newest' }).count()).toBe(0);
  await ada.close();
});
