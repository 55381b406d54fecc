/** What happens where one writes: marks, completion, waiting, what is kept. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Locator } from 'playwright-core';
import { openBrowser, openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

const keeperCode = 'perihelion-of-1786';

let browser: Browser;
let server: RunningServer;
let ada: Person;
let bo: Person;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ env: { ENCKE_KEEPER_CODE: keeperCode } });
  ada = await openPage(browser, server.url);
  bo = await openPage(browser, server.url);
  await ada.join('Ada');
  await bo.join('Bo Diddley');
});

afterAll(async () => {
  expect([...ada.troubles, ...bo.troubles]).toEqual([]);
  await browser.close();
  await server.stop();
});

function fieldOf({ page }: Person): Locator {
  return page.getByRole('textbox', { name: 'Message' });
}

/** What is suggested, and which of it Enter would choose. */
async function suggested({ page }: Person): Promise<{ all: string[]; active: string | null }> {
  const options = page.locator('.suggestions [role=option]');
  await options.first().waitFor();
  const id = await page.locator('#writing').getAttribute('aria-activedescendant');
  const active = await page.locator(`[id="${id ?? ''}"]`).getAttribute('aria-selected');
  return { all: await options.allInnerTexts(), active };
}

/** The elements within an element, by name, in order. */
async function elementsIn(locator: Locator): Promise<string[]> {
  return await locator.evaluate((node) =>
    [...node.querySelectorAll('*')].map(({ localName }) => localName),
  );
}

describe('marks', () => {
  test('are shown as what they mean, for who wrote and for who reads', async () => {
    await ada.say('**Bold** _slanted_ ~~gone~~ `code` @Bo Diddley https://example.org/a_b_c');
    for (const person of [ada, bo]) {
      await person.sees('slanted');
      const text = person.page.locator('.said .text', { hasText: 'slanted' });
      expect(await elementsIn(text)).toEqual(['strong', 'em', 's', 'code', 'bdi', 'a']);
      expect(await text.innerText()).toBe(
        'Bold slanted gone code @Bo Diddley https://example.org/a_b_c',
      );
    }
    expect(await bo.page.locator('.mention.is-us').count()).toBe(1);
    expect(await ada.page.locator('.mention.is-us').count()).toBe(0);
  });

  test('of lines make quotes and code, in which nothing is a mark', async () => {
    await fieldOf(ada).fill('Look:\n> quoted\n```ts\nlet *a* = "<b>";\n```');
    await ada.page.keyboard.press('Enter');
    const text = bo.page.locator('.said .text', { hasText: 'Look' });
    await text.waitFor();
    expect(await elementsIn(text)).toEqual(['blockquote', 'pre', 'span', 'code']);
    expect(await text.locator('pre code').innerText()).toBe('let *a* = "<b>";');
  });
});

