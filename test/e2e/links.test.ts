/** Ways through what was said: links to messages, answers, what is new. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect, type Client } from '../../src/client/client.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import { openBrowser, openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;
let server: RunningServer;
let scribe: Client;
const seqs: Seq[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ args: ['--pace', '1'] });
  scribe = connect({ url: server.url });
  await scribe.join('Scribe');
  for (let number = 0; number < 300; number += 1) await say(`Line ${number}`);
});

afterAll(async () => {
  scribe.close();
  await browser.close();
  await server.stop();
});

async function say(text: string, replyTo?: Seq): Promise<Seq> {
  const said = await scribe.say(text, replyTo === undefined ? {} : { replyTo });
  if (!said.ok || !('seq' in said)) throw new Error(`"${text}" was not said`);
  seqs.push(said.seq);
  return said.seq;
}

function row({ page }: Person, text: string) {
  return page.locator('.said', { has: page.getByText(text, { exact: true }) });
}

/** Waits until a row stands in the window and has the keyboard. */
async function isLedTo(person: Person, seq: Seq | undefined): Promise<void> {
  await person.page.locator(`#m${seq}:focus`).waitFor();
  await standsInSight(person, seq);
}

async function standsInSight({ page }: Person, seq: Seq | undefined): Promise<void> {
  await page.waitForFunction((id) => {
    const { top = -1, bottom = -1 } = document.getElementById(id)?.getBoundingClientRect() ?? {};
    return top >= 0 && bottom <= innerHeight;
  }, `m${seq}`);
}

test('a link to an old message opens it among what was said then, and one comes back', async () => {
  const ada = await openPage(browser, `${server.url}/#m${seqs[100]}`);
  await isLedTo(ada, seqs[100]);
  expect(await row(ada, 'Line 99').count()).toBe(1);
  expect(await row(ada, 'Line 101').count()).toBe(1);
  expect(await row(ada, 'Line 299').count()).toBe(0);

  await ada.page.getByRole('button', { name: 'Back to the present' }).click();
  await row(ada, 'Line 299').waitFor();
  expect(await ada.page.locator('.newer').count()).toBe(0);
  expect(new URL(ada.page.url()).hash).toBe('');
  expect(ada.troubles).toEqual([]);
  await ada.close();
});

test('who reads on from an old message comes to the present without a jump', async () => {
  const bea = await openPage(browser, `${server.url}/#m${seqs[200]}`);
  await isLedTo(bea, seqs[200]);
  await bea.page.waitForFunction((newest) => {
    const log = document.querySelector('.log');
    log?.scrollBy({ top: 500 });
    const { bottom = Infinity } = document.getElementById(newest)?.getBoundingClientRect() ?? {};
    return bottom < innerHeight;
  }, `m${seqs[299]}`);
  const shown = await bea.page
    .locator('.said[id]')
    .evaluateAll((rows) => rows.map(({ id }) => Number(id.slice(1))));
  expect(shown).toEqual([...shown].sort((a, b) => a - b));
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown).toEqual(expect.arrayContaining(seqs.slice(200)));
  await bea.close();
});

test.each([
  ['to one of the first messages', 290],
  ['to an old message', 100],
])('a link %s that opens slowly takes the keyboard from nobody', async (_, number) => {
  const ben = await openPage(browser, 'about:blank');
  await withoutWorker(ben.page);
  const answered = Promise.withResolvers<void>();
  const asked: string[] = [];
  await ben.page.route('**/v1/**', async (route) => {
    asked.push(route.request().url());
    await answered.promise;
    await route.continue();
  });
  await ben.page.goto(`${server.url}/#m${seqs[number]}`);
  await ben.page.getByRole('button', { name: 'Search' }).click();
  const field = ben.page.getByRole('searchbox');
  await field.fill('Line');
  answered.resolve();
  await row(ben, `Line ${number}`).waitFor();
  await standsInSight(ben, seqs[number]);
  await ben.page.keyboard.type(' 7');
  expect(await field.inputValue()).toBe('Line 7');
  // What is among the first is not read once more.
  expect(asked.some((url) => url.includes('around='))).toBe(number === 100);
  await ben.close();
});

test('a link that opens slowly leads nobody who has gone on meanwhile', async () => {
  const dee = await openPage(browser, server.url);
  await withoutWorker(dee.page);
  await dee.page.reload();
  await row(dee, 'Line 299').waitFor();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await dee.page.route(/around=/, async (route) => {
    asked.resolve();
    await answered.promise;
    await route.continue();
  });
  const goTo = async (seq: Seq | undefined): Promise<void> => {
    await dee.page.evaluate((hash) => {
      location.hash = hash;
    }, `m${seq}`);
  };
  await goTo(seqs[100]);
  await asked.promise;
  await goTo(seqs[298]);
  await isLedTo(dee, seqs[298]);
  const response = dee.page.waitForResponse(/around=/);
  answered.resolve();
  await (await response).finished();
  // What it would lead to is drawn after two turns, and brought before the next frame.
  await dee.page.evaluate(
    async () =>
      await new Promise((resolve) => {
        setTimeout(() => setTimeout(() => requestAnimationFrame(resolve)));
      }),
  );
  await isLedTo(dee, seqs[298]);
  expect(await row(dee, 'Line 299').count()).toBe(1);
  await dee.close();
});

