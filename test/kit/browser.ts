/** People who use the page with a real browser, each with their own cookies and storage. */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { pageFolder } from '../../src/cli/page.ts';
import { buildPage } from '../../src/ui/build.ts';

export interface Person {
  readonly page: Page;
  /** What went wrong in the page: errors, and whatever the content security policy stopped. */
  readonly troubles: readonly string[];
  /** Joins through the form, and waits until the room is there. */
  join(nick: string): Promise<void>;
  /** Says something through the composer. Does not wait for it to be recorded. */
  say(text: string): Promise<void>;
  /** Waits until a message with this text is recorded and shown. */
  sees(text: string): Promise<void>;
  /** The texts of the recorded messages, in the order in which they are shown. */
  texts(): Promise<readonly string[]>;
  /** Leaves the room through the settings. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing here takes longer, on a machine that is busy with other things as well. */
const patienceMs = 15_000;

/**
 * Starts the system's Chromium, and builds the page anew: a server that is started afterwards
 * serves the page as its sources are now. `args`: more of Chromium's command line; `without`: what
 * Playwright would add to it.
 */
export async function openBrowser(
  args: readonly string[] = [],
  without: readonly string[] = [],
): Promise<Browser> {
  await buildPage(pageFolder);
  return await chromium.launch({
    executablePath: process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
    ignoreDefaultArgs: [...without],
  });
}

/** Somebody opens the page. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) troubles.push(message.text());
  });
  await page.goto(url, { waitUntil: 'commit' });

  return {
    page,
    troubles,
    async join(nick) {
      await page.getByLabel('Your nick').fill(nick);
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByRole('textbox', { name: 'Message' }).waitFor();
    },
    async say(text) {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      // Where one writes with a finger, Enter alone begins a line.
      await page.keyboard.press(options.hasTouch ? 'Control+Enter' : 'Enter');
    },
    async sees(text) {
      await recorded(page).filter({ hasText: text }).first().waitFor();
    },
    texts: async () => await recorded(page).locator('.text').allInnerTexts(),
    leave: async () => await leaveRoom(page),
    close: async () => await context.close(),
  };
}

/** Leaves the room through the settings. */
export async function leaveRoom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Leave the room' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
}

/**
 * From its next load on the page does without the worker that tabs share: what such a worker asks
 * for passes by `page.route`, and is asked also while the context is offline.
 */
export async function withoutWorker(to: Page | BrowserContext): Promise<void> {
  await to.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'SharedWorker');
  });
}

/** The messages that are recorded: not those that are still on their way. */
function recorded(page: Page) {
  return page.locator('.said:not(.is-pending, .is-refused)');
}
