/** The page in the language that a browser prefers. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { openPage } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const { browser, server } = await openStage();

/** The language and the direction that the document tells. */
async function spokenBy(page: Page): Promise<readonly (string | null)[]> {
  const html = page.locator('html');
  return [await html.getAttribute('lang'), await html.getAttribute('dir')];
}

async function boxOf(page: Page, selector: string): Promise<{ x: number; width: number }> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`"${selector}" is not in sight`);
  return box;
}

/** Where the middle of something is, from the left. */
async function middleOf(page: Page, selector: string): Promise<number> {
  const { x, width } = await boxOf(page, selector);
  return x + width / 2;
}

async function join(page: Page, nick: string): Promise<void> {
  await page.locator('form.join input[name=nick]').fill(nick);
  await page.locator('form.join button[type=submit]').click();
  await page.locator('textarea').waitFor();
}

test('in Arabic all of it runs from the right, and what is Latin in it from the left', async () => {
  const viewport = { width: 1280, height: 800 };
  const noor = await openPage(browser, server.url, { locale: 'ar', viewport });
  const { page } = noor;
  await join(page, 'Bo_1');
  expect(await spokenBy(page)).toEqual(['ar', 'rtl']);
  await page.getByText('هنا الآن').first().waitFor();
  // The panel of those who are here stands at the end of a line, as in every language.
  expect(await middleOf(page, '.people')).toBeLessThan(viewport.width / 2);

  // The empty field runs as its placeholder does; what is written never lies below the buttons.
  const field = page.locator('textarea');
  const isRightToLeft = (node: Element): boolean => getComputedStyle(node).direction === 'rtl';
  expect(await field.evaluate(isRightToLeft)).toBe(true);
  await field.fill('Hello, is this right?');
  expect(await field.evaluate(isRightToLeft)).toBe(false);
  const padPx = await field.evaluate((node) =>
    Number.parseFloat(getComputedStyle(node).paddingLeft),
  );
  const [pressed, around] = [await boxOf(page, '.emoji-choice'), await boxOf(page, 'textarea')];
  expect(around.x + padPx).toBeGreaterThanOrEqual(pressed.x + pressed.width);
  await page.keyboard.press('Enter');
  await noor.sees('Hello, is this right?');
  const directionOf = async (selector: string): Promise<string> =>
    await page
      .locator(selector)
      .first()
      .evaluate((node) => getComputedStyle(node).direction);
  expect(await directionOf('.said .text')).toBe('ltr');
  expect(await directionOf('.said .nick')).toBe('ltr');
  // The row of a message begins on the right: the nick, and then its time.
  expect(await middleOf(page, '.said .nick')).toBeGreaterThan(await middleOf(page, '.said time'));
  expect(noor.troubles).toEqual([]);
  await noor.close();
});

test('somebody who prefers German reads German, and may choose another', async () => {
  const ada = await openPage(browser, server.url, { locale: 'de-AT' });
  const { page } = ada;
  await page.getByLabel('Dein Nick').fill('Ada');
  await page.getByRole('button', { name: 'Beitreten' }).click();
  await page.getByRole('textbox', { name: 'Nachricht' }).fill('Grüß Gott');
  await page.getByRole('button', { name: 'Senden' }).click();
  await ada.sees('Grüß Gott');
  expect(await spokenBy(page)).toEqual(['de-AT', 'ltr']);
  // A refusal is told in German too, though the server says it in English.
  await page.getByRole('textbox', { name: 'Nachricht' }).fill('/keeper 1234');
  await page.keyboard.press('Enter');
  await page.getByText('Das darfst du hier nicht').waitFor();

  await page.getByRole('button', { name: 'Einstellungen' }).click();
  const language = page.getByLabel('Sprache');
  const names = await language.locator('option').allInnerTexts();
  expect(names.slice(1)).toEqual([
    'English',
    'Deutsch',
    'español',
    'français',
    '日本語',
    'العربية',
  ]);
  await language.selectOption('fr');
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByRole('button', { name: 'Réglages' }).waitFor();
  expect(await spokenBy(page)).toEqual(['fr', 'ltr']);
  expect(ada.troubles).toEqual([]);
  await ada.close();
});

test('a language that the page does not speak, or cannot load, is English', async () => {
  const cy = await openPage(browser, server.url, { locale: 'pt-BR' });
  await cy.page.getByLabel('Your nick').waitFor();
  expect(await spokenBy(cy.page)).toEqual(['en', 'ltr']);
  await cy.close();

  const di = await openPage(browser, 'about:blank', { locale: 'ja' });
  await di.page.route('**/part-ja-*', async (route) => await route.abort());
  await di.page.goto(server.url);
  await di.page.getByLabel('Your nick').waitFor();
  expect(await spokenBy(di.page)).toEqual(['en', 'ltr']);
  await di.close();
});
