/**
 * Text that would like to be more than text, in every place where somebody's words stand: a
 * message, what it is edited to, what it answers, a nick, the list of those who are here, the
 * topic, the title of the room and of the document, a reaction, a search and what it finds, a
 * notification, and the pages without scripts. The corpus is of what has worked somewhere: tags,
 * handlers, addresses, entities, broken encodings, templates, and characters that turn or hide
 * what stands beside them.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Locator } from 'playwright-core';
import { connect } from '../../src/client/client.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import type { HistoryPage, Snapshot } from '../../src/protocol/replies.ts';
import { seenText } from '../../src/ui/text/markdown.ts';
import { openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { openStage } from '../kit/stage.ts';

setDefaultTimeout(60_000);

/** None of these may come to anything. An address that is a link in any text is not among them. */
const corpus: readonly string[] = [
  '<script>owned=1</script>',
  '<ScRiPt src=//127.0.0.1:9/x.js></sCrIpT>',
  '"><script>owned=1</script>',
  '</div></li></ol><script>owned=1</script>',
  '<img src=x onerror="owned=1">',
  `<img src=//127.0.0.1:9/pixel.gif>`,
  '<svg/onload=owned=1>',
  '<svg><animate onbegin=owned=1 attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=a()&gt;">',
  '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
  '<body onload=owned=1>',
  '<input autofocus onfocus=owned=1>',
  '<details open ontoggle=owned=1><summary>x</summary></details>',
  '<video><source onerror="owned=1"></video>',
  '<style>@import "//127.0.0.1:9/x.css"; * { display: none }</style>',
  '<link rel=stylesheet href=//127.0.0.1:9/x.css>',
  '<meta http-equiv=refresh content="0;url=//127.0.0.1:9/">',
  '<base href=//127.0.0.1:9/>',
  '<form action=//127.0.0.1:9/><button>Join</button></form>',
  '<a href="javascript:owned=1">click</a>',
  '<object data=//127.0.0.1:9/x.swf></object><embed src=//127.0.0.1:9/x.swf>',
  '<template><script>owned=1</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=owned=1>">',
  '<!--<img src="--><img src=x onerror=owned=1//">',
  '<![CDATA[<script>owned=1</script>]]>',
  '<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml"/>',
  '&lt;script&gt;owned=1&lt;/script&gt;',
  '&#60;img src=x onerror=owned=1&#62;',
  '\\u003cscript\\u003eowned=1\\u003c/script\\u003e',
  '%3Cscript%3Edocument.title%3D1%3C%2Fscript%3E',
  '+ADw-script+AD4-owned=1+ADw-/script+AD4-',
  '＜script＞owned=1＜/script＞',
  'javascript:owned=1',
  'JaVaScRiPt&colon;owned=1',
  'data:text/html,<script>owned=1</script>',
  'vbscript:msgbox(1)',
  '{{constructor.constructor("owned=1")()}}',
  '${owned=1} #{owned=1} <%= owned=1 %>',
  '__proto__ constructor toString',
  '{"__html":"<img src=x onerror=owned=1>"}',
  "' onmouseover='owned=1' x='",
  '" style="position:fixed;inset:0" onclick="owned=1" x="',
  '` onfocus=owned=1 autofocus `',
  '-->]]></textarea></title></style></script><img src=x onerror=owned=1>',
  'a\u202egnp.exe\u202c b\u2066\u2067c\u2069\u2069',
  'null',
  'undefined',
  '[object Object]',
  '0',
];

const { browser, server } = await openStage({
  args: ['--pace', '1', '--address-limits', 'off'],
});
const mallory = connect({ url: server.url });
let ada: Person;
/** Requests that went anywhere else than to the room. */
const strays: string[] = [];

beforeAll(async () => {
  await mallory.join('Mallory');
  ada = await openPage(browser, server.url);
  watch(ada);
  await ada.join('Ada');
});

afterAll(() => mallory.close());

function watch({ page }: Person): void {
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith('data:')) strays.push(url);
  });
  page.on('dialog', async (dialog) => {
    strays.push(dialog.message());
    await dialog.dismiss();
  });
}

async function say(text: string, replyTo?: Seq): Promise<Seq> {
  const said = await mallory.say(text, replyTo === undefined ? {} : { replyTo });
  if (!said.ok || !('seq' in said)) throw new Error(`"${text}" was not said`);
  return said.seq;
}

/**
 * The elements of a row with their attributes, but not what they say. What is written may be set in
 * bold, as code or as a link to the web; anything else in it is told as it is.
 */
async function shapeOf(row: Locator): Promise<string> {
  return await row.evaluate((element) => {
    const isWriting = (node: Element): boolean =>
      node.matches('b, strong, i, em, s, del, code, pre, blockquote, p, br, span, bdi') &&
      node.getAttributeNames().every((name) => ['class', 'dir'].includes(name));
    const isLink = (node: Element): boolean =>
      node instanceof HTMLAnchorElement &&
      /^https?:$/.test(node.protocol) &&
      node.getAttributeNames().every((name) => /^(class|dir|href|rel|target)$/.test(name));
    const shape = (node: Element): string => {
      const inside = [...node.children].map(shape).join('');
      if (node.parentElement?.closest('.text') && (isWriting(node) || isLink(node))) return inside;
      return `<${node.localName} ${node.getAttributeNames().sort().join(' ')}>${inside}</>`;
    };
    return shape(element);
  });
}

