/** What people do in the room, each with a browser of their own. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ args: ['--title', 'Comets'] });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Opens the page for each of them, runs, and closes their pages again: they leave the room. */
async function among(
  nicks: readonly string[],
  run: (people: Person[]) => Promise<void>,
): Promise<void> {
  const people = await Promise.all(
    nicks.map(async (nick) => {
      const person = await openPage(browser, server.url);
      await person.join(nick);
      return person;
    }),
  );
  await run(people);
  for (const person of people) {
    expect(person.troubles).toEqual([]);
    await person.close();
  }
}

function pair(people: readonly Person[]): [Person, Person] {
  const [first, second] = people;
  if (first === undefined || second === undefined) throw new Error('There are no two people');
  return [first, second];
}

test('two people see each other’s messages, in the same order', async () => {
  await among(['Ada', 'Bo'], async (people) => {
    const [ada, bo] = pair(people);
    await Promise.all(
      [0, 1, 2].flatMap((turn) => [ada.say(`Ada says ${turn}`), bo.say(`Bo says ${turn}`)]),
    );
    await Promise.all([ada.say('This is the end, says Ada'), bo.say('This is the end, says Bo')]);
    for (const person of people) {
      await person.sees('the end, says Ada');
      await person.sees('the end, says Bo');
    }
    const texts = await ada.texts();
    expect(await bo.texts()).toEqual(texts as string[]);
    expect(texts.filter((text) => text.startsWith('Bo says'))).toEqual([
      'Bo says 0',
      'Bo says 1',
      'Bo says 2',
    ]);
  });
});

test('a reload keeps the history and the member, and nobody is told of a coming or going', async () => {
  await among(['Cleo', 'Dan'], async (people) => {
    const [cleo, dan] = pair(people);
    await cleo.say('Before the reload');
    await dan.sees('Before the reload');
    await cleo.page.reload();
    await cleo.sees('Before the reload');
    const ours = cleo.page.locator('.said.is-ours', { hasText: 'Before the reload' });
    await ours.waitFor();
    await cleo.say('After the reload');
    await dan.sees('After the reload');

    const goings = dan.page.locator('.event', { hasText: /Cleo.*(left|came back)/ });
    expect(await goings.count()).toBe(0);
    expect(await dan.page.locator('.people li', { hasText: 'Cleo' }).count()).toBe(1);
  });
});

test('who leaves stands before the room again, and is gone for the others', async () => {
  await among(['Eve', 'Finn'], async (people) => {
    const [eve, finn] = pair(people);
    await finn.page.locator('.people li', { hasText: 'Eve' }).waitFor();
    await eve.page.getByRole('button', { name: 'Leave' }).click();
    const nick = eve.page.getByLabel('Your nick');
    await nick.waitFor();
    expect(await nick.inputValue()).toBe('Eve');
    await finn.page.locator('.event', { hasText: 'Eve left' }).waitFor();
    await finn.page.locator('.people li', { hasText: 'Eve' }).waitFor({ state: 'detached' });
  });
});

test('what looks like HTML stays text, wherever it is written', async () => {
  await among(['Gus', 'Hal'], async (people) => {
    const [gus, hal] = pair(people);
    const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script><b>bold</b>';
    await gus.say(hostile);
    await gus.say('/topic <i onclick=alert(1)>slanted</i>');
    await hal.sees('onerror');
    await hal.page.locator('.topic', { hasText: '<i onclick' }).waitFor();

    const text = hal.page.locator('.said .text', { hasText: 'onerror' });
    expect(await text.innerText()).toBe(hostile);
    expect(
      await text.evaluate((node) => [...node.childNodes].map((child) => child.nodeName)),
    ).toEqual(['#text']);
    const counts = await hal.page.evaluate(() =>
      ['#app script', '#app b', '#app i', 'img:not(.mark)'].map(
        (selector) => document.querySelectorAll(selector).length,
      ),
    );
    expect(counts).toEqual([0, 0, 0, 0]);
  });
});

