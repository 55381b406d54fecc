/** What a tab that nobody looks at makes of what is said, and who is found in a large room. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { limits } from '../../src/protocol/limits.ts';
import { openPage } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const { browser, server } = await openStage({
  args: ['--title', 'Comets', '--address-limits', 'off'],
});

/** What a page keeps of what it would have shown and played, and whether it thinks it is hidden. */
interface Watched {
  notes: string[];
  /** The notifications that are shown, by their tags. */
  shown: Map<string, EventTarget>;
  tones: number;
  isHidden: boolean;
}

/** Has the browser note what it is asked to show and to play, and hides the page when told to. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { notes: [], shown: new Map(), tones: 0, isHidden: false };
    class Noted extends EventTarget {
      static readonly permission = 'granted';
      static requestPermission = async (): Promise<string> => await Promise.resolve('granted');
      readonly #tag: string;
      constructor(title: string, { body, tag }: { readonly body: string; readonly tag: string }) {
        super();
        watched.notes.push(`${title}: ${body}`);
        watched.shown.set(tag, this);
        this.#tag = tag;
      }
      close(): void {
        watched.shown.delete(this.#tag);
      }
    }
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function startAndCount(when?: number) {
      watched.tones += 1;
      start.call(this, when);
    };
    Object.assign(globalThis, { watched, Notification: Noted });
    Object.defineProperty(document, 'hidden', { get: () => watched.isHidden });
  });
  await page.reload();
}

async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    (globalThis as unknown as { watched: Watched }).watched.isHidden = value;
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

async function watchedIn(page: Page): Promise<Watched> {
  return await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched);
}

async function iconOf(page: Page): Promise<string | null> {
  return await page.locator('link[rel=icon]').getAttribute('href');
}

test('a hidden tab counts what it missed, and marks when it is named', async () => {
  const [ada, bo] = [await openPage(browser, server.url), await openPage(browser, server.url)];
  await watch(ada.page);
  await ada.join('Ada');
  await bo.join('Bo');
  await bo.say('Seen at once');
  await ada.sees('Seen at once');
  expect(await ada.page.title()).toBe('Comets');

  await setHidden(ada.page, true);
  await bo.say('@Adam is not here');
  await ada.page.waitForFunction(() => document.title === '(1) Comets');
  expect(await iconOf(ada.page)).toBe('icon-unread.svg');
  await bo.say('Are you there, @ada?');
  await ada.page.waitForFunction(() => document.title === '(@2) Comets');
  expect(await iconOf(ada.page)).toBe('icon-named.svg');
  await setHidden(ada.page, false);
  expect(await ada.page.title()).toBe('Comets');
  expect(await iconOf(ada.page)).toBe('icon.svg');
  // Nobody asked for more than that.
  expect(await watchedIn(ada.page)).toMatchObject({ notes: [], tones: 0 });
  await ada.close();
  await bo.close();
});

test('who asked for it is told by a notification and a tone, and never in view of the room', async () => {
  const [cy, di] = [await openPage(browser, server.url), await openPage(browser, server.url)];
  await watch(cy.page);
  await cy.join('Cy');
  await di.join('Di');
  await cy.page.getByRole('button', { name: 'Settings' }).click();
  await cy.page.getByLabel('Notifications').selectOption('mentions');
  await cy.page.getByLabel('A soft tone for a message').check();
  await di.say('@Cy, in view');
  await cy.sees('in view');

  await setHidden(cy.page, true);
  await di.say('Not to anybody');
  await cy.page.waitForFunction(
    () => (globalThis as unknown as { watched: Watched }).watched.tones > 0,
  );
  await di.say('@Cy, look here');
  await cy.page.waitForFunction(
    () => (globalThis as unknown as { watched: Watched }).watched.notes.length > 0,
  );
  const { notes, tones } = await watchedIn(cy.page);
  expect(notes).toEqual(['Di: @Cy, look here']);
  // One tone has two partials, and the second message came within its rest.
  expect(tones).toBe(2);

  // The next one takes the place of the first, tells of both, and leads to its message.
  await di.say('@Cy, and here');
  await cy.page.waitForFunction(
    () => (globalThis as unknown as { watched: Watched }).watched.notes.length > 1,
  );
  expect((await watchedIn(cy.page)).notes[1]).toBe('2 new messages: Di: @Cy, and here');
  const left = await cy.page.evaluate(() => {
    const { shown } = (globalThis as unknown as { watched: Watched }).watched;
    const count = shown.size;
    for (const one of shown.values()) one.dispatchEvent(new Event('click'));
    return [count, shown.size];
  });
  expect(left).toEqual([1, 0]);
  await cy.page.locator('.said.is-target:focus', { hasText: 'and here' }).waitFor();
  await cy.close();
  await di.close();
});

test('while one tab of the room is in view, the others are silent', async () => {
  const [eli, flo] = [await openPage(browser, server.url), await openPage(browser, server.url)];
  await watch(eli.page);
  await eli.join('Eli');
  await flo.join('Flo');
  await eli.page.getByRole('button', { name: 'Settings' }).click();
  await eli.page.getByLabel('Notifications').selectOption('all');
  const other = await eli.page.context().newPage();
  await other.goto(server.url);
  await other.locator('.people li', { hasText: 'Eli' }).waitFor();
  await setHidden(eli.page, true);
  await flo.say('Seen in the other tab');
  await eli.page.waitForFunction(() => document.title.startsWith('(1)'));
  await other.close();
  await flo.say('Seen in none');
  await eli.page.waitForFunction(
    () => (globalThis as unknown as { watched: Watched }).watched.notes.length > 0,
  );
  expect((await watchedIn(eli.page)).notes).toEqual(['Flo: Seen in none']);
  await eli.close();
  await flo.close();
});

test('in a large room only the number is told, and a nick is found by asking', async () => {
  const many = Array.from({ length: limits.rosterMax + 1 }, (_, index) => `Guest ${index}`);
  for (const nick of many) {
    const joined = await fetch(`${server.url}/v1/join`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nick }),
    });
    expect(joined.status).toBe(201);
  }
  const gil = await openPage(browser, server.url);
  await gil.join('Gil');
  const people = gil.page.locator('.people');
  await people.getByText('only the number is told').waitFor();
  expect(await people.locator('li').count()).toBe(0);
  await people.getByLabel('Find a nick').fill('guest 20');
  await people.locator('li', { hasText: 'Guest 200' }).waitFor();
  expect(await people.locator('li').count()).toBe(2);
  await people.getByLabel('Find a nick').fill('nobody');
  await people.getByText('Nobody here is called “nobody”').waitFor();
  // No nick is so long, and the room refuses to look.
  await people.getByLabel('Find a nick').fill('x'.repeat(limits.nickBytesMax + 1));
  await people.getByText('The room could not be asked').waitFor();
  expect(gil.troubles).toEqual([]);
  await gil.close();
});