describe('completion', () => {
  test('offers members behind an at sign, and the keyboard chooses', async () => {
    const field = fieldOf(ada);
    await field.pressSequentially('Hello @did');
    expect(await suggested(ada)).toEqual({ all: ['B\nBo Diddley'], active: 'true' });
    await ada.page.keyboard.press('Tab');
    expect(await field.inputValue()).toBe('Hello @Bo Diddley ');
    await ada.page.keyboard.press('Enter');
    await bo.sees('Hello @Bo Diddley');
  });

  test('offers commands with their words, which the arrows lead through', async () => {
    const field = fieldOf(ada);
    await field.pressSequentially('/');
    expect((await suggested(ada)).all[0]).toContain('/help');
    await ada.page.keyboard.press('ArrowUp');
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('ArrowDown');
    expect(await ada.page.locator('[role=option][aria-selected=true]').innerText()).toContain(
      '/me TEXT',
    );
    await ada.page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('/me ');
    await field.fill('');
  });

  test('of a command that is written out sends it', async () => {
    await fieldOf(ada).pressSequentially('/who');
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('.local', { hasText: '2 here' }).waitFor();
  });

  test('finds emoji by their names, and Escape leaves what is written', async () => {
    const field = fieldOf(ada);
    await field.pressSequentially('Party :tad');
    expect((await suggested(ada)).all[0]).toContain(':tada:');
    await ada.page.keyboard.press('Escape');
    await ada.page.locator('.suggestions').waitFor({ state: 'detached' });
    await field.pressSequentially('a');
    expect(await ada.page.locator('.suggestions').count()).toBe(0);
    expect(await field.inputValue()).toBe('Party :tada');
    await field.fill('');
    await field.pressSequentially('Party :tad');
    await suggested(ada);
    await ada.page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('Party 🎉 ');
    await field.fill('');
  });

  test('follows the caret: a click opens it, and what leads away closes it', async () => {
    const field = fieldOf(ada);
    const list = ada.page.locator('.suggestions');
    await field.fill('@bo or not');
    const { x, y, height } = (await field.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    // Behind the nick, as far as can be hit without knowing the letters.
    await field.evaluate((node: HTMLTextAreaElement) => node.setSelectionRange(9, 9));
    await ada.page.mouse.click(x + 30, y + height / 2);
    expect(await suggested(ada)).toEqual({ all: ['B\nBo Diddley'], active: 'true' });
    await ada.page.keyboard.press('End');
    await list.waitFor({ state: 'detached' });
    // Keys open nothing: they would be caught in it on their way through the text.
    for (let at = 0; at < 7; at += 1) await ada.page.keyboard.press('ArrowLeft');
    expect(await field.evaluate((node: HTMLTextAreaElement) => node.selectionStart)).toBe(3);
    expect(await list.count()).toBe(0);
    await field.fill('');
  });

  test('works while the keyboard of a phone composes, as it does with each word', async () => {
    const phone = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } };
    const cy = await openPage(browser, server.url, phone);
    await cy.join('Cy');
    const field = fieldOf(cy);
    await field.focus();
    const devtools = await cy.page.context().newCDPSession(cy.page);
    await field.pressSequentially('Hi @');
    const selection = { selectionStart: 3, selectionEnd: 3 };
    await devtools.send('Input.imeSetComposition', { text: 'did', ...selection });
    await cy.page.locator('.suggestions [role=option]', { hasText: 'Bo Diddley' }).tap();
    await cy.page.locator('.suggestions').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('Hi @Bo Diddley ');
    await field.fill('');
    await cy.leave();
    await cy.close();
  });

  test('leaves an input method alone', async () => {
    const field = fieldOf(ada);
    await field.focus();
    const devtools = await ada.page.context().newCDPSession(ada.page);
    const compose = async (text: string): Promise<void> => {
      const selection = { selectionStart: text.length, selectionEnd: text.length };
      await devtools.send('Input.imeSetComposition', { text, ...selection });
    };
    // Of what the input method takes for itself nothing is used, also while suggestions are shown.
    await field.pressSequentially('@');
    await suggested(ada);
    for (const key of ['Enter', 'Tab', 'ArrowUp', 'Escape']) {
      const isLeft = await field.evaluate((node, pressed) => {
        const init = { key: pressed, isComposing: true, cancelable: true, bubbles: true };
        return node.dispatchEvent(new KeyboardEvent('keydown', init));
      }, key);
      expect(isLeft).toBe(true);
    }
    expect(await field.inputValue()).toBe('@');
    await compose('B');
    await compose('Bo');
    expect(await ada.page.locator('.suggestions').count()).toBe(0);
    expect(await field.inputValue()).toBe('@Bo');
    await devtools.send('Input.insertText', { text: 'Bo' });
    await suggested(ada);
    await field.fill('');
  });
});