test('a nick that cannot be used is refused in words, as text', async () => {
  const ida = await openPage(browser, server.url);
  await ida.page.getByLabel('Your nick').fill('<script>alert(1)</script>');
  await ida.page.getByRole('button', { name: 'Join' }).click();
  const refusal = ida.page.locator('#join-refusal:not(:empty)');
  await refusal.waitFor();
  expect(await refusal.innerText()).toContain('The nick "<script>alert(1)');
  expect(await ida.page.locator('#app script').count()).toBe(0);
  expect(ida.troubles).toEqual([]);
  await ida.close();
});

test('an address becomes a link that tells the other site nothing', async () => {
  await among(['Jo'], async ([jo]) => {
    await jo?.say('See https://example.org/a_(b). Or javascript:alert(1)');
    await jo?.sees('See https');
    const link = jo?.page.locator('.said a');
    expect(await link?.count()).toBe(1);
    expect(await link?.getAttribute('href')).toBe('https://example.org/a_(b)');
    expect(await link?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });
});

test('a message can be edited, reacted to and deleted, and everybody sees it', async () => {
  await among(['Kim', 'Lou'], async (people) => {
    const [kim, lou] = pair(people);
    await kim.say('The first wrod');
    await lou.sees('The first wrod');

    const row = kim.page.locator('.said', { hasText: 'The first wrod' });
    await row.hover();
    await row.getByRole('button', { name: 'Actions' }).click();
    await kim.page.getByRole('button', { name: 'Edit' }).click();
    await kim.page.getByLabel('Edit your message').fill('The first word');
    await kim.page.keyboard.press('Enter');
    await lou.page.locator('.said', { hasText: 'The first word' }).locator('.edited').waitFor();

    const theirs = lou.page.locator('.said', { hasText: 'The first word' });
    await theirs.hover();
    await theirs.getByRole('button', { name: 'Actions' }).click();
    expect(await theirs.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await theirs.getByRole('button', { name: 'React with 🎉' }).click();
    const reaction = kim.page.locator('.reactions button[aria-pressed=false]', { hasText: '1' });
    await reaction.click();
    await theirs.locator('.reactions button', { hasText: '2' }).waitFor();

    const edited = kim.page.locator('.said', { hasText: 'The first word' });
    await edited.hover();
    await edited.getByRole('button', { name: 'Actions' }).click();
    await kim.page.getByRole('button', { name: 'Delete' }).click();
    await kim.page.getByRole('button', { name: 'Delete for everyone' }).click();
    await lou.page.locator('.said .is-gone').waitFor();
    expect(await lou.texts()).not.toContain('The first word');
  });
});

test('who is writing is told, until the message is there', async () => {
  await among(['Mia', 'Ned'], async (people) => {
    const [mia, ned] = pair(people);
    await mia.page.getByRole('textbox', { name: 'Message' }).fill('Let me think');
    await ned.page.locator('.typing', { hasText: 'Mia is writing' }).waitFor();
    await mia.page.keyboard.press('Enter');
    await ned.sees('Let me think');
    await ned.page.locator('.typing .nick').waitFor({ state: 'detached' });
  });
});

describe('a command', () => {
  test('is answered to who gave it, and to nobody else', async () => {
    await among(['Ola', 'Pip'], async (people) => {
      const [ola, pip] = pair(people);
      await ola.say('/who');
      await ola.page.locator('.local', { hasText: 'Only you see this' }).waitFor();
      await ola.say('Thanks');
      await pip.sees('Thanks');
      expect(await pip.page.locator('.local').count()).toBe(0);
    });
  });

  test('that does not exist is refused, and can be written anew', async () => {
    await among(['Quin'], async ([quin]) => {
      await quin?.say('/dance');
      const refused = quin?.page.locator('.refused', { hasText: 'There is no command' });
      await refused?.getByRole('button', { name: 'Edit' }).click();
      const field = quin?.page.getByRole('textbox', { name: 'Message' });
      expect(await field?.inputValue()).toBe('/dance');
      expect(await quin?.page.locator('.refused').count()).toBe(0);
    });
  });
});

test('who only looks in sees what was said, and cannot write', async () => {
  await among(['Rae'], async ([rae]) => {
    await rae?.say('For everybody who looks in');
    await rae?.sees('For everybody');
    const guest = await openPage(browser, server.url);
    await guest.sees('For everybody who looks in');
    expect(await guest.page.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
    expect(await guest.page.locator('.more').count()).toBe(0);
    expect(await guest.page.title()).toBe('Comets');
    await guest.close();
  });
});
