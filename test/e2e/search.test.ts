/** Looking for what was said, and reading it where it was said. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect, type Client } from '../../src/client/client.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import { openBrowser, openPage } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;
let server: RunningServer;
let scribe: Client;
const comets: Seq[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ args: ['--pace', '1'] });
  scribe = connect({ url: server.url });
  await scribe.join('Scribe');
  for (let number = 0; number < 200; number += 1) {
    const isComet = number % 5 === 0;
    const said = await scribe.say(
      isComet ? `**Comète** ${number} <b>returns</b>` : `Line ${number}`,
    );
    if (isComet && said.ok && 'seq' in said) comets.push(said.seq);
  }
});

afterAll(async () => {
  scribe.close();
  await browser.close();
  await server.stop();
});

test('a search finds words, marks them, and leads to where they were said', async () => {
  const ada = await openPage(browser, server.url);
  await ada.page.getByRole('button', { name: 'Search' }).click();
  const field = ada.page.getByRole('searchbox', { name: 'Search what was said' });
  await field.and(ada.page.locator(':focus')).waitFor();
  await ada.page.keyboard.type('comete return');
  const found = ada.page.locator('.found li');
  await found.first().waitFor();
  // The newest first, a page of them, and then those before.
  // It reads as the message does: without the marks that make a word bold.
  expect(await found.first().locator('.excerpt').innerText()).toBe('Comète 195 <b>returns</b>');
  expect(await found.first().locator('mark').allInnerTexts()).toEqual(['Comète', 'return']);
  expect(await found.count()).toBe(30);
  await ada.page.getByRole('button', { name: 'Older ones' }).click();
  await ada.page.getByRole('status').filter({ hasText: '40 messages' }).waitFor();
  expect(await found.count()).toBe(40);

  await found.nth(35).getByRole('link').click();
  await ada.page.locator(`#m${comets[4]}:focus`).waitFor();
  await ada.page.locator('.said', { hasText: 'Line 21' }).waitFor();
  // What was found stays beside it, for the next one.
  await found.nth(36).getByRole('link').click();
  await ada.page.locator(`#m${comets[3]}:focus`).waitFor();
  expect(ada.troubles).toEqual([]);
  await ada.close();
});

test('a search without a result says so, and one that is changed forgets it', async () => {
  const bea = await openPage(browser, server.url);
  await bea.page.getByRole('button', { name: 'Search' }).click();
  const field = bea.page.getByRole('searchbox');
  await field.fill('asteroid');
  await bea.page.getByRole('status').filter({ hasText: 'Nothing was found' }).waitFor();
  await field.fill('');
  await bea.page
    .getByRole('status')
    .filter({ hasText: 'Nothing was found' })
    .waitFor({ state: 'detached' });
  await field.press('Escape');
  await field.waitFor({ state: 'detached' });
  await bea.close();
});

test('on a phone what was found makes way for where it was said', async () => {
  const cy = await openPage(browser, server.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await cy.page.getByRole('button', { name: 'Search' }).tap();
  await cy.page.getByRole('searchbox').fill('comete 25');
  await cy.page.locator('.found a').first().tap();
  await cy.page.locator(`#m${comets[5]}:focus`).waitFor();
  expect(await cy.page.getByRole('searchbox').count()).toBe(0);
  await cy.close();
});