test('the field stands above a keyboard on the screen that covers the page', async () => {
  const phone = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } };
  const dan = await openPage(browser, server.url, phone);
  // No browser that can be driven has such a keyboard: this one says that it has.
  await dan.page.addInitScript(() => {
    const seen = Object.assign(new EventTarget(), { height: 800, scale: 1 });
    Object.defineProperty(window, 'visualViewport', { value: seen });
  });
  await dan.page.reload();
  await dan.join('Dan');
  /** Where the header begins and the composer ends. */
  const see = async (height: number, scale: number): Promise<readonly number[]> =>
    await dan.page.evaluate(
      (now) => {
        Object.assign(window.visualViewport ?? new EventTarget(), now).dispatchEvent(
          new Event('resize'),
        );
        const boxOf = (name: string) => document.querySelector(name)?.getBoundingClientRect();
        return [boxOf('.header')?.top ?? 0, boxOf('.foot')?.bottom ?? 0];
      },
      { height, scale },
    );
  expect(await see(800, 1)).toEqual([0, 800]);
  expect(await see(430, 1)).toEqual([0, 430]);
  expect(await see(400, 2)).toEqual([0, 800]);
  expect(await see(800, 1)).toEqual([0, 800]);
  await dan.leave();
  await dan.close();
});

test('emoji are chosen with the keyboard alone, and those used last come first', async () => {
  const { page } = ada;
  const open = page.getByRole('button', { name: 'Choose an emoji' });
  await open.focus();
  await page.keyboard.press('Enter');
  const search = page.getByRole('combobox', { name: 'Search emoji' });
  await search.pressSequentially('rocket');
  await page.getByRole('option', { name: 'rocket', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  expect(await fieldOf(ada).inputValue()).toBe('🚀');
  expect(await fieldOf(ada).evaluate((node) => node === document.activeElement)).toBe(true);

  await open.click();
  await page.getByRole('option', { name: 'rocket', selected: true }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'grinning', exact: true, selected: true }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await fieldOf(ada).inputValue()).toBe('🚀😃');
  await open.click();
  await search.waitFor();
  await page.keyboard.press('Escape');
  await search.waitFor({ state: 'detached' });
  await fieldOf(ada).fill('');
});

test('what is pasted is text, whatever it looked like where it was copied', async () => {
  const field = fieldOf(ada);
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await field.focus();
  await ada.page.evaluate(async () => {
    const as = (type: string, text: string) => ({ [type]: new Blob([text], { type }) });
    const html = '<p class="x">a <b>b</b></p>';
    await navigator.clipboard.write([
      new ClipboardItem({ ...as('text/html', html), ...as('text/plain', 'a b') }),
    ]);
  });
  await ada.page.keyboard.press('Control+V');
  expect(await field.inputValue()).toBe('a b');
  await ada.page.keyboard.press('Enter');
  await bo.sees('a b');
});

test('the limit is shown before it is reached, and nothing beyond it is sent', async () => {
  const field = fieldOf(ada);
  await field.fill('a'.repeat(1_995));
  await ada.page.getByText('5 characters left').waitFor();
  await field.fill('👍'.repeat(2_002));
  await ada.page.getByText('2 characters too many').waitFor();
  await ada.page.keyboard.press('Enter');
  expect(await field.inputValue()).toHaveLength(4_004);
  await field.fill('');
});

test('an answer stands above the field until it is sent or taken back, and goes with the message', async () => {
  await bo.say('Who knows?');
  await ada.sees('Who knows?');
  const row = ada.page.locator('.said', { hasText: 'Who knows?' });
  await row.hover();
  await row.getByRole('button', { name: 'Reply' }).first().click();
  const strip = ada.page.locator('.reply-strip', { hasText: 'Who knows?' });
  await strip.waitFor();
  expect(await fieldOf(ada).evaluate((node) => node === document.activeElement)).toBe(true);
  await ada.page.keyboard.press('Escape');
  await strip.waitFor({ state: 'detached' });

  await row.hover();
  await row.getByRole('button', { name: 'Reply' }).first().click();
  await strip.waitFor();
  await ada.page.keyboard.type('I do');
  await ada.page.keyboard.press('Enter');
  const answer = bo.page.locator('.said', { hasText: 'I do' });
  await answer.locator('.quoted', { hasText: 'Who knows?' }).waitFor();
  expect(await strip.count()).toBe(0);
});

test('what is being answered says so when it is deleted meanwhile', async () => {
  await bo.say('Never mind');
  const row = ada.page.locator('.said', { hasText: 'Never mind' });
  await row.hover();
  await row.getByRole('button', { name: 'Reply' }).first().click();
  const theirs = bo.page.locator('.said', { hasText: 'Never mind' });
  await theirs.hover();
  await theirs.getByRole('button', { name: 'Actions' }).click();
  await bo.page.getByRole('button', { name: 'Delete' }).click();
  await bo.page.getByRole('button', { name: 'Delete for everyone' }).click();
  await ada.page.locator('.reply-strip', { hasText: 'was deleted' }).waitFor();
  await ada.page.keyboard.press('Escape');
});

describe('nothing is lost', () => {
  test('of a draft when the page is loaded again, or opened in another tab', async () => {
    await fieldOf(ada).fill('Half a thought');
    await ada.page.reload();
    await fieldOf(ada).waitFor();
    expect(await fieldOf(ada).inputValue()).toBe('Half a thought');
    const other = await ada.page.context().newPage();
    await other.goto(server.url);
    const field = other.getByRole('textbox', { name: 'Message' });
    await field.waitFor();
    expect(await field.inputValue()).toBe('Half a thought');
    await other.close();
    await fieldOf(ada).fill('');
  });

  test('but the code of the keepers, which is not stored while it is typed', async () => {
    const stored = async (): Promise<string> =>
      await ada.page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    await fieldOf(ada).fill('/keeper');
    await fieldOf(ada).fill('\u2060/keeper perihelion');
    expect(await stored()).not.toContain('perihelion');
    await fieldOf(ada).fill('/me at perihelion');
    expect(await stored()).toContain('perihelion');
    await fieldOf(ada).fill('');
  });

  test('of a change when the page is loaded again, which says if the message is another by then', async () => {
    await ada.say('To be reworded');
    await ada.sees('To be reworded');
    await fieldOf(ada).press('ArrowUp');
    const field = ada.page.getByLabel('Edit your message');
    await field.fill('Half of a better wording');
    await ada.page.reload();
    await field.waitFor();
    expect(await field.inputValue()).toBe('Half of a better wording');
    expect(await field.evaluate((node) => node === document.activeElement)).toBe(true);
    const conflict = ada.page.getByText('This message was changed meanwhile');
    expect(await conflict.count()).toBe(0);

    const row = ada.page.locator('.said', { has: field });
    const seq = (await row.getAttribute('id'))?.slice(1) ?? '';
    await ada.page.evaluate(async (of) => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ text: 'Reworded in another tab' });
      await fetch(`/v1/messages/${of}`, { method: 'PATCH', headers, body });
    }, seq);
    await conflict.waitFor();
    await ada.page.reload();
    await conflict.waitFor();
    expect(await field.inputValue()).toBe('Half of a better wording');
    await field.press('Enter');
    await bo.sees('Half of a better wording');
    await ada.page.reload();
    await fieldOf(ada).press('ArrowUp');
    expect(await field.inputValue()).toBe('Half of a better wording');
    await field.press('Escape');
  });

  test('of what is said offline: it waits in sight, and is sent when the network is back', async () => {
    // The browser that is driven keeps its workers online.
    await withoutWorker(ada.page);
    await ada.page.reload();
    await fieldOf(ada).waitFor();
    await ada.page.context().setOffline(true);
    await ada.page.getByText('This device is offline').waitFor();
    await ada.say('Said in a tunnel');
    await ada.page.locator('.is-pending', { hasText: 'waits for the connection' }).waitFor();
    await ada.page.context().setOffline(false);
    await bo.sees('Said in a tunnel');
    await ada.sees('Said in a tunnel');
    expect(await ada.page.locator('.is-pending').count()).toBe(0);
  });
});

