/** What each browser may have its own way, and what the keyboard does. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { openPage } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const { browser, server } = await openStage();

/** The colour of the ground: dark or light. */
async function schemeOf(page: Page): Promise<string> {
  return await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
}

test('a theme, a text size and a way to write times are kept, and other tabs follow', async () => {
  const ada = await openPage(browser, server.url);
  const { page } = ada;
  await ada.join('Ada');
  await ada.say('When was this?');
  await ada.sees('When was this');
  expect(await schemeOf(page)).toBe('light dark');
  const other = await page.context().newPage();
  await other.goto(server.url);
  await other.locator('.said').first().waitFor();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByLabel('Text size').selectOption('large');
  await page.getByLabel('Times').selectOption('12');
  await other.locator('html[data-theme=dark][data-text-size=large]').waitFor();
  await other.locator('.said time', { hasText: /am|pm/i }).first().waitFor();
  await page.reload();
  await page.locator('.said time', { hasText: /am|pm/i }).first().waitFor();
  expect(await schemeOf(page)).toBe('dark');
  // The frame that a browser draws around the page goes with it.
  expect(await page.locator('meta[name=theme-color][media=all]').getAttribute('data-scheme')).toBe(
    'dark',
  );
  expect(ada.troubles).toEqual([]);
  await ada.close();
});

test('the page can be installed', async () => {
  const app = await openPage(browser, server.url);
  await app.page.getByLabel('Your nick').waitFor();
  const devtools = await app.page.context().newCDPSession(app.page);
  expect((await devtools.send('Page.getAppManifest')).errors).toEqual([]);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // The tests run in a window that forgets, and only that stands in the way.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  await app.close();
});

test('what is kept and cannot be read is passed over', async () => {
  const bo = await openPage(browser, server.url);
  for (const kept of ['{', 'null', '{"theme":"plaid","hours":12,"language":7}']) {
    await bo.page.evaluate((text) => localStorage.setItem('encke:settings', text), kept);
    await bo.page.reload();
    await bo.page.getByLabel('Your nick').waitFor();
    expect(await schemeOf(bo.page)).toBe('light dark');
  }
  expect(bo.troubles).toEqual([]);
  await bo.close();
});

test('Enter begins a line where that was chosen, and Control with it sends', async () => {
  const cy = await openPage(browser, server.url);
  const { page } = cy;
  await cy.join('Cy');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Enter sends').uncheck();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.focus();
  await page.keyboard.type('One');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Two');
  expect(await field.inputValue()).toBe('One\nTwo');
  await page.keyboard.press('Control+Enter');
  await cy.sees('One\nTwo');
  await cy.close();
});

test('notifications that the browser refuses are not said to be on, also when it does so later', async () => {
  const flo = await openPage(browser, server.url);
  const { page } = flo;
  const chosen = page.getByLabel('Notifications');
  const refusal = page.getByText('The browser does not allow them for this site');
  await page.getByRole('button', { name: 'Settings' }).click();
  // This browser has nobody to ask, and refuses.
  await chosen.selectOption('all');
  await refusal.waitFor();
  expect(await chosen.inputValue()).toBe('off');
  await chosen.selectOption('mentions');
  expect(await chosen.inputValue()).toBe('off');

  await page.evaluate(() => {
    localStorage.setItem('encke:settings', '{"notifications":"all"}');
  });
  await page.reload();
  await page.getByRole('button', { name: 'Settings' }).click();
  await refusal.waitFor();
  expect(await chosen.inputValue()).toBe('off');
  await flo.close();
});

test('Control and K leads to the search, and Escape back to where one was', async () => {
  const eli = await openPage(browser, server.url);
  const { page } = eli;
  await eli.join('Eli');
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.focus();
  await page.keyboard.press('Control+k');
  const isFocused = (node: Element): boolean => node === document.activeElement;
  expect(await page.getByRole('searchbox').evaluate(isFocused)).toBe(true);
  await page.keyboard.press('Escape');
  await page.locator('.search').waitFor({ state: 'detached' });
  expect(await field.evaluate(isFocused)).toBe(true);
  await eli.close();
});

test('a question mark shows the keys, but not to who is writing one', async () => {
  const di = await openPage(browser, server.url);
  const { page } = di;
  await di.join('Di');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await page.getByRole('textbox', { name: 'Message' }).focus();
  await page.keyboard.press('?');
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('?');
  expect(await keys.isVisible()).toBe(false);

  await page.locator('.log').focus();
  await page.keyboard.press('?');
  await keys.waitFor();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  expect(await page.locator('.log').evaluate((node) => node === document.activeElement)).toBe(true);

  // Who speaks to a machine says many letters: the key alone can be turned off.
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Keys that do something alone').uncheck();
  await page.locator('.log').focus();
  await page.keyboard.press('?');
  expect(await keys.isVisible()).toBe(false);
  await di.close();
});