/** All of these have the shape of the first, and there are so many. */
async function expectOneShape(rows: Locator, count: number): Promise<void> {
  await rows.nth(count - 1).waitFor({ state: 'attached' });
  const shapes = await Promise.all((await rows.all()).map(shapeOf));
  expect(shapes).toHaveLength(count);
  expect([...new Set(shapes)]).toHaveLength(1);
}

/** Nothing ran, nothing was asked for, nothing was stopped by the policy. */
async function expectUnharmed({ page, troubles }: Person): Promise<void> {
  expect(await page.locator('#app').locator(active).count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
  expect(strays).toEqual([]);
  expect(troubles).toEqual([]);
}

/** What the page itself never has. */
const active =
  'script, iframe, object, embed, base, link, meta, style, video, math, details, [onclick]';

/** What is quite plain, and then what is not. */
const plainAndHostile = ['Quite plain', ...corpus];
const all = plainAndHostile.length;
/** Texts that are tried together: what they come to is all in view. */
const atOnce = 7;

/**
 * Somebody whose server lets everything through: nicks, reactions and a title that ours refuses.
 * A search for anything finds all of it.
 */
async function openDeceived(): Promise<Person> {
  const bea = await openPage(browser, 'about:blank');
  watch(bea);
  await withoutWorker(bea.page);
  const by = plainAndHostile.map((nick, nr) => ({ id: `nobody-${nr}`, nick, role: 'keeper' }));
  const messages = plainAndHostile.map((text, nr) => ({
    type: 'message',
    at: Date.now(),
    seq: nr + 1,
    id: text,
    text,
    by: by[nr],
    replyTo: ((nr + 7) % all) + 1,
    edited: 1,
    reactions: [{ emoji: text, count: 1, by: [`nobody-${nr}`] }],
  }));
  await bea.page.route('**/v1/room', async (route) => {
    const response = await route.fetch();
    const snapshot = (await response.json()) as Snapshot;
    const words = plainAndHostile.join(' ');
    const room = { ...snapshot.room, title: words, topic: words };
    await route.fulfill({
      response,
      json: { ...snapshot, room, members: by, entries: messages },
    });
  });
  await bea.page.route('**/v1/search?*', async (route) => {
    const isFound = new URL(route.request().url()).searchParams.get('q') === 'anything';
    const found = { entries: isFound ? messages : [], more: false } as unknown as HistoryPage;
    await route.fulfill({ json: found });
  });
  await bea.page.goto(server.url);
  await bea.page.locator(`#m${all} .text`).waitFor();
  return bea;
}

describe('text that looks like more than text is text', () => {
  test('in a message, in what it is edited to, and where it is answered', async () => {
    const { page } = ada;
    const rowOf = (seq: Seq): Locator => page.locator(`#m${seq}`);
    /** Says a text, answers it, and edits the answer to it; then tells how the rows look. */
    const shapesOf = async (text: string): Promise<readonly string[]> => {
      const said = await say(text);
      const answer = await say('Before', said);
      await rowOf(answer).locator('.text').waitFor();
      const shapes = [await shapeOf(rowOf(said)), await shapeOf(rowOf(answer))];
      expect(await mallory.edit(answer, text)).toMatchObject({ ok: true });
      await rowOf(answer).locator('.text', { hasNotText: 'Before' }).waitFor();
      return [...shapes, await shapeOf(rowOf(answer))];
    };
    await shapesOf('Hello');
    // A row at which the mouse points has more to offer.
    await page.mouse.move(0, 0);
    const plain = await shapesOf('Quite plain');
    expect(new Set(plain).size).toBe(3);
    // A few at a time: the rest of the time is waiting.
    for (let nr = 0; nr < corpus.length; nr += atOnce) {
      const some = corpus.slice(nr, nr + atOnce);
      expect(await Promise.all(some.map(shapesOf))).toEqual(some.map(() => plain));
    }
    await expectUnharmed(ada);
  });

  test('in the topic', async () => {
    for (const text of corpus) await mallory.say(`/topic ${text}`);
    await mallory.say('/topic <b>The last one</b>');
    await ada.page.locator('.topic', { hasText: '<b>The last one</b>' }).waitFor();
    expect(await ada.page.locator('.topic *').count()).toBe(0);
    await expectUnharmed(ada);
  });

  test('in a notification, and in the title of a tab that nobody looks at', async () => {
    const cleo = await openPage(browser, 'about:blank');
    watch(cleo);
    await cleo.page.addInitScript(() => {
      const notes: string[] = [];
      class Noted extends EventTarget {
        static readonly permission = 'granted';
        static requestPermission = async (): Promise<string> => await Promise.resolve('granted');
        constructor(title: string, { body }: { readonly body: string }) {
          super();
          notes.push(`${title}: ${body}`);
        }
        close(): void {
          // There is nothing to be seen of it.
        }
      }
      Object.assign(globalThis, { notes, Notification: Noted });
      Object.defineProperty(document, 'hidden', { get: () => true });
    });
    await cleo.page.goto(server.url);
    await cleo.join('Cleo');
    await cleo.page.getByRole('button', { name: 'Settings' }).click();
    await cleo.page.getByLabel('Notifications').selectOption('all');
    for (const text of corpus) await say(text);
    await cleo.page.waitForFunction(
      (count) => (globalThis as unknown as { notes: string[] }).notes.length === count,
      corpus.length,
    );
    const notes = await cleo.page.evaluate(
      () => (globalThis as unknown as { notes: string[] }).notes,
    );
    for (const text of corpus) {
      // As it is read, without the marks that make it code or bold.
      const said = seenText(text.replaceAll(turning, ''));
      expect([said, notes.some((note) => note.endsWith(`: ${said}`))]).toEqual([said, true]);
    }
    expect(await cleo.page.title()).toBe(`(${corpus.length}) Encke`);
    await expectUnharmed(cleo);
    await cleo.close();
  });

  test('in whatever a server sends that lets everything through', async () => {
    const bea = await openDeceived();
    const { page } = bea;
    await page.locator('.log').evaluate((log) => log.scrollTo({ top: 0 }));
    await page.locator('#m1 .text').waitFor();
    // With the nick, the text, what it answers, and the reaction.
    await expectOneShape(page.locator('.said:has(.text)'), all);
    expect(await page.locator('.topic *, h1 *, .nick *, .reactions bdi *').count()).toBe(0);
    const title = plainAndHostile.join(' ').replaceAll(/\s+/g, ' ');
    expect(await page.title()).toBe(title);
    expect(await page.locator('title *').count()).toBe(0);
    await expectUnharmed(bea);
    await bea.close();
  });

  test('in the list of those who are here, and for who looks for such a nick', async () => {
    const bea = await openDeceived();
    const people = bea.page.locator('.people');
    await expectOneShape(people.locator('li'), all);
    const field = people.getByLabel('Find a nick');
    for (const text of corpus) {
      await field.fill(text);
      await people.locator('li').first().waitFor();
      await field.fill(`no ${text}`);
      await people
        .getByRole('status')
        .filter({ hasText: `no ${text}`.toLowerCase() })
        .waitFor();
      expect(await people.locator('[role=status] *').count()).toBe(0);
    }
    await expectUnharmed(bea);
    await bea.close();
  });

  test('in a search, and in what it finds', async () => {
    const bea = await openDeceived();
    await bea.page.getByRole('button', { name: 'Search' }).click();
    const panel = bea.page.locator('.search');
    const field = panel.getByRole('searchbox');
    for (const text of corpus) {
      await field.fill(text);
      await field.press('Enter');
      await panel
        .getByRole('status')
        .filter({ hasText: `“${text}”` })
        .waitFor();
    }
    expect(await panel.locator('[role=status] *').count()).toBe(0);
    await field.fill('anything');
    await field.press('Enter');
    await expectOneShape(panel.locator('.found li'), all);
    await expectUnharmed(bea);
    await bea.close();
  });

  test('on the pages without scripts, in a line of each kind and in a form', async () => {
    const dan = await openPage(browser, `${server.url}/plain`);
    watch(dan);
    const { page } = dan;
    const nick = page.getByLabel('Your nick');
    for (const text of corpus.slice(0, 8)) {
      await nick.fill(text);
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByRole('alert').waitFor();
      expect(await nick.inputValue()).toBe(text);
    }
    await nick.fill('Dan');
    await page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
    await page.frameLocator('iframe').getByRole('textbox', { name: 'Message' }).waitFor();
    const first = await say('From here on');
    for (const text of plainAndHostile) {
      const said = await say(text);
      expect(await mallory.edit(await say('Before', said), text)).toMatchObject({ ok: true });
    }
    const last = await say('Up to here');
    await page.locator(`#m${last}`).waitFor();
    // In order: a text, its answer with a quote of it, and that the answer was changed to it.
    const lines = page.locator(`#m${first} ~ p:has(a), #m${first} ~ p[id]:not(:has(a))`);
    const shapes = (await Promise.all((await lines.all()).map(shapeOf))).slice(0, -1);
    expect(shapes).toHaveLength(3 * all);
    for (const kind of [0, 1, 2]) {
      expect(new Set(shapes.filter((_, nr) => nr % 3 === kind)).size).toBe(1);
    }
    expect(await page.locator(plainActive).count()).toBe(0);
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
    expect(strays).toEqual([]);
    expect(dan.troubles).toEqual([]);
    await dan.close();
  });
});

/** What the room takes out of a text, since it turns what stands beside it. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;
/** What the pages without scripts never have in what they say. */
const plainActive = active
  .split(', ')
  .map((selector) => `main ${selector}`)
  .join(', ');
