/**
 * Takes pictures of every state of the page, in light and dark, at a desk and on a phone, from a
 * real server in a real browser: for who looks at them, and mends what they see.
 *
 *     node_modules/.bin/bun scripts/screenshots.ts FOLDER [PART OF A NAME]
 *
 * The letters and the emoji in them are those of the machine that it runs on.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { pageFolder } from '../src/cli/page.ts';
import { Files } from '../src/web/files.ts';
import { openBrowser, openPage, type Person } from '../test/kit/browser.ts';
import { LeapClock, RoomServer, type RoomServerParts } from '../test/kit/room-server.ts';
import { openSite } from '../test/kit/site.ts';
import { until } from '../test/kit/until.ts';
import { Conversation, longAgoMs } from './conversation.ts';

const [folder = '', wanted = ''] = process.argv.slice(2);
if (folder === '') throw new Error('Say in which folder the pictures belong');
await mkdir(folder, { recursive: true });

type Scheme = 'light' | 'dark';

const desk: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

const sitePages: Record<string, string> = {};

const browser = await openBrowser();

async function openRoom(given: RoomServerParts = {}): Promise<RoomServer> {
  const files = Files.read(pageFolder, given.embedOrigins ?? []);
  return await RoomServer.open({ title: 'Comet watch', pace: 1, ...given, files });
}

async function shoot(page: Page, name: string, ...schemes: readonly Scheme[]): Promise<void> {
  if (!new RegExp(wanted).test(name)) return;
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    // What has just appeared is drawn as it stays.
    await page.waitForTimeout(350);
    const path = join(folder, `${name}-${colorScheme}.png`);
    await page.screenshot({ path, timeout: 30_000 });
    console.log(path);
  }
}

const rowOf = (person: Person, text: string): Locator =>
  person.page.locator('.said', { hasText: text }).last();

async function openActions(person: Person, text: string): Promise<void> {
  const row = rowOf(person, text);
  await row.hover();
  await row.getByRole('button', { name: 'Actions' }).click();
}

const fieldOf = (person: Person): Locator => person.page.getByRole('textbox', { name: 'Message' });

/** Rooms in which nobody has said anything. */
async function quiet(): Promise<void> {
  await using room = await openRoom();
  const mira = await openPage(browser, room.url, desk);
  await mira.page.getByText('Nothing has been said yet').waitFor();
  await shoot(mira.page, 'empty-desk', 'light', 'dark');
  const ines = await openPage(browser, room.url, phone);
  await ines.page.getByText('Nothing has been said yet').waitFor();
  await shoot(ines.page, 'empty-phone', 'light');
  await mira.join('Mira');
  await shoot(mira.page, 'joined-desk', 'light');
  await ines.page.getByLabel('Your nick').fill('Mira');
  await ines.page.getByRole('button', { name: 'Join' }).click();
  await ines.page.locator('#join-refusal:not(:empty)').waitFor();
  await shoot(ines.page, 'taken-phone', 'dark');
  await mira.close();
  await ines.close();
}

/** The room with a conversation in it, read at a desk and on a phone. */
async function busy(): Promise<void> {
  const site = openSite(sitePages);
  const clock = new LeapClock();
  clock.setForward(-longAgoMs);
  await using room = await openRoom({ embedOrigins: [site.origin], clock });
  const talk = new Conversation(room);
  await talk.fill();
  const mira = await openPage(browser, room.url, desk);
  await mira.page.getByLabel('Your nick').waitFor();
  await shoot(mira.page, 'join-desk', 'light', 'dark');
  await mira.join('Mira');
  const noor = await openPage(browser, room.url, phone);
  await noor.page.getByLabel('Your nick').waitFor();
  await shoot(noor.page, 'join-phone', 'light');
  await noor.join('Noor');
  await mira.say('I bring cake. Is *anybody* allergic to nuts?');
  await mira.sees('allergic');
  await mira.page.goto('about:blank');
  await talk.goOn('Mira');
  await mira.page.goto(room.url);
  await mira.sees('Roof is open');
  await noor.sees('Roof is open');

  await atDesk(mira, talk);
  await onPhone(noor);
  await apart(room, site.origin);
  await trouble(mira, room);
  await noor.close();
  await mira.close();
  talk.close();
  await site.stop();
}

async function atDesk(mira: Person, talk: Conversation): Promise<void> {
  const { page } = mira;
  talk.typing('Sami');
  await page.locator('.typing .nick').waitFor();
  await shoot(page, 'busy-desk', 'light', 'dark');
  await rowOf(mira, 'white one wakes').hover();
  await shoot(page, 'hover-desk', 'light', 'dark');
  await openActions(mira, 'allergic');
  await shoot(page, 'actions-desk', 'light', 'dark');
  await page.keyboard.press('Escape');
  await openActions(mira, 'red lamp');
  await page.locator('.menu').getByRole('button', { name: 'Reply', exact: true }).click();
  await shoot(page, 'reply-desk', 'light', 'dark');
  await page.keyboard.press('Escape');
  await fieldOf(mira).pressSequentially('Ask @');
  await page.locator('.suggestions').waitFor();
  await shoot(page, 'completion-desk', 'light', 'dark');
  await fieldOf(mira).fill('');
  await fieldOf(mira).pressSequentially('/');
  await page.locator('.suggestions').waitFor();
  await shoot(page, 'commands-desk', 'light');
  await fieldOf(mira).fill('');
  await page.getByRole('button', { name: 'Choose an emoji' }).click();
  await page.locator('.emoji-list [role=option]').first().waitFor();
  await shoot(page, 'emoji-desk', 'light', 'dark');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowUp');
  await page.locator('.edit').waitFor();
  await shoot(page, 'edit-desk', 'light');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('roof');
  await page.locator('.found a').first().waitFor();
  await shoot(page, 'search-desk', 'light', 'dark');
  await page.getByRole('button', { name: 'Settings' }).click();
  await shoot(page, 'settings-desk', 'light', 'dark');
  await page.keyboard.press('Escape');
  await page.getByRole('log').focus();
  await page.locator('.said').last().focus();
  await page.keyboard.press('?');
  await page.locator('.keys').waitFor();
  await shoot(page, 'keys-desk', 'light', 'dark');
  await page.keyboard.press('Escape');
  await page.getByRole('log').evaluate((log) => log.scrollBy({ top: -700 }));
  await page.getByRole('button', { name: 'To the newest' }).waitFor();
  await talk.say('Sami', 'Found the red lamp!');
  await page.getByRole('button', { name: '1 new message' }).waitFor();
  await shoot(page, 'newer-desk', 'light');
  await page.goto('about:blank');
  await page.goto(`${talk.url}/#m60`);
  await page.locator('.is-target').waitFor();
  await page.locator('.newer').waitFor();
  await shoot(page, 'old-link-desk', 'light', 'dark');
  await page.locator('.newer').click();
}

