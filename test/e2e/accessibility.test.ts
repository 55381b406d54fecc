/** The page for everybody: by axe, by contrast, by a narrow window. */
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

const schemes = ['light', 'dark'] as const;

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What axe finds wrong, as one line for each. */
async function violations({ page }: Person): Promise<readonly string[]> {
  // Colours are measured where they have arrived, not on their way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

async function checkInBoth(person: Person): Promise<void> {
  for (const colorScheme of schemes) {
    await person.page.emulateMedia({ colorScheme });
    expect(await violations(person)).toEqual([]);
  }
}

describe('axe finds nothing wrong, in light and in dark,', () => {
  test('with the way in', async () => {
    const ada = await openPage(browser, server.url);
    await ada.page.getByLabel('Your nick').waitFor();
    await checkInBoth(ada);
    await ada.page.getByLabel('Your nick').fill('two  spaces');
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('#join-refusal:not(:empty)').waitFor();
    await checkInBoth(ada);
    await ada.close();
  });

  test('with the room, and all that can stand in it', async () => {
    const bea = await openPage(browser, server.url);
    await bea.join('Bea');
    await bea.say('Have a look at https://example.org/');
    await bea.sees('Have a look');
    await bea.page.locator('.more').focus();
    await bea.page.keyboard.press('Enter');
    await bea.page.getByRole('button', { name: 'React with 👍' }).click();
    await bea.page.locator('.reactions button').waitFor();
    await bea.say('/who');
    await bea.page.locator('.local').waitFor();
    await bea.say('/nothing');
    await bea.page.locator('.refused').waitFor();
    await checkInBoth(bea);

    await bea.page.locator('.more').focus();
    await bea.page.keyboard.press('Enter');
    await bea.page.getByRole('group', { name: 'Actions', exact: true }).waitFor();
    await checkInBoth(bea);
    await bea.page.getByRole('button', { name: 'Edit', exact: true }).last().click();
    await checkInBoth(bea);
    await bea.close();
  });

  test('with a connection that is lost', async () => {
    const cy = await openPage(browser, server.url);
    // The requests of a worker cannot be stopped here; without one they are the page's own.
    await cy.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
    await cy.page.reload();
    await cy.join('Cy');
    await cy.page.route('**/v1/poll*', async (route) => await route.abort());
    await cy.page.context().setOffline(true);
    await cy.page.getByText('This device is offline').waitFor();
    await cy.page.context().setOffline(false);
    await cy.page.getByText('The connection is lost').waitFor();
    await checkInBoth(cy);
    await cy.close();
  });
});

test('every colour of a nick can be read on every ground it stands on', async () => {
  const di = await openPage(browser, server.url);
  await di.join('Di');
  await di.say('Hello');
  await di.sees('Hello');
  for (const colorScheme of schemes) {
    await di.page.emulateMedia({ colorScheme });
    const contrasts = await di.page.evaluate(() => {
      const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const luminance = (colour: string): number => {
        if (pixel === null) throw new Error('There is no canvas');
        pixel.fillStyle = colour;
        pixel.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = [...pixel.getImageData(0, 0, 1, 1).data].map(
          (byte) => {
            const share = byte / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          },
        );
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const row = document.querySelector('.said');
      const coma = row?.querySelector('.coma');
      if (!row || !coma) throw new Error('There is no message');
      const grounds = ['.log', '.foot'].map((selector) => document.querySelector(selector));
      const found: number[] = [];
      for (let hue = 0; hue < 12; hue += 1) {
        row.className = `said is-first hue-${hue}`;
        const own = luminance(getComputedStyle(coma).color);
        for (const ground of [coma, ...grounds]) {
          let node: Element | null = ground;
          // What has no ground of its own stands on that of what it is in.
          while (node && getComputedStyle(node).backgroundColor === 'rgba(0, 0, 0, 0)') {
            node = node.parentElement;
          }
          const other = luminance(node ? getComputedStyle(node).backgroundColor : '');
          found.push((Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05));
        }
      }
      return found;
    });
    expect(contrasts).toHaveLength(36);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  }
  await di.close();
});

test('without JavaScript the page says that it needs it', async () => {
  const guest = await openPage(browser, server.url, { javaScriptEnabled: false });
  await guest.page.locator('.noscript').waitFor();
  await guest.close();
});

test('a window of 320 by 640 has nothing to scroll to the side', async () => {
  const eli = await openPage(browser, server.url, {
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const overflow = async (): Promise<number> =>
    await eli.page.evaluate(() =>
      Math.max(
        ...[document.documentElement, ...document.querySelectorAll('.log, .header, .foot')].map(
          (node) => node.scrollWidth - node.clientWidth,
        ),
      ),
    );
  await eli.page.getByLabel('Your nick').waitFor();
  expect(await overflow()).toBe(0);
  await eli.join('W'.repeat(24));
  await eli.say(`/topic ${'long'.repeat(40)}`);
  await eli.say(`https://example.org/${'a'.repeat(300)} ${'b'.repeat(300)}`);
  await eli.sees('https://example.org');
  await eli.page.locator('.topic').waitFor();
  expect(await overflow()).toBe(0);
  await eli.page.locator('.more').last().tap();
  await eli.page.getByRole('group', { name: 'Actions', exact: true }).waitFor();
  expect(await overflow()).toBe(0);
  await eli.page.getByRole('button', { name: 'React with 👍' }).tap();
  await eli.page.locator('.reactions').waitFor();
  await eli.page.locator('.people-button').tap();
  await eli.page.locator('.people.is-open').waitFor();
  expect(await overflow()).toBe(0);

  const targets = await eli.page
    .locator('button:visible')
    .evaluateAll((buttons) =>
      buttons
        .map((button) => button.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    );
  expect(Math.min(...targets)).toBeGreaterThanOrEqual(44);
  await eli.close();
});
