/** The room without scripts: somebody whose browser runs none, beside somebody whose does. */
import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { connect } from '../../src/client/client.ts';
import { limits } from '../../src/protocol/limits.ts';
import { openPage, type Person } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const { browser, server } = await openStage({ args: ['--title', 'Comets'] });
let ada: Person;

beforeAll(async () => {
  ada = await openPage(browser, server.url);
  await ada.join('Ada');
});

/** The room's address, opened by a browser without scripts; and what went wrong there. */
async function openPlain(path: string): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) troubles.push(message.text());
  });
  await page.goto(server.url + path, { waitUntil: 'commit' });
  return { page, troubles };
}

test('without scripts one joins, reads as it comes, writes, and leaves', async () => {
  const { page, troubles } = await openPlain('/plain');
  const log = page.getByRole('log');
  await page.getByLabel('Your nick').fill('ada');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('alert').filter({ hasText: 'taken' }).waitFor();
  await page.getByLabel('Your nick').fill('Bo');
  // The page that follows has no end, so there is nothing to wait for but what is on it.
  await page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
  await page.getByRole('heading', { name: 'Comets' }).waitFor();
  await ada.say('Hello <i>Bo</i>');
  await log.getByText('Hello <i>Bo</i>').waitFor();

  const frame = page.frameLocator('iframe');
  for (const text of ['Hello Ada', 'and once more']) {
    await frame.getByRole('textbox', { name: 'Message' }).fill(text);
    await frame.getByRole('button', { name: 'Send' }).click();
    await ada.sees(text);
    await log.getByText(text).waitFor();
  }
  // The page stood open all the while: what came first is still there, once.
  expect(await log.getByText('Hello <i>Bo</i>').count()).toBe(1);

  await page.getByRole('button', { name: 'Leave' }).click({ noWaitAfter: true });
  await page.getByLabel('Your nick').waitFor();
  await ada.page
    .getByText(/Bo.*left/)
    .first()
    .waitFor();
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('the newest message is in sight, however many came', async () => {
  const { page } = await openPlain('/plain');
  await page.setViewportSize({ width: 390, height: 500 });
  await page.getByLabel('Your nick').fill('Cy');
  await page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
  const frame = page.frameLocator('iframe');
  await frame.getByRole('textbox', { name: 'Message' }).waitFor();
  for (let nr = 0; nr < 8; nr++) await ada.say(`line ${nr} ${'of many words '.repeat(12)}`);
  await page.getByText('line 7').waitFor();
  const seen = await page.getByText('line 7').boundingBox();
  const writing = await page.locator('iframe').boundingBox();
  expect(seen!.y).toBeGreaterThan(0);
  expect(seen!.y + seen!.height).toBeLessThanOrEqual(writing!.y);
  expect(writing!.y + writing!.height).toBeLessThanOrEqual(500);
  await page.context().close();
});

test('what was said before is a link away, and so is the way back', async () => {
  const { page, troubles } = await openPlain('/plain');
  for (let nr = 0; nr < limits.snapshotEntries; nr += 10) {
    const scribe = connect({ url: server.url });
    await scribe.join(`Scribe ${nr}`);
    for (let line = nr; line < nr + 10; line++) await scribe.say(`further ${line}`);
    await scribe.leave();
    scribe.close();
  }
  await page.getByLabel('Your nick').fill('Di');
  await page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
  await page.getByText('further 49').waitFor();
  expect(await page.getByText('line 7').count()).toBe(0);
  await page.getByRole('link', { name: 'Earlier messages' }).click();
  await page.getByText('line 7').waitFor();
  expect(await page.getByText('further').count()).toBe(0);
  await page.getByRole('link', { name: 'As they come' }).click({ noWaitAfter: true });
  await ada.say('After all that');
  await page.getByRole('log').getByText('After all that').waitFor();
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('the whole page leads there, when scripts are off', async () => {
  const { page } = await openPlain('/');
  await page.getByRole('link', { name: 'without' }).click();
  await page.getByLabel('Your nick').waitFor();
  expect(new URL(page.url()).pathname).toBe('/plain');
  await page.context().close();
});