async function onPhone(noor: Person): Promise<void> {
  const { page } = noor;
  await shoot(page, 'busy-phone', 'light', 'dark');
  await openActions(noor, 'Roof is open');
  await shoot(page, 'actions-phone', 'light');
  await page.locator('.menu').getByRole('button', { name: 'Reply', exact: true }).click();
  await shoot(page, 'reply-phone', 'dark');
  await page.getByRole('button', { name: 'Do not reply' }).click();
  await page.getByRole('button', { name: 'Choose an emoji' }).click();
  await page.locator('.emoji-list [role=option]').first().waitFor();
  await shoot(page, 'emoji-phone', 'dark');
  await page.keyboard.press('Escape');
  for (const [button, name] of [
    [/ here$/, 'people'],
    ['Settings', 'settings'],
    ['Search', 'search'],
  ] as const) {
    await page.getByRole('button', { name: button }).click();
    if (name === 'search') {
      await page.getByRole('searchbox').fill('roof');
      await page.locator('.found a').first().waitFor();
    }
    await shoot(page, `${name}-phone`, 'light', 'dark');
    await page.getByRole('button', { name: 'Close' }).click();
  }
}

/** What is the same room, and another page. */
async function apart(room: RoomServer, origin: string): Promise<void> {
  const plain = await openPage(browser, `${room.url}/plain`, desk);
  await plain.page.getByLabel('Your nick').fill('Theo');
  // The page that follows has no end.
  await plain.page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
  await plain.page.frameLocator('iframe').getByLabel('Message').waitFor();
  await shoot(plain.page, 'plain-desk', 'light', 'dark');
  await plain.page.setViewportSize({ width: 390, height: 844 });
  await shoot(plain.page, 'plain-phone', 'light');
  await plain.close();

  const size = 'style="width: 320px; height: 480px"';
  sitePages['/'] =
    `<!doctype html><script src="${room.url}/embed.js" async></script>` +
    `<body><encke-chat accent="#a34a12" ${size}></encke-chat>`;
  const guest = await openPage(browser, origin, { viewport: { width: 352, height: 512 } });
  const frame = await until('the room in its frame', () =>
    guest.page.frames().find((one) => one.url().startsWith(room.url)),
  );
  await frame.getByLabel('Your nick').waitFor();
  await shoot(guest.page, 'embed-join', 'light');
  await frame.getByLabel('Your nick').fill('Bea');
  await frame.getByRole('button', { name: 'Join' }).click();
  await frame.getByRole('textbox', { name: 'Message' }).waitFor();
  await shoot(guest.page, 'embed', 'light', 'dark');
  await guest.close();
}

/** What goes wrong, and the way out. */
async function trouble(mira: Person, room: RoomServer): Promise<void> {
  const { page } = mira;
  await mira.say('/roof at eight');
  await page.locator('.is-refused').waitFor();
  await shoot(page, 'failed-desk', 'light', 'dark');
  await page.getByRole('button', { name: 'Discard' }).click();

  const keeper = await room.joinKeeper('Edmond');
  await keeper.command('/mode slow 30');
  await mira.say('One in half a minute, then');
  await fieldOf(mira).fill('And the next one');
  await page.locator('.wait').waitFor();
  await shoot(page, 'slow-desk', 'light', 'dark');
  await fieldOf(mira).fill('');

  const out = await openPage(browser, room.url, desk);
  await out.join('Otto');
  await keeper.command('/kick Otto');
  await out.page.getByRole('button', { name: 'Join again' }).waitFor();
  await shoot(out.page, 'kicked-desk', 'light', 'dark');
  await out.close();

  await room.server.stop();
  await page.getByText(/The server (is restarting|does not answer)/).waitFor();
  await mira.say('Does anybody hear me?');
  await shoot(page, 'lost-desk', 'light', 'dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, 'lost-phone', 'light');
}

/** A room in which only the number of members is told. */
async function large(): Promise<void> {
  await using room = await openRoom({ title: 'Perihelion, live' });
  for (let number = 0; number < 230; number += 1) await room.join(`Guest ${number}`);
  const mira = await openPage(browser, room.url, desk);
  await mira.join('Mira');
  await mira.say('So many of us!');
  await mira.sees('So many');
  await shoot(mira.page, 'large-desk', 'light');
  await mira.close();
}

await quiet();
await busy();
await large();
await browser.close();
