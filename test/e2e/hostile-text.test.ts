/**
 * Text that would like to be more than text, in every place where somebody else's words stand: a
 * message, what answers it, a nick, the topic, a reaction, a search, what is edited. The corpus is
 * of what has worked somewhere: tags, handlers, addresses, entities, broken encodings, templates,
 * and characters that turn or hide what stands beside them.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { connect, type Client } from '../../src/client/client.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import type { Snapshot } from '../../src/protocol/replies.ts';
import { openBrowser, openPage, withoutWorker, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

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

let browser: Browser;
let server: RunningServer;
let mallory: Client;
let ada: Person;
/** Requests that went anywhere else than to the room. */
const strays: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer({ args: ['--pace', '1', '--address-limits', 'off'] });
  mallory = connect({ url: server.url });
  await mallory.join('Mallory');
  ada = await openPage(browser, server.url);
  watch(ada);
  await ada.join('Ada');
});

afterAll(async () => {
  mallory.close();
  await browser.close();
  await server.stop();
});

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

async function say(text: string): Promise<Seq> {
  const said = await mallory.say(text);
  if (!said.ok || !('seq' in said)) throw new Error(`"${text}" was not said`);
  return said.seq;
}

/**
 * The elements of a row with their attributes, but not what they say. What is written may be set in
 * bold, as code or as a link to the web; anything else in it is told as it is.
 */
async function shapeOf({ page }: Person, id: string): Promise<string> {
  return await page.locator(`#${id}`).evaluate((row) => {
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
    return shape(row);
  });
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

describe('text that looks like more than text', () => {
  test('is text in a message, whose row has the shape of any other', async () => {
    await say('Hello');
    const plain = await say('Quite plain');
    await ada.sees('Quite plain');
    // A row at which the mouse points has more to offer.
    await ada.page.mouse.move(0, 0);
    for (const text of corpus) {
      const seq = await say(text);
      const written = ada.page.locator(`#m${seq} .text`);
      await written.waitFor();
      expect(await shapeOf(ada, `m${seq}`)).toBe(await shapeOf(ada, `m${plain}`));
    }
    await expectUnharmed(ada);
  });

  test('is text in the topic, and for who looks for a nick like it', async () => {
    for (const text of corpus) await mallory.say(`/topic ${text}`);
    await mallory.say('/topic <b>The last one</b>');
    await ada.page.locator('.topic', { hasText: '<b>The last one</b>' }).waitFor();
    expect(await ada.page.locator('.topic *').count()).toBe(0);
    await expectUnharmed(ada);
  });

  test('is text wherever it comes from, also from a server that lets everything through', async () => {
    const bea = await openPage(browser, 'about:blank');
    watch(bea);
    await withoutWorker(bea.page);
    await bea.page.route('**/v1/room', async (route) => {
      const response = await route.fetch();
      const snapshot = (await response.json()) as Snapshot;
      const hostile = ['Quite plain', ...corpus];
      const by = hostile.map((nick, index) => ({ id: `nobody-${index}`, nick, role: 'keeper' }));
      await route.fulfill({
        response,
        json: {
          ...snapshot,
          room: { ...snapshot.room, title: hostile.join(' '), topic: hostile.join(' ') },
          members: by,
          entries: hostile.map((text, index) => ({
            ...snapshot.entries[0],
            seq: index + 1,
            id: text,
            text,
            by: by[index],
            replyTo: ((index + 7) % hostile.length) + 1,
            edited: 1,
            reactions: [{ emoji: text, count: 1, by: [`nobody-${index}`] }],
          })),
        },
      });
    });
    await bea.page.goto(server.url);
    await bea.page.locator(`#m${corpus.length + 1} .text`).waitFor();
    await bea.page.locator('.log').evaluate((log) => log.scrollTo({ top: 0 }));
    const plain = await bea.page
      .locator('#m1 .text')
      .waitFor()
      .then(() => shapeOf(bea, 'm1'));
    let compared = 0;
    for (const row of await bea.page.locator('.said:has(.text)').all()) {
      expect(await shapeOf(bea, (await row.getAttribute('id')) ?? '')).toBe(plain);
      compared += 1;
    }
    expect(compared).toBe(corpus.length + 1);
    expect(await bea.page.locator('.topic *, h1 *, .nick *, .reactions bdi *').count()).toBe(0);
    await expectUnharmed(bea);
    await bea.close();
  });
});
