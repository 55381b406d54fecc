/** Where a scene is played: rooms of its own, people with a browser on one device, and a camera. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { pageFolder } from '../../src/cli/page.ts';
import { Files } from '../../src/web/files.ts';
import { openPage, withoutWorker, type Person } from '../../test/kit/browser.ts';
import { LeapClock, RoomServer, type RoomServerParts } from '../../test/kit/room-server.ts';
import { Conversation, longAgoMs } from '../conversation.ts';

export type Device = 'desk' | 'phone';

/** One or several states of the page that are reached together. */
export interface Scene {
  readonly name: string;
  /** Played there alone; on both by default. */
  readonly device?: Device;
  readonly play: (stage: Stage) => Promise<void>;
}

const devices: Readonly<Record<Device, BrowserContextOptions>> = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  },
};

/** It is evening in the pictures, whenever they are taken. West is plus in the names of zones. */
const eveningHours = 21;
const west = ((new Date().getUTCHours() - eveningHours + 36) % 24) - 12;
const timezoneId = `Etc/GMT${west < 0 ? '-' : '+'}${Math.abs(west)}`;

/** What has just appeared is drawn as it stays. */
const settleMs = 350;

export class Stage implements AsyncDisposable {
  readonly device: Device;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #after: (() => Promise<void>)[] = [];

  constructor(browser: Browser, device: Device, folder: string) {
    this.#browser = browser;
    this.device = device;
    this.#folder = folder;
  }

  /** A room whose clock was set back, so that much can have been said in it before now. */
  async room(given: RoomServerParts = {}): Promise<RoomServer> {
    const files = Files.read(pageFolder, given.embedOrigins ?? []);
    const clock = new LeapClock();
    clock.setForward(-longAgoMs);
    const room = await RoomServer.open({ title: 'Comet watch', pace: 1, clock, ...given, files });
    this.after(async () => await room.close());
    return room;
  }

  /** A room in which a few have just been talking. */
  async talk(given: RoomServerParts = {}): Promise<Conversation> {
    const talk = new Conversation(await this.room(given));
    this.after(async () => talk.close());
    await talk.few();
    return talk;
  }

  /** Somebody opens the page. */
  async open(url: string, more: BrowserContextOptions = {}): Promise<Person> {
    const person = await openPage(this.#browser, url, {
      timezoneId,
      ...devices[this.device],
      ...more,
    });
    this.after(async () => await person.close());
    return person;
  }

  /** Somebody whose page asks by itself: its requests can be held back, and it can be offline. */
  async openAlone(url: string, prepare?: (page: Page) => Promise<void>): Promise<Person> {
    const person = await this.open('about:blank');
    await withoutWorker(person.page);
    await prepare?.(person.page);
    await person.page.goto(url, { waitUntil: 'commit' });
    return person;
  }

  /** Takes the pictures of a state. */
  async shoot({ page }: Pick<Person, 'page'>, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(settleMs);
      const path = join(this.#folder, `${name}-${this.device}-${colorScheme}.png`);
      await page.screenshot({ path, timeout: 30_000 });
    }
    console.log(`${name}-${this.device}`);
  }

  /** Does this when the scene is over; what was asked for last, first. */
  after(end: () => Promise<void>): void {
    this.#after.push(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#after.toReversed()) await end().catch(() => undefined);
  }
}

export const fieldOf = ({ page }: Person): Locator =>
  page.getByRole('textbox', { name: 'Message', exact: true });

export const rowOf = ({ page }: Person, text: string): Locator =>
  page.locator('.said', { hasText: text }).last();

export const press = async ({ page }: Person, name: string | RegExp): Promise<void> =>
  await page.getByRole('button', { name, exact: true }).last().click();

/** Opens what can be done with a message. */
export async function openActions(person: Person, text: string): Promise<void> {
  const row = rowOf(person, text);
  await row.scrollIntoViewIfNeeded();
  await row.hover();
  await row.locator('.more').click();
  await person.page.locator('.menu').waitFor();
}
