/** What the page does while the server, or the network, is not there. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect } from '../../src/client/client.ts';
import { openBrowser, openPage, withoutWorker } from '../kit/browser.ts';
import { htmlAnswer, openNetwork } from '../kit/network.ts';
import { startServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
});

test('a killed server is missed in words, and what was said meanwhile arrives once', async () => {
  const server = await startServer();
  const [ada, bo] = [await openPage(browser, server.url), await openPage(browser, server.url)];
  await ada.join('Ada');
  await bo.join('Bo');
  await ada.say('Before');
  await bo.sees('Before');

  await server.kill();
  await ada.page.getByText('The server does not answer').waitFor();
  await bo.page.getByText('The server does not answer').waitFor();
  await ada.say('Said into the dark');
  await ada.page.locator('.is-pending', { hasText: 'Said into the dark' }).waitFor();

  await server.restart();
  await Promise.all(
    [ada, bo].map(async ({ page }) => {
      // It may have found the server by itself a moment ago.
      await page
        .getByRole('button', { name: 'Try now' })
        .click({ timeout: 2_000 })
        .catch(() => {});
      await page.getByText('Connected again').waitFor();
    }),
  );
  await bo.sees('Said into the dark');
  await ada.sees('Said into the dark');
  await bo.say('After');
  await ada.sees('After');
  for (const person of [ada, bo]) {
    expect(await person.texts()).toEqual(['Before', 'Said into the dark', 'After']);
    expect(await person.page.locator('.is-pending, .is-refused').count()).toBe(0);
    expect(await person.page.locator('.event', { hasText: /left|came back/ }).count()).toBe(0);
    expect(person.troubles).toEqual([]);
    await person.close();
  }
  await server.stop();
});

test('what is on its way survives a reload without a server, once and in order', async () => {
  const server = await startServer();
  const ada = await openPage(browser, server.url);
  await ada.join('Ada');
  await server.kill();
  const texts = ['One for later', 'Two for later', 'Three for later'];
  for (const text of texts) await ada.say(text);
  await ada.page.locator('.is-pending', { hasText: 'Three for later' }).waitFor();
  // With the tab it would be gone, so the browser asks; over a reload it is kept.
  const asked = ada.page.waitForEvent('dialog');
  await ada.page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  // There is no page to load, either.
  await ada.page.reload().catch(() => {});
  await server.restart();
  await ada.page.goto(server.url);
  await ada.sees('Three for later');
  expect(await ada.texts()).toEqual(texts);
  await ada.close();
  await server.stop();
});

test('a device that is offline says so, and comes back, also where it is wrong about it', async () => {
  const server = await startServer();
  const ada = await openPage(browser, server.url);
  await ada.join('Ada');
  await ada.page.context().setOffline(true);
  await ada.page.getByText('This device is offline').waitFor();
  await ada.say('From the tunnel');
  await ada.page.context().setOffline(false);
  await ada.page.getByText('Connected again').waitFor();
  await ada.sees('From the tunnel');
  await ada.page.getByText('Connected again').waitFor({ state: 'hidden' });

  // The browser says so, and is wrong: the worker that polls is not cut off by what cuts the page.
  await ada.page.context().setOffline(true);
  await ada.page.getByText('This device is offline').waitFor();
  await ada.page.getByRole('button', { name: 'Try now' }).click();
  await ada.page.getByText('Connected again').waitFor();
  await ada.close();
  await server.stop();
});

test('what was missed and could not be had is a gap, which a click fills in its place', async () => {
  const server = await startServer({ args: ['--pace', '1'] });
  const ada = await openPage(browser, server.url);
  const { page } = ada;
  await withoutWorker(page);
  await page.reload();
  await ada.join('Ada');
  await ada.say('Before the tunnel');
  await ada.sees('Before the tunnel');
  await page.context().setOffline(true);
  await page.getByText('This device is offline').waitFor();
  const scribe = connect({ url: server.url });
  await scribe.join('Scribe');
  // More than a poll brings to who was away.
  const lines = Array.from({ length: 260 }, (_, index) => `Line ${index + 1}`);
  await Promise.all(lines.map(async (line) => await scribe.say(line)));

  await page.route('**/v1/messages*', async (route) => await route.abort());
  await page.context().setOffline(false);
  await ada.sees('Line 260');
  const gap = page.locator('.gap');
  await gap.waitFor();
  // Until then it is still asked for what was missed; from now on only who reads asks.
  await page.getByText('Connected again').waitFor();
  expect(await ada.texts()).not.toContain('Line 1');
  await page.unroute('**/v1/messages*');
  await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
  await gap.getByRole('button').click();
  await ada.sees('Line 1');
  await gap.waitFor({ state: 'detached' });
  // Also those far from what is looked at, which are not built in full.
  const texts = await page
    .locator('.said')
    .evaluateAll((rows) =>
      rows.map(({ textContent }) => /Line \d+|Before the tunnel/.exec(textContent)?.[0]),
    );
  expect(texts).toEqual(['Before the tunnel', ...lines]);
  expect(ada.troubles).toEqual([]);
  scribe.close();
  await ada.close();
  await server.stop();
});

