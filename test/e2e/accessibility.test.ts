/** The page for everybody: by axe, by contrast, by a narrow window. */
import axe from 'axe-core';
import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { connect } from '../../src/client/client.ts';
import { languages } from '../../src/ui/words/words.ts';
import { openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { startServer } from '../kit/running-server.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const schemes = ['light', 'dark'] as const;
/** How a page is looked at. Forced colours are the few that the reader chose for everything. */
const looks = [
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const;
const narrow = { viewport: { width: 390, height: 844 } };

const { browser, server } = await openStage();

/** What axe finds wrong, as one line for each. */
async function violations({ page }: Person): Promise<readonly string[]> {
  // Colours are measured where they have arrived, not on their way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const frame of page.frames()) await frame.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

async function check(person: Person): Promise<void> {
  for (const look of looks) {
    await person.page.emulateMedia(look);
    expect(await violations(person)).toEqual([]);
  }
  await person.page.emulateMedia({ forcedColors: 'none' });
}

describe('axe finds nothing wrong, in light, in dark and in forced colours,', () => {
  test('with the way in, where nothing was said yet', async () => {
    const ada = await openPage(browser, server.url);
    await ada.page.getByLabel('Your nick').waitFor();
    await ada.page.locator('.empty').waitFor();
    await check(ada);
    await ada.page.getByLabel('Your nick').fill('two  spaces');
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('#join-refusal:not(:empty)').waitFor();
    await check(ada);
    await ada.close();
  });

  test('with a room that has a door, and one that is still loading', async () => {
    const locked = await startServer({ env: { ENCKE_PASSCODE: 'orbit' } });
    const ana = await openPage(browser, locked.url);
    await ana.page.getByLabel('Passcode').waitFor();
    await check(ana);
    // Nobody answers, so it goes on loading. What a worker asks is not stopped by a route.
    await withoutWorker(ana.page);
    await ana.page.route('**/v1/**', () => {});
    await ana.page.reload({ waitUntil: 'commit' });
    await ana.page.locator('.loading').waitFor();
    await check(ana);
    await ana.close();
    await locked.stop();
  });

  test('with the room, and all that can stand in it', async () => {
    const bea = await openPage(browser, server.url);
    await bea.join('Bea');
    await bea.say('Have a look at https://example.org/');
    await bea.sees('Have a look');
    await bea.page.locator('.more').focus();
    await bea.page.keyboard.press('Enter');
    await bea.page.getByRole('button', { name: 'React with 👍' }).click();
    await bea.page.locator('.reactions [aria-pressed]').waitFor();
    await bea.say('/who');
    await bea.page.locator('.local').waitFor();
    await bea.say('/nothing');
    await bea.page.locator('.refused').waitFor();
    await check(bea);

    await bea.page.locator('.more').focus();
    await bea.page.keyboard.press('Enter');
    const actions = bea.page.getByRole('group', { name: 'Actions', exact: true });
    await actions.waitFor();
    await check(bea);
    await actions.getByRole('button', { name: 'Edit', exact: true }).click();
    await bea.page.getByLabel('Edit your message').waitFor();
    await check(bea);
    await bea.close();
  });

  test('with the settings, the question on leaving, and the list of keys', async () => {
    const cleo = await openPage(browser, server.url);
    await cleo.join('Cleo');
    await cleo.page.getByRole('button', { name: 'Settings' }).click();
    await check(cleo);
    await cleo.page.getByLabel('Text size').selectOption('huge');
    await cleo.page.getByRole('button', { name: 'Leave the room' }).click();
    await check(cleo);
    await cleo.page.getByRole('button', { name: 'Keys' }).click();
    await cleo.page.getByRole('dialog').waitFor();
    await check(cleo);
    await cleo.close();
  });

  test('with what opens over a narrow page', async () => {
    const cora = await openPage(browser, server.url, narrow);
    await cora.join('Cora');
    for (const name of ['people', 'search', 'settings']) {
      await cora.page.locator(`.${name}-button`).click();
      await cora.page.locator(`.${name}.is-open`).waitFor();
      await check(cora);
      await cora.page.keyboard.press('Escape');
    }
    await cora.close();
  });

  test('with what a search has found', async () => {
    const cyd = await openPage(browser, server.url);
    await cyd.join('Cyd');
    await cyd.say('A comet returns');
    await cyd.sees('A comet returns');
    await cyd.page.getByRole('button', { name: 'Search' }).click();
    await cyd.page.getByRole('searchbox').fill('comet');
    await cyd.page.locator('.found mark').first().waitFor();
    await check(cyd);
    await cyd.close();
  });

  test('with suggestions, and the emoji to choose from', async () => {
    const una = await openPage(browser, server.url);
    await una.join('Una');
    // Somebody to suggest.
    const bo = connect({ url: server.url });
    await bo.join('Bo');
    const field = una.page.getByRole('textbox', { name: 'Message' });
    for (const text of ['@', '/', ':hea']) {
      await field.fill('');
      await field.pressSequentially(text);
      await una.page.getByRole('listbox').waitFor();
      await check(una);
    }
    await field.fill('');
    await una.page.getByRole('button', { name: 'Choose an emoji' }).click();
    await una.page.getByRole('option').first().waitFor();
    await check(una);
    bo.close();
    await una.close();
  });

  test('with the pages without scripts', async () => {
    const dan = await openPage(browser, `${server.url}/plain`);
    const { page } = dan;
    await page.locator('input[name=nick]').fill('two  spaces');
    await page.locator('.join button').click();
    await page.getByRole('alert').waitFor();
    await check(dan);
    await writePlain(dan, 'Dan');
    await check(dan);
    for (const path of ['/plain?still', '/plain?before=100000']) {
      await page.goto(server.url + path);
      await check(dan);
    }
    await dan.close();
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
    await check(cy);
    await cy.page.context().setOffline(false);
    await cy.page.getByText('The server does not answer').waitFor();
    await check(cy);
    await cy.close();
  });
});

/** Comes into the room without scripts, and writes what is refused, and what is not. */
async function writePlain({ page }: Person, nick: string): Promise<void> {
  await page.locator('input[name=nick]').fill(nick);
  await page.locator('.join button').click({ noWaitAfter: true });
  const frame = page.frameLocator('iframe');
  const say = async (text: string): Promise<void> => {
    await frame.locator('input[name=text]').fill(text);
    await frame.locator('.say button').click();
  };
  await say('/nothing');
  await frame.getByRole('alert').waitFor();
  await say(`Hello from ${nick}`);
  await frame.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('log').getByText(`Hello from ${nick}`).waitFor();
}

// Colours are those of any language.
test('axe finds nothing wrong in Arabic, with scripts and without', async () => {
  const nur = await openPage(browser, server.url, { locale: 'ar' });
  await nur.page.locator('form.join input[name=nick]').fill('Nur');
  await nur.page.locator('form.join button[type=submit]').click();
  await nur.page.locator('textarea').fill('مرحبا');
  await nur.page.keyboard.press('Enter');
  await nur.sees('مرحبا');
  expect(await violations(nur)).toEqual([]);
  await nur.page.locator('.settings-button').click();
  await nur.page.locator('.settings.is-open').waitFor();
  expect(await violations(nur)).toEqual([]);
  await nur.close();
  const dia = await openPage(browser, `${server.url}/plain`, { locale: 'ar' });
  expect(await violations(dia)).toEqual([]);
  await writePlain(dia, 'Dia');
  expect(await dia.page.locator('html').getAttribute('dir')).toBe('rtl');
  expect(await violations(dia)).toEqual([]);
  await dia.close();
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

test('without JavaScript the page leads to the room without it, in each language', async () => {
  const guest = await openPage(browser, server.url, { javaScriptEnabled: false });
  await guest.page.locator('.noscript').waitFor();
  expect(await guest.page.locator('.noscript a').count()).toBe(languages.length);
  await guest.page.getByRole('link', { name: 'Der Raum ohne JavaScript' }).click();
  await guest.page.getByRole('button', { name: 'Join' }).waitFor();
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
        ...[
          document.documentElement,
          ...document.querySelectorAll('.log, .header, .foot, .panel.is-open'),
        ].map((node) => node.scrollWidth - node.clientWidth),
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
  await eli.page.locator('.reactions').last().waitFor();
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
  await eli.page.keyboard.press('Escape');
  await eli.page.locator('.settings-button').tap();
  await eli.page.locator('.settings.is-open').waitFor();
  expect(await overflow()).toBe(0);
  await eli.close();
});

test('a page that runs from right to left is its own mirror image', async () => {
  const noa = await openPage(browser, server.url);
  await noa.join('Noa');
  await noa.say('From the other side');
  await noa.sees('From the other side');
  const middles = async (): Promise<readonly number[]> =>
    await noa.page.evaluate(() =>
      ['.mark', '.tools', '.panel', '.said.is-first .coma'].map((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box ? Math.round(box.left + box.width / 2) : Number.NaN;
      }),
    );
  const before = await middles();
  const widthPx = await noa.page.evaluate(() => {
    document.documentElement.dir = 'rtl';
    return innerWidth;
  });
  const after = await middles();
  for (const [index, middle] of after.entries()) {
    expect(Math.abs(middle - (widthPx - (before[index] ?? 0)))).toBeLessThanOrEqual(1);
  }
  await noa.close();
});

// 1280 by 1024 pixels, and 1280 by 800, four of them to one.
test.each([256, 200])(
  'at 400 %% a desk’s window of 320 by %d still shows what is said, and where one writes',
  async (height) => {
    const flo = await openPage(browser, server.url, { viewport: { width: 320, height } });
    await flo.join(`Flo ${height}`);
    const text = `Large enough to read on ${height}`;
    await flo.say(text);
    await flo.sees(text);
    const field = flo.page.getByRole('textbox', { name: 'Message' });
    for (const part of [field, flo.page.locator('.said', { hasText: text })]) {
      const box = await part.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
    }
    const logPx = await flo.page.locator('.log').evaluate((node) => node.clientHeight);
    expect(logPx).toBeGreaterThanOrEqual(100);
    await flo.close();
  },
);