test('a message that is deleted while it is edited is told, and what was written can be said', async () => {
  await bo.say('To be changed');
  await bo.sees('To be changed');
  await fieldOf(bo).press('ArrowUp');
  const field = bo.page.getByLabel('Edit your message');
  await field.fill('Changed **after** all');
  await ada.say(`/keeper ${keeperCode}`);
  await ada.page.locator('.event', { hasText: 'Ada is a keeper now' }).waitFor();
  const deleted = await ada.page.evaluate(async () => {
    const snapshot = (await (await fetch('/v1/room')).json()) as {
      entries: readonly { seq: number; text: string }[];
    };
    const seq = snapshot.entries.find(({ text }) => text === 'To be changed')?.seq ?? 0;
    return (await fetch(`/v1/messages/${seq}`, { method: 'DELETE' })).ok;
  });
  expect(deleted).toBe(true);
  await bo.page.getByText('deleted meanwhile').waitFor();
  await bo.page.getByRole('button', { name: 'Write it anew' }).click();
  expect(await fieldOf(bo).inputValue()).toBe('Changed **after** all');
  await bo.page.keyboard.press('Enter');
  await ada.sees('Changed after all');
});

test('an edit that is answered late leaves the one that has begun meanwhile', async () => {
  await withoutWorker(bo.page);
  await bo.page.reload();
  await bo.say('To be changed twice');
  await bo.sees('To be changed twice');
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await bo.page.route('**/v1/messages/*', async (route) => {
    asked.resolve();
    await answered.promise;
    await route.continue();
  });
  const field = bo.page.getByLabel('Edit your message');
  await fieldOf(bo).press('ArrowUp');
  await field.fill('Changed once');
  await field.press('Enter');
  await asked.promise;
  await field.press('Escape');
  await fieldOf(bo).press('ArrowUp');
  await field.fill('Changed a second time');
  const response = bo.page.waitForResponse('**/v1/messages/*');
  answered.resolve();
  await (await response).finished();
  await ada.sees('Changed once');
  expect(await field.inputValue()).toBe('Changed a second time');
  await bo.page.keyboard.press('Enter');
  await ada.sees('Changed a second time');
  await bo.page.unrouteAll();
});

