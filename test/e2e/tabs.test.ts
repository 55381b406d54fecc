/** Many tabs of one browser: they share a session, a room, and one poll. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { leaveRoom, openBrowser, openPage, withoutWorker } from '../kit/browser.ts';
import { heldAt } from '../kit/held-polls.ts';
import { startServer } from '../kit/running-server.ts';
import { until } from '../kit/until.ts';

setDefaultTimeout(60_000);

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
});

const tabs = 8;

async function sees(page: Page, text: string): Promise<void> {
  await page.locator('.said:not(.is-pending, .is-refused)', { hasText: text }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

for (const [how, without] of [
  ['a worker that they share', ''],
  ['a lock and a channel, where there are no such workers', 'SharedWorker'],
] as const) {
  test(`eight tabs hold one poll between them, by ${how}`, async () => {
    const server = await startServer();
    const bo = await openPage(browser, server.url);
    await bo.join('Bo');
    const ada = await openPage(browser, server.url);
    const context = ada.page.context();
    if (without) {
      await withoutWorker(context);
      await ada.page.reload();
    }
    await ada.join('Ada');
    const all = [ada.page];
    while (all.length < tabs) {
      const page = await context.newPage();
      await page.goto(server.url);
      await page.getByRole('textbox', { name: 'Message' }).waitFor();
      all.push(page);
    }
    // One of Bo's, and one of all of Ada's, however long one looks.
    await until('2 held polls', async () => (await heldAt(server)) === 2);
    for (let look = 0; look < 20; look++) expect(await heldAt(server)).toBeLessThanOrEqual(2);

    await bo.say('To all tabs');
    await Promise.all(all.map((page) => sees(page, 'To all tabs')));
    await say(all[3]!, 'From one of them');
    await Promise.all([...all, bo.page].map((page) => sees(page, 'From one of them')));

    // The first one hosts, where a tab does.
    await all.shift()!.close();
    await bo.say('After the first is gone');
    await Promise.all(all.map((page) => sees(page, 'After the first is gone')));
    await say(all[0]!, 'And an answer');
    await Promise.all([...all, bo.page].map((page) => sees(page, 'And an answer')));
    await until('2 held polls', async () => (await heldAt(server)) === 2);
    expect(await bo.page.getByText('Ada left').count()).toBe(0);

    // Who leaves in one has left in all.
    await leaveRoom(all[0]!);
    await Promise.all(all.map((page) => page.getByLabel('Your nick').waitFor()));
    await until('1 held polls', async () => (await heldAt(server)) === 1);
    expect(bo.troubles).toEqual([]);
    expect(ada.troubles).toEqual([]);
    await ada.close();
    await bo.close();
    await server.stop();
  });
}