test('a network that answers in place of the room is told from a server that is away', async () => {
  const server = await startServer();
  const network = await openNetwork(server.url);
  const [ada, bo] = [await openPage(browser, network.url), await openPage(browser, server.url)];
  await ada.join('Ada');
  await bo.join('Bo');
  await bo.say('Before');
  await ada.sees('Before');

  const signIn = '<!doctype html><title>Welcome</title><form>Sign in to the network</form>';
  network.answer(htmlAnswer('200 OK', signIn));
  await ada.page.getByText('This network answers in place of the room').waitFor();
  await ada.say('Said before I had signed in');
  await bo.say('Meanwhile');
  // This one sends everybody to a page of its own, which a page of another origin cannot see.
  network.answer(htmlAnswer('302 Found', '', 'Location: http://portal.localhost/sign-in'));
  await ada.page.getByRole('button', { name: 'Try now' }).click();
  await ada.page.getByText('The server does not answer').waitFor();

  network.answer(null);
  await ada.page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 2_000 })
    .catch(() => {});
  await ada.page.getByText('Connected again').waitFor();
  await bo.sees('Said before I had signed in');
  for (const person of [ada, bo]) {
    await person.sees('Said before I had signed in');
    expect(await person.texts()).toEqual(['Before', 'Meanwhile', 'Said before I had signed in']);
    await person.close();
  }
  await network.stop();
  await server.stop();
});

test('a browser that refuses cookies and storage is let in, for as long as the page', async () => {
  const server = await startServer();
  const ada = await openPage(browser, 'about:blank');
  await ada.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'cookieEnabled', { value: false });
    for (const name of ['localStorage', 'sessionStorage']) {
      const get = (): never => {
        throw new DOMException('Refused', 'SecurityError');
      };
      Object.defineProperty(window, name, { get });
    }
  });
  await ada.page.goto(server.url);
  await ada.join('Ada');
  await ada.say('Nothing is kept of me');
  await ada.sees('Nothing is kept of me');
  expect(await ada.page.context().cookies()).toEqual([]);
  expect(ada.troubles).toEqual([]);
  await ada.close();
  await server.stop();
});

test('a room with a passcode asks for it, and opens to who knows it', async () => {
  const server = await startServer({ env: { ENCKE_PASSCODE: 'orbit' } });
  const ada = await openPage(browser, server.url);
  const passcode = ada.page.getByLabel('Passcode');
  await passcode.fill('ellipse');
  await ada.page.getByLabel('Your nick').fill('Ada');
  await ada.page.keyboard.press('Enter');
  await ada.page.locator('#join-refusal:not(:empty)').waitFor();
  await passcode.fill('orbit');
  await ada.page.keyboard.press('Enter');
  await ada.page.getByRole('textbox', { name: 'Message' }).waitFor();
  await ada.close();
  await server.stop();
});

test.each([
  ['second part', '**/part-aside-*'],
  ['second sheet', '**/aside-*.css'],
])('a page whose %s could not be loaded can be read, and asks for it again', async (_, file) => {
  const server = await startServer();
  const ada = await openPage(browser, server.url);
  await ada.join('Ada');
  await ada.say('Can be read');
  await ada.sees('Can be read');
  const context = ada.page.context();
  await context.route(file, async (route) => await route.abort());
  await ada.page.reload();
  await ada.sees('Can be read');
  expect(await ada.page.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
  // Opened before what is in it is there.
  await ada.page.getByRole('button', { name: 'Settings' }).click();
  await context.unroute(file);
  // Many browsers remember of a script that it could not be had, and do not ask for it again.
  await context.route('**/part-aside-*.js', async (route) => await route.abort());
  await ada.page.getByRole('heading', { name: 'Settings' }).waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.say('And written');
  await ada.sees('And written');
  expect(ada.troubles).toEqual([]);
  await ada.close();
  await server.stop();
});

test('a page that hosts the room asks again for what it needs, also where that is remembered', async () => {
  const server = await startServer();
  const ada = await openPage(browser, 'about:blank');
  await withoutWorker(ada.page);
  for (const file of ['**/room-*.js', '**/part-hosting-*.js']) {
    await ada.page.route(file, async (route) => await route.abort());
  }
  await ada.page.goto(server.url);
  await ada.join('Ada');
  await ada.say('Here after all');
  await ada.sees('Here after all');
  expect(ada.troubles).toEqual([]);
  await ada.close();
  await server.stop();
});
