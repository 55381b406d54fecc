/** What two people do in the room, each with a browser of their own. */
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

const keeperCode = 'perihelion-of-1786';

let browser: Browser;
let server: RunningServer;
let ada: Person;
let bo: Person;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({
    args: ['--title', 'Comets'],
    env: { ENCKE_KEEPER_CODE: keeperCode },
  });
  ada = await openPage(browser, server.url);
  bo = await openPage(browser, server.url);
  await ada.join('Ada');
  await bo.join('Bo');
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
  expect(bo.troubles).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test('two people see each other’s messages, in the same order', async () => {
  const speak = async (person: Person, nick: string): Promise<void> => {
    for (const turn of [0, 1, 2]) await person.say(`${nick} says ${turn}`);
    await person.say(`This is the end, says ${nick}`);
  };
  await Promise.all([speak(ada, 'Ada'), speak(bo, 'Bo')]);
  for (const person of [ada, bo]) {
    await person.sees('the end, says Ada');
    await person.sees('the end, says Bo');
  }
  const texts = await ada.texts();
  expect(texts).toHaveLength(8);
  expect(await bo.texts()).toEqual(texts as string[]);
  expect(texts.filter((text) => text.startsWith('Bo says'))).toEqual([
    'Bo says 0',
    'Bo says 1',
    'Bo says 2',
  ]);
});

test('a reload keeps the history and the member, and nobody is told of a coming or going', async () => {
  await ada.say('Before the reload');
  await bo.sees('Before the reload');
  await ada.page.reload();
  await ada.page.locator('.said.is-ours', { hasText: 'Before the reload' }).waitFor();
  await ada.say('After the reload');
  await bo.sees('After the reload');

  expect(await bo.page.locator('.event', { hasText: /Ada.*(left|came back)/ }).count()).toBe(0);
  expect(await bo.page.locator('.people li', { hasText: 'Ada' }).count()).toBe(1);
});

test('who leaves stands before the room again, and is gone for the others', async () => {
  await bo.page.locator('.people li', { hasText: 'Ada' }).waitFor();
  await ada.leave();
  const nick = ada.page.getByLabel('Your nick');
  await nick.waitFor();
  expect(await nick.inputValue()).toBe('Ada');
  await bo.page.locator('.event', { hasText: 'Ada left' }).waitFor();
  await bo.page.locator('.people li', { hasText: 'Ada' }).waitFor({ state: 'detached' });
  await ada.join('Ada');
  await bo.page.locator('.people li', { hasText: 'Ada' }).waitFor();
});

test('what looks like HTML stays text, wherever it is written', async () => {
  const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script><b>bold</b>';
  await ada.say(hostile);
  await ada.say('/topic <i onclick=alert(1)>slanted</i>');
  await bo.sees('onerror');
  await bo.page.locator('.topic', { hasText: '<i onclick' }).waitFor();

  const text = bo.page.locator('.said .text', { hasText: 'onerror' });
  expect(await text.innerText()).toBe(hostile);
  const children = await text.evaluate((node) => [...node.childNodes].map((one) => one.nodeName));
  expect(children).toEqual(['#text']);
  const elements = bo.page.locator('#app').locator('script, b, i, img:not(.mark)');
  expect(await elements.count()).toBe(0);
});

test('a nick that cannot be used is refused in words, as text', async () => {
  const guest = await openPage(browser, server.url);
  await guest.page.getByLabel('Your nick').fill('<script>alert(1)</script>');
  await guest.page.getByRole('button', { name: 'Join' }).click();
  const refusal = guest.page.locator('#join-refusal:not(:empty)');
  await refusal.waitFor();
  expect(await refusal.innerText()).toContain('The nick "<script>alert(1)');
  expect(await guest.page.locator('#app script').count()).toBe(0);
  expect(guest.troubles).toEqual([]);
  await guest.close();
});

test('an address becomes a link that tells the other site nothing', async () => {
  await ada.say('See https://example.org/a_(b). Or javascript:alert(1)');
  await bo.sees('See https');
  const link = bo.page.locator('.said', { hasText: 'See https' }).locator('a');
  expect(await link.count()).toBe(1);
  expect(await link.getAttribute('href')).toBe('https://example.org/a_(b)');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
});

