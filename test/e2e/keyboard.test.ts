/** The page without a mouse, and with an input method. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import { openPage, type Person } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

const { browser, server } = await openStage();

function isFocused(node: Element): boolean {
  return node === document.activeElement;
}

/** The name of what has the focus. */
async function focused({ page }: Person): Promise<string> {
  return await page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.getAttribute('name') ?? '';
  });
}

/** Presses a key until the button with this name has the focus. */
async function pressUntil({ page }: Person, key: string, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  await button.waitFor();
  for (let steps = 0; steps < 20; steps += 1) {
    if (await button.evaluate(isFocused)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`No key leads to "${name}"`);
}

test('one can join, write and leave with the keyboard alone', async () => {
  const ada = await openPage(browser, server.url);
  const { keyboard } = ada.page;
  await ada.page.getByLabel('Your nick').waitFor();
  expect(await focused(ada)).toBe('');

  await keyboard.press('Tab');
  expect(await ada.page.locator('.skip').isVisible()).toBe(true);
  await keyboard.press('Enter');
  expect(await focused(ada)).toBe('nick');
  await keyboard.type('Ada');
  await keyboard.press('Enter');
  await ada.page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Message',
  );
  await keyboard.type('One line');
  await keyboard.press('Shift+Enter');
  await keyboard.type('and another');
  await keyboard.press('Enter');
  await ada.sees('One line\nand another');

  await pressUntil(ada, 'Shift+Tab', 'Settings');
  await keyboard.press('Enter');
  await pressUntil(ada, 'Tab', 'Leave the room');
  await keyboard.press('Enter');
  // It asks once more, and the keyboard is where the answer is.
  await pressUntil(ada, 'Tab', 'Leave');
  await keyboard.press('Enter');
  await ada.page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'nick');
  expect(ada.troubles).toEqual([]);
  await ada.close();
});

test('Enter while an input method composes chooses a candidate, and sends nothing', async () => {
  const bea = await openPage(browser, server.url);
  await bea.join('Bea');
  const field = bea.page.getByRole('textbox', { name: 'Message' });
  const before = await bea.texts();
  await field.focus();
  const devtools = await bea.page.context().newCDPSession(bea.page);
  await devtools.send('Input.imeSetComposition', {
    text: 'にほん',
    selectionStart: 3,
    selectionEnd: 3,
  });
  await bea.page.keyboard.press('Enter');
  expect(await field.inputValue()).toContain('にほん');

  // Safari ends the composition first, and then tells of the Enter that ended it.
  await devtools.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  await field.fill('日本');
  await devtools.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  expect(await field.inputValue()).toBe('日本');
  expect(await bea.page.locator('.said').count()).toBe(before.length);

  await bea.page.keyboard.press('Enter');
  await bea.sees('日本');
  expect(await bea.texts()).toEqual([...before, '日本']);
  await bea.close();
});

test('the arrow up edits what one said last, Escape leaves it as it was', async () => {
  const cy = await openPage(browser, server.url);
  const { keyboard } = cy.page;
  await cy.join('Cy');
  await cy.say('The frist');
  await cy.sees('The frist');
  await keyboard.press('ArrowUp');
  await cy.page.getByLabel('Edit your message').waitFor();
  expect(await focused(cy)).toBe('Edit your message');
  await keyboard.press('Control+A');
  await keyboard.type('Nothing of the sort');
  await keyboard.press('Escape');
  await cy.sees('The frist');
  expect(await focused(cy)).toBe('Message');

  await keyboard.press('ArrowUp');
  await cy.page.getByLabel('Edit your message').waitFor();
  await keyboard.press('Control+A');
  await keyboard.type('The first');
  await keyboard.press('Enter');
  await cy.sees('The first');
  expect(await focused(cy)).toBe('Message');
  await cy.close();
});

test('the messages are one stop of the tab key, and the arrows lead through them', async () => {
  const di = await openPage(browser, server.url);
  const { keyboard } = di.page;
  await di.join('Di');
  for (const text of ['One', 'Two', 'Three']) await di.say(text);
  await di.sees('Three');
  expect(await di.page.locator('.said[tabindex="0"]').count()).toBe(1);
  const row = (text: string) => di.page.locator('.said', { hasText: text });

  await keyboard.press('Shift+Tab');
  expect(await row('Three').evaluate(isFocused)).toBe(true);
  await keyboard.press('ArrowUp');
  expect(await row('Two').evaluate(isFocused)).toBe(true);
  await keyboard.press('Home');
  await di.page.waitForFunction(() => document.activeElement === document.querySelector('.said'));
  await keyboard.press('End');
  await di.page.waitForFunction(() => document.activeElement?.textContent?.includes('Three'));
  await di.close();
});