test('a link to what is not there says so, shows the present, and is not followed again', async () => {
  // One that is still to come, and one that no room will ever come to.
  for (const seq of [String((seqs[299] ?? 0) + 500), '9'.repeat(30)]) {
    const cy = await openPage(browser, `${server.url}/#m${seq}`);
    await cy.page.getByRole('alert').filter({ hasText: 'leads to no message' }).waitFor();
    await row(cy, 'Line 299').waitFor();
    expect(new URL(cy.page.url()).hash).toBe('');
    await cy.close();
  }
});

test('a link to a deleted message leads to where it was said', async () => {
  const deleted = seqs[20] as Seq;
  await scribe.remove(deleted);
  const cal = await openPage(browser, `${server.url}/#m${deleted}`);
  await isLedTo(cal, deleted);
  expect(await cal.page.locator(`#m${deleted} .text`).innerText()).toBe('This message was deleted');
  expect(await row(cal, 'Line 19').count()).toBe(1);
  await cal.close();
});

test('an answer shows what it answers, and leads there', async () => {
  const di = await openPage(browser, server.url);
  await di.join('Di');
  const old = seqs[50] as Seq;
  const answer = await say('This is the answer', old);
  const quote = di.page.locator(`#m${answer} .quoted`);
  await quote.filter({ hasText: 'Line 50' }).waitFor();
  await scribe.edit(old, 'Line 50, mended');
  await quote.filter({ hasText: 'Line 50, mended' }).waitFor();
  await quote.click();
  await isLedTo(di, old);
  expect(new URL(di.page.url()).hash).toBe(`#m${old}`);

  // The same link a second time leads there again.
  await di.page.getByRole('button', { name: 'Back to the present' }).click();
  await quote.click();
  await isLedTo(di, old);
  await di.close();
});

test('a link to a message is copied', async () => {
  const eli = await openPage(browser, server.url, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await row(eli, 'Line 299').hover();
  await row(eli, 'Line 299').locator('.more').click();
  await eli.page.getByRole('button', { name: 'Copy link' }).click();
  await eli.page.getByRole('status').filter({ hasText: 'link to the message is copied' }).waitFor();
  expect(await eli.page.evaluate(async () => await navigator.clipboard.readText())).toBe(
    `${server.url}/#m${seqs[299]}`,
  );
  await eli.close();
});

test('what came while one was away stands behind a divider', async () => {
  const flo = await openPage(browser, server.url);
  await flo.join('Flo');
  await flo.sees('This is the answer');
  const divider = flo.page.locator('.unread');
  const hide = async (isHidden: boolean): Promise<void> =>
    await flo.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await hide(true);
  const first = await say('While Flo was away');
  await say('And once more');
  await flo.sees('And once more');
  expect(await divider.count()).toBe(1);
  expect(await divider.evaluate((line) => line.nextElementSibling?.id)).toBe(`m${first}`);

  // It stays for who comes back to read, also after a reload, and goes when they say something.
  await flo.page.reload();
  await flo.sees('And once more');
  expect(await divider.evaluate((line) => line.nextElementSibling?.id)).toBe(`m${first}`);
  await flo.say('I am back');
  await divider.waitFor({ state: 'detached' });
  await flo.close();
});

test('what is new further up than the view has a way to it', async () => {
  const gus = await openPage(browser, server.url, { viewport: { width: 800, height: 500 } });
  await gus.join('Gus');
  await gus.sees('And once more');
  await gus.page.goto('about:blank');
  const here = await say('First while Gus was away');
  for (let number = 0; number < 30; number += 1) await say(`More ${number}`);
  await gus.page.goto(server.url);
  await gus.sees('More 29');
  await gus.page.getByRole('button', { name: 'New since you were here' }).click();
  await gus.page.waitForFunction((id) => {
    const { top = -1, bottom = -1 } = document.getElementById(id)?.getBoundingClientRect() ?? {};
    return top >= 0 && bottom <= innerHeight;
  }, `m${here}`);
  expect(await gus.page.locator('.unread').evaluate((line) => line.nextElementSibling?.id)).toBe(
    `m${here}`,
  );
  await gus.close();
});

test('the arrow up brings what is to be changed, however far it is', async () => {
  const eve = await openPage(browser, server.url);
  await eve.join('Eve');
  await eve.say('Said long ago');
  await eve.sees('Said long ago');
  for (let number = 0; number < 120; number += 1) await say(`After it ${number}`);
  await row(eve, 'After it 119').waitFor();
  await eve.page.waitForFunction(() =>
    [...document.querySelectorAll('.is-far')].some((far) => far.textContent.includes('long ago')),
  );
  await eve.page.locator('#writing').press('ArrowUp');
  const field = eve.page.getByLabel('Edit your message');
  await field.waitFor();
  await eve.page.keyboard.press('End');
  await eve.page.keyboard.type(', and changed');
  // It stays while the reader looks elsewhere.
  await eve.page.locator('#writing').focus();
  await eve.page.locator('.newer').click();
  await row(eve, 'After it 119').waitFor();
  expect(await field.inputValue()).toBe('Said long ago, and changed');
  await field.press('Enter');
  await eve.sees('Said long ago, and changed');
  await eve.close();
});