test('a message can be edited, reacted to and deleted, and everybody sees it', async () => {
  await ada.say('The first wrod');
  await bo.sees('The first wrod');
  await openActions(ada, 'The first wrod');
  await ada.page.getByRole('button', { name: 'Edit' }).click();
  await ada.page.getByLabel('Edit your message').fill('The first word');
  await ada.page.keyboard.press('Enter');
  const theirs = bo.page.locator('.said', { hasText: 'The first word' });
  await theirs.locator('.edited').waitFor();

  await openActions(bo, 'The first word');
  expect(await theirs.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await theirs.getByRole('button', { name: 'React with 🎉' }).click();
  await ada.page.locator('.reactions button[aria-pressed=false]', { hasText: '1' }).click();
  await theirs.locator('.reactions button', { hasText: '2' }).waitFor();

  await openActions(ada, 'The first word');
  await ada.page.getByRole('button', { name: 'Delete' }).click();
  await ada.page.getByRole('button', { name: 'Delete for everyone' }).click();
  await bo.page.locator('.said .is-gone').waitFor();
  expect(await bo.texts()).not.toContain('The first word');
});

test('who is writing is told, until the message is there', async () => {
  const field = ada.page.getByRole('textbox', { name: 'Message' });
  // One sign of it is sent in a while, and an earlier test may have sent it.
  await field.pressSequentially('Let me think', { delay: 50 });
  const typing = bo.page.locator('.typing', { hasText: 'Ada is writing' });
  while (!(await typing.isVisible())) await field.press('.');
  await ada.page.keyboard.press('Enter');
  await bo.sees('Let me think');
  await bo.page.locator('.typing .nick').waitFor({ state: 'detached' });
});

describe('a command', () => {
  test('is answered to who gave it, and to nobody else', async () => {
    await ada.say('/who');
    await ada.page.locator('.local', { hasText: '2 here: Ada, Bo' }).waitFor();
    await ada.say('Thanks');
    await bo.sees('Thanks');
    expect(await bo.page.locator('.local').count()).toBe(0);
  });

  test('that does not exist is refused, and can be written anew', async () => {
    await ada.say('/dance');
    const refused = ada.page.locator('.refused', { hasText: 'There is no command' });
    await refused.getByRole('button', { name: 'Edit' }).click();
    const field = ada.page.getByRole('textbox', { name: 'Message' });
    expect(await field.inputValue()).toBe('/dance');
    expect(await ada.page.locator('.refused').count()).toBe(0);
  });
});

test('who only looks in sees what was said, and cannot write', async () => {
  const guest = await openPage(browser, server.url);
  await guest.sees('the end, says Ada');
  expect(await guest.page.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
  await guest.page.locator('.more').first().click();
  const actions = guest.page.getByRole('group', { name: 'Actions', exact: true });
  expect(await actions.getByRole('button').allInnerTexts()).toEqual(['Copy link']);
  expect(await guest.page.title()).toBe('Comets');
  await guest.close();
});

test('who is sent out hears why, and may come in again', async () => {
  const cy = await openPage(browser, server.url);
  await cy.join('Cy');
  await ada.say(`/keeper ${keeperCode}`);
  await bo.page.locator('.event', { hasText: 'Ada is a keeper now' }).waitFor();
  await ada.say('/kick Cy');
  await cy.page.getByText('keeper sent you out').waitFor();
  await bo.page.locator('.event', { hasText: 'Cy was sent out' }).waitFor();
  await cy.page.getByRole('button', { name: 'Join again' }).click();
  await cy.page.getByRole('textbox', { name: 'Message' }).waitFor();
  await cy.close();
});

test('what is refused can be sent again, once that helps, or be discarded', async () => {
  const refused = bo.page.locator('.is-refused');
  await bo.say('/mode quiet');
  await refused.getByText('/mode quiet').waitFor();
  await bo.say(`/keeper ${keeperCode}`);
  await ada.page.locator('.event', { hasText: 'Bo is a keeper now' }).waitFor();
  await refused.getByRole('button', { name: 'Retry' }).click();
  await ada.page.locator('.event', { hasText: 'Bo made the room quiet' }).waitFor();
  await refused.waitFor({ state: 'detached' });
  await bo.say('/mode open');
  await ada.page.locator('.event', { hasText: 'Bo opened the room' }).waitFor();

  await bo.say('/dance');
  await refused.getByRole('button', { name: 'Discard' }).click();
  await refused.waitFor({ state: 'detached' });
  const field = bo.page.getByRole('textbox', { name: 'Message' });
  expect(await field.inputValue()).toBe('');
});

test('a reaction is one click away for who points at a message, and so is taking it back', async () => {
  await ada.say('Point at me');
  await bo.sees('Point at me');
  const row = bo.page.locator('.said', { hasText: 'Point at me' });
  await row.hover();
  const ready = row.getByRole('button', { name: 'React with ❤️' });
  await ready.click();
  const given = ada.page.getByRole('button', { name: '❤️ 1: Bo' });
  await given.waitFor();
  await ready.click();
  await given.waitFor({ state: 'detached' });
});

/** Opens the actions for a message, with the mouse. */
async function openActions({ page }: Person, text: string): Promise<void> {
  const row = page.locator('.said', { hasText: text });
  await row.hover();
  await row.getByRole('button', { name: 'Actions' }).click();
}