describe('who has to wait', () => {
  test('sees for how long in slow mode, keeps the text, and may have it sent then', async () => {
    await ada.say('/mode slow 4');
    await bo.page.locator('.event', { hasText: 'slowed the room' }).waitFor();
    await bo.say('The first');
    await bo.page.getByText(/Slow mode: \d s/).waitFor();
    await bo.say('The second');
    expect(await fieldOf(bo).inputValue()).toBe('The second');
    await bo.page.getByText(/Will be sent in \d s/).waitFor();
    await bo.page.keyboard.press('Escape');
    await bo.page.getByText(/Slow mode: \d s/).waitFor();
    await bo.page.keyboard.press('Enter');
    await ada.sees('The second');
    expect(await fieldOf(bo).inputValue()).toBe('');
    expect(await bo.page.locator('.is-refused').count()).toBe(0);
    // A keeper does not wait.
    expect(await ada.page.locator('.wait').count()).toBe(0);
  });

  test('is told in a quiet room, keeps the text, and can still give commands', async () => {
    await ada.say('/mode quiet');
    await bo.page.locator('.barred', { hasText: 'only keepers write now' }).waitFor();
    await bo.say('Not now');
    expect(await fieldOf(bo).inputValue()).toBe('Not now');
    await bo.say('/who');
    await bo.page.locator('.local', { hasText: '2 here' }).waitFor();
    await ada.say('/mode open');
    await bo.page.locator('.barred').waitFor({ state: 'detached' });
    await bo.say('Now');
    await ada.sees('Now');
  });

  test('since they were muted is told at once, keeps the text, and is told when it is over', async () => {
    await ada.say('/mute Bo Diddley');
    const barred = bo.page.locator('.barred', { hasText: 'keeper has muted you' });
    await barred.waitFor();
    await bo.say('Can you hear me?');
    expect(await fieldOf(bo).inputValue()).toBe('Can you hear me?');
    await bo.page.reload();
    await barred.waitFor();
    await ada.say('/unmute Bo Diddley');
    await barred.waitFor({ state: 'detached' });
    await fieldOf(bo).press('Enter');
    await ada.sees('Can you hear me?');
  });

  test('because of the pace alone sees when the message is sent', async () => {
    // Ten may be said at once, and one more in each second.
    for (let turn = 0; turn < 14; turn += 1) await bo.say(`Quick ${turn}`);
    await bo.page.locator('.wait').waitFor();
    await bo.page.locator('.is-waiting', { hasText: 'sent in' }).first().waitFor();
    await ada.sees('Quick 13');
  });
});