test('a key does something with the message at which the keyboard is', async () => {
  const hal = await openPage(browser, server.url);
  const { keyboard } = hal.page;
  await hal.join('Hal');
  await hal.say('What to do');
  await hal.sees('What to do');
  const row = hal.page.locator('.said', { hasText: 'What to do' });

  await keyboard.press('Shift+Tab');
  await keyboard.press('+');
  await row
    .getByRole('button', { name: 'React with 👍' })
    .and(hal.page.locator(':focus'))
    .waitFor();
  await keyboard.press('Enter');
  await row.locator('.reactions button[aria-pressed=true]', { hasText: '👍' }).waitFor();
  expect(await row.evaluate(isFocused)).toBe(true);

  // Any other one: from the "+" beside the reactions, and from the end of the palette.
  const another = row.getByRole('button', { name: 'React with another emoji' });
  const picker = row.getByRole('dialog', { name: 'Emoji' });
  await another.focus();
  await keyboard.press('Enter');
  await picker.getByRole('option').first().waitFor();
  await keyboard.press('Escape');
  await picker.waitFor({ state: 'detached' });
  expect(await another.evaluate(isFocused)).toBe(true);
  await keyboard.press('Enter');
  await picker.waitFor();
  await keyboard.type('comet');
  await picker.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await row.locator('.reactions button[aria-pressed=true]', { hasText: '☄️' }).waitFor();
  expect(await another.evaluate(isFocused)).toBe(true);

  await row.focus();
  await keyboard.press('+');
  // Once the keyboard is there: it would be led away from what is focused before.
  await row.locator('.menu .emoji:focus').waitFor();
  await row.locator('.menu').getByRole('button', { name: 'React with another emoji' }).focus();
  await keyboard.press('Enter');
  await picker.getByRole('option', { name: 'comet', exact: true }).first().waitFor();
  await keyboard.type('rocket');
  await picker.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await row.locator('.reactions button[aria-pressed=true]', { hasText: '🚀' }).waitFor();
  expect(await row.evaluate(isFocused)).toBe(true);

  await keyboard.press('Enter');
  const actions = row.getByRole('group', { name: 'Actions', exact: true });
  await actions.waitFor();
  // Whoever hears the page learns with them when it was said: the day, and how long ago.
  const described = await actions.evaluate((menu) => {
    return document.getElementById(menu.getAttribute('aria-describedby') ?? '')?.textContent;
  });
  expect(described).toMatch(/ 20\d\d .*:\d\d (now|.* ago)$/);
  await keyboard.press('Escape');
  expect(await row.evaluate(isFocused)).toBe(true);

  await keyboard.press('r');
  expect(await focused(hal)).toBe('Message');
  await row.focus();
  await keyboard.press('e');
  await hal.page.getByLabel('Edit your message').waitFor();
  await keyboard.press('Escape');

  await row.focus();
  await keyboard.press('Delete');
  await row.locator('.danger:focus').waitFor();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await hal.page.locator('.said .is-gone').last().waitFor();
  await hal.close();
});

test('whoever moves on at once is not brought back by what a key has opened', async () => {
  const ivy = await openPage(browser, server.url);
  await ivy.join('Ivy');
  await ivy.say('Move on');
  await ivy.sees('Move on');
  const row = ivy.page.locator('.said', { hasText: 'Move on' });
  /** Presses a key at the message, goes elsewhere before anything is drawn, and waits for that. */
  const isLeftAlone = async (key: string, there: string): Promise<boolean> =>
    await row.evaluate(
      async (node, [key, there]) => {
        (node as HTMLElement).focus();
        node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        const elsewhere = document.querySelector<HTMLElement>(there);
        elsewhere?.focus();
        const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
        await frame();
        await frame();
        await new Promise((done) => setTimeout(done));
        return elsewhere !== null && document.activeElement === elsewhere;
      },
      [key, there] as const,
    );
  expect(await isLeftAlone('+', '#writing')).toBe(true);
  expect(await isLeftAlone('r', '.search-button')).toBe(true);
  await ivy.close();
});

test('on a narrow page the list of who is here opens and closes from the keyboard', async () => {
  const gil = await openPage(browser, server.url, { viewport: { width: 600, height: 700 } });
  await gil.join('Gil');
  const button = gil.page.getByRole('button', { name: 'here' });
  await button.focus();
  await gil.page.keyboard.press('Enter');
  await gil.page.locator('.people li', { hasText: 'Gil' }).waitFor();
  expect(await gil.page.locator('.panel-close').evaluate(isFocused)).toBe(true);
  await gil.page.keyboard.press('Escape');
  await gil.page.locator('.people').waitFor({ state: 'hidden' });
  expect(await button.evaluate(isFocused)).toBe(true);
  await gil.close();
});

test('focus is left where it is when others write, join or leave', async () => {
  const eli = await openPage(browser, server.url);
  const flo = await openPage(browser, server.url);
  await eli.join('Eli');
  const button = eli.page.getByRole('button', { name: 'Settings' });
  await button.focus();
  await flo.join('Flo');
  await flo.say('Hello from Flo');
  await eli.sees('Hello from Flo');
  await flo.leave();
  // Perhaps with others whose time is over just then.
  await eli.page.locator('.event', { hasText: /Flo(, \w+| and \w+)* left/ }).waitFor();
  expect(await button.evaluate(isFocused)).toBe(true);
  await eli.close();
  await flo.close();
});
