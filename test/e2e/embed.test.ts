/** The room in a page of another site, with a browser that keeps cookies from such frames. */
import axe from 'axe-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { $ } from 'bun';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import type * as Library from '../../src/client/client.ts';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { heldAt } from '../kit/held-polls.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';
import { openSite, type Site } from '../kit/site.ts';
import { until } from '../kit/until.ts';

setDefaultTimeout(60_000);

const root = join(import.meta.dirname, '..', '..');

const pages: Record<string, string> = {
  '/cookie': '<script>document.cookie = "a=1; SameSite=None; Secure"</script>',
};

let browser: Browser;
let server: RunningServer;
let site: Site;
let bo: Person;
let page: Page;
let room: Frame;
/** What went wrong in the site's page and its frames. */
let troubles: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  site = openSite(pages);
  server = await startServer({ args: ['--title', 'Comets', '--embed-origins', site.origin] });
  const demo = join(root, 'docs', 'embed-demo.html');
  pages['/'] = (await readFile(demo, 'utf8')).replaceAll('http://127.0.0.1:8000', server.url);
  bo = await openPage(browser, server.url);
  await bo.join('Bo');
});

beforeEach(async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  troubles = [];
  page.on('pageerror', ({ message }) => troubles.push(message));
  await openDemo();
});

afterEach(async () => {
  await page.context().close();
  expect(bo.troubles).toEqual([]);
  expect(troubles).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await site.stop();
});

/** Opens the page of the site, and waits until the room is in it. */
async function openDemo(): Promise<void> {
  await page.goto(site.origin);
  await status('The chat is open.');
  room = frameOf(page);
}

function frameOf(on: Page): Frame {
  const frame = on.frames().find((one) => one.url().startsWith(server.url));
  if (frame === undefined) throw new Error('The room is in no frame of the page');
  return frame;
}

/** Waits until the page says this of the room. */
async function status(text: string): Promise<void> {
  await page.locator('#status', { hasText: text }).waitFor();
}

async function come(nick: string): Promise<void> {
  await room.getByLabel('Your nick').fill(nick);
  await room.getByRole('button', { name: 'Join' }).click();
  await status(`You talk as ${nick}.`);
}

async function leave(): Promise<void> {
  await room.getByRole('button', { name: 'Settings' }).click();
  await room.getByRole('button', { name: 'Leave the room' }).click();
  await room.getByRole('button', { name: 'Leave', exact: true }).click();
  await status('You have left the chat.');
}

const said = (text: string) => room.locator('.said:not(.is-pending)', { hasText: text });

/** Waits until the browser has refused to show something in a frame. */
async function refused(): Promise<void> {
  await until('a frame that is refused', () =>
    page.frames().some((frame) => frame.url().startsWith('chrome-error:')),
  );
}

async function setAttribute(name: string, value: string): Promise<void> {
  await page.evaluate(
    ([attribute = '', to = '']) =>
      document.querySelector('encke-chat')?.setAttribute(attribute, to),
    [name, value],
  );
}

describe('in a page of another site', () => {
  test('one talks with those in the room, where no cookie can be kept', async () => {
    // The same page keeps a cookie on its own, and not in a frame of another site.
    const other = `${site.origin.replace('localhost', '127.0.0.1')}/cookie`;
    const alone = await page.context().newPage();
    await alone.goto(`${site.origin}/cookie`);
    expect(await alone.evaluate(() => document.cookie)).toBe('a=1');
    await alone.close();
    await page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, other);
    await come('Ada');
    await bo.page.locator('.people li', { hasText: 'Ada' }).waitFor();
    await bo.say('Welcome to the room');
    await said('Welcome to the room').waitFor();
    await room.getByRole('textbox', { name: 'Message' }).fill('Hello from elsewhere');
    await page.keyboard.press('Enter');
    await bo.sees('Hello from elsewhere');
    const framed = page.frames().find((one) => one.url() === other);
    expect(await framed?.evaluate(() => document.cookie)).toBe('');
    expect(await page.context().cookies(server.url)).toEqual([]);
    await leave();
    // Where nothing is kept, the memory of the page does for who comes in again.
    expect(await room.getByLabel('Your nick').inputValue()).toBe('Ada');
    await bo.page.locator('.people li', { hasText: 'Ada' }).waitFor({ state: 'detached' });
  });

  test('the site hears how much is unread, until it is before the visitor’s eyes', async () => {
    await come('Bea');
    await page.locator('#fold').click();
    await bo.say('One while it is folded');
    await bo.say('Two while it is folded');
    await page.locator('#unread', { hasText: '(2 new)' }).waitFor();
    const count = async (): Promise<number> =>
      await page.evaluate(() =>
        Number(Reflect.get(document.querySelector('encke-chat')!, 'unread')),
      );
    expect(await count()).toBe(2);
    await page.locator('#fold').click();
    await said('Two while it is folded').waitFor();
    await page.locator('#unread', { hasText: /^$/ }).waitFor({ state: 'attached' });
    expect(await count()).toBe(0);
  });

  test('the site hears who spoke, and not what', async () => {
    await page.evaluate(() => {
      const heard: string[] = [];
      Reflect.set(window, 'heard', heard);
      addEventListener('message', ({ data }) => heard.push(JSON.stringify(data)));
      document.addEventListener('encke-message', ({ detail }: CustomEventInit) =>
        heard.push(`event ${JSON.stringify(detail)}`),
      );
    });
    await come('Cleo');
    await bo.say('Between the two of us');
    await said('Between the two of us').waitFor();
    const heard = await page.evaluate(() => Reflect.get(window, 'heard') as string[]);
    const message = heard.find((line) => line.startsWith('event'))?.slice('event '.length) ?? '';
    expect(JSON.parse(message)).toEqual({
      seq: expect.any(Number),
      at: expect.any(Number),
      nick: 'Bo',
      isOwn: false,
    });
    expect(heard.join('\n')).not.toContain('Between');
  });

  test('the settings say why there can be no notifications', async () => {
    await room.getByRole('button', { name: 'Settings' }).click();
    await room.getByLabel('Notifications').selectOption('all');
    await room.getByText('Within a page of another site they are not allowed').waitFor();
    expect(await room.getByLabel('Notifications').inputValue()).toBe('off');
  });

  test('theme, accent and nick change while it is there', async () => {
    const ground = async (): Promise<string> =>
      await room.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator('#theme').click();
    await room.waitForFunction(
      (was) => getComputedStyle(document.body).backgroundColor !== was,
      light,
    );

    const accent = async (): Promise<string> =>
      await room.evaluate(() => document.documentElement.style.getPropertyValue('--site-accent'));
    expect(await accent()).toBe('#a34a12');
    for (const bad of ['red; background: url(//evil)', 'var(--ink)', 'inherit', 'url(x)', '']) {
      await setAttribute('accent', 'teal');
      await room.waitForFunction(() => document.documentElement.classList.contains('has-accent'));
      expect(await accent()).toBe('#008080');
      await setAttribute('accent', bad);
      await room.waitForFunction(() => !document.documentElement.classList.contains('has-accent'));
      expect(await accent()).toBe('');
    }
    await setAttribute('nick', 'Grace');
    const field = room.getByLabel('Your nick');
    await room.waitForFunction(() => document.querySelector('input')?.value === 'Grace');
    await field.fill('Ada');
    await setAttribute('nick', 'Somebody');
    await setAttribute('theme', 'light');
    await room.waitForFunction(
      (was) => getComputedStyle(document.body).backgroundColor === was,
      light,
    );
    expect(await field.inputValue()).toBe('Ada');
  });

  test('the script may be loaded again, and leaves no name but the element’s', async () => {
    const names = await page.evaluate(async (url) => {
      const before = new Set(Object.getOwnPropertyNames(window));
      for (const type of ['text/javascript', 'module']) {
        await new Promise((resolve) => {
          const script = Object.assign(document.createElement('script'), { type, src: url });
          script.addEventListener('load', resolve);
          document.head.append(script);
        });
      }
      return Object.getOwnPropertyNames(window).filter((name) => !before.has(name));
    }, `${server.url}/embed.js`);
    expect(names).toEqual([]);
    expect(page.frames().filter((one) => one.url().startsWith(server.url))).toHaveLength(1);
  });

  test('a site with a strict policy needs to allow the script and the frame, and no more', async () => {
    const policy =
      `default-src 'none'; script-src ${server.url}; frame-src ${server.url}; ` +
      "require-trusted-types-for 'script'; trusted-types 'none'";
    pages['/strict'] = `<!doctype html>
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <script src="${server.url}/embed.js" async></script>
      <encke-chat></encke-chat>`;
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${site.origin}/strict`);
    await page.waitForFunction(() => customElements.get('encke-chat') !== undefined);
    room = frameOf(page);
    await room.getByLabel('Your nick').fill('Ada');
    const height = await page.evaluate(() => document.querySelector('encke-chat')?.clientHeight);
    expect(height).toBe(512);
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    // The frame has its sandbox here as elsewhere.
    const escape = await room.evaluate(() => {
      try {
        if (top !== null) top.location.href = 'about:blank';
        return 'It went elsewhere';
      } catch (reason) {
        return (reason as Error).name;
      }
    });
    expect(escape).toBe('SecurityError');
  });

  test('axe finds nothing wrong in little space, and every accent can be read, in light and dark', async () => {
    await page.addStyleTag({ content: 'encke-chat { width: 320px; height: 400px }' });
    await come('Dora');
    await bo.say('Look at https://example.org/');
    await said('Look at').waitFor();
    await room.evaluate(axe.source);
    for (const theme of ['light', 'dark']) {
      await setAttribute('theme', theme);
      await room.waitForFunction((now) => document.documentElement.dataset['theme'] === now, theme);
      const found = await room.evaluate(async () => {
        const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
        const { violations } = await inPage.run();
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      });
      expect(found).toEqual([]);
      expect(Math.min(...(await room.evaluate(contrasts)))).toBeGreaterThanOrEqual(4.5);
    }
    const overflow = await room.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.log, .header, .foot')]
        .filter((node) => node.scrollWidth > node.clientWidth)
        .map(({ className }) => className),
    );
    expect(overflow).toEqual([]);
  });
});

/** Of many accents: that of text in it on each ground, and of the text that stands on it. */
function contrasts(): number[] {
  const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  const probe = document.body.appendChild(document.createElement('i'));
  const luminance = (role: string): number => {
    probe.style.color = `var(--${role})`;
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = [...paint.getImageData(0, 0, 1, 1).data].map((byte) =>
      byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const found: number[] = [];
  for (let hue = 0; hue < 360; hue += 15) {
    for (const lightness of [0, 30, 50, 70, 100]) {
      const colour = `hsl(${hue} 100% ${lightness}%)`;
      document.documentElement.style.setProperty('--site-accent', colour);
      const accent = luminance('accent');
      for (const role of ['ground', 'raised', 'accent-wash', 'accent-ink']) {
        const other = luminance(role);
        found.push((Math.max(accent, other) + 0.05) / (Math.min(accent, other) + 0.05));
      }
    }
  }
  probe.remove();
  return found;
}

test('where storage is kept apart for each site, the visitor stays over a reload, and in two tabs', async () => {
  // Playwright asks Chromium not to keep it apart, in a list of features; the last list counts.
  const keeping = await openBrowser(['--disable-features=Translate']);
  try {
    await page.context().close();
    await until('Bo’s poll alone', async () => (await heldAt(server)) === 1);
    page = await (await keeping.newContext({ locale: 'en-GB' })).newPage();
    await openDemo();
    await come('Cy');
    await page.reload();
    await status('You talk as Cy.');
    room = frameOf(page);
    await room.getByRole('textbox', { name: 'Message' }).fill('Half a sentence');
    // The page in the frame begins anew for that.
    await setAttribute('lang', 'en-US');
    await room.waitForURL(/lang=en-US/);
    const field = room.getByRole('textbox', { name: 'Message' });
    await field.waitFor();
    expect(await field.inputValue()).toBe('Half a sentence');
    expect(await room.evaluate(() => document.documentElement.lang)).toBe('en-US');

    // A second tab of the site has the same visitor in it, and asks for nothing of its own.
    const second = await page.context().newPage();
    await second.goto(site.origin);
    await second.locator('#status', { hasText: 'You talk as Cy.' }).waitFor();
    await bo.say('To both tabs of the site');
    await said('To both tabs of the site').waitFor();
    await frameOf(second).locator('.said', { hasText: 'To both tabs of the site' }).waitFor();
    await until('2 held polls', async () => (await heldAt(server)) === 2);
    for (let look = 0; look < 20; look++) expect(await heldAt(server)).toBeLessThanOrEqual(2);
    expect(await bo.page.locator('.event', { hasText: 'Cy left' }).count()).toBe(0);
  } finally {
    await keeping.close();
  }
});

describe('a page that calls the room itself', () => {
  test('joins, speaks and hears with a token, from the site that is allowed', async () => {
    const heard = await page.evaluate(callItself, server.url);
    expect(heard).toContain('Said without a frame');
    await bo.sees('Said without a frame');
    expect(await page.context().cookies(server.url)).toEqual([]);
  });

  test('can do nothing from any other site', async () => {
    await page.goto(site.origin.replace('localhost', '127.0.0.1'));
    const failed = await page.evaluate(callItself, server.url).catch((reason: Error) => reason);
    expect(String(failed)).toContain('Failed to fetch');
    // The one from the site that is allowed.
    expect(await bo.page.locator('.event', { hasText: 'Gil came in' }).count()).toBe(1);
  });
});

/** As a page would do it: a join that needs no preflight, then calls that do. */
async function callItself(url: string): Promise<string> {
  const call = async (path: string, init: RequestInit = {}): Promise<Record<string, string>> => {
    const response = await fetch(`${url}/v1/${path}`, init);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, string>);
  };
  const { token, cursor } = await call('join', { method: 'POST', body: '{"nick":"Gil"}' });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  let poll = call(`poll?after=${cursor}&hold=20&tab=a&turn=1`, { headers });
  const text = 'Said without a frame';
  await call('messages', { method: 'POST', headers, body: JSON.stringify({ id: 'a1', text }) });
  // Somebody may have come or gone before.
  let reply = JSON.stringify(await poll);
  for (let turn = 2; turn < 10 && !reply.includes(text); turn++) {
    const after = (await poll)['cursor'];
    poll = call(`poll?after=${after}&hold=20&tab=a&turn=${turn}`, { headers });
    reply = JSON.stringify(await poll);
  }
  await call('leave', { method: 'POST', body: JSON.stringify({ token }) });
  return reply;
}

test('a page of the allowed site joins, says and hears with the client library as it is built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'encke-library-'));
  try {
    const file = join(folder, 'client.js');
    await $`${process.execPath} ${join(root, 'src', 'client', 'build.ts')} ${file}`.quiet();
    pages['/client.js'] = await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
  const asking = page.evaluate(askThroughLibrary, server.url);
  await bo.sees('Does the library work here?');
  await bo.say('It does');
  expect(await asking).toEqual({ joined: true, said: true, heard: 'It does', hasToken: true });
  expect(await page.context().cookies(server.url)).toEqual([]);
});

/** As a page would do it: it asks, and waits for an answer. */
async function askThroughLibrary(url: string) {
  const library = '/client.js';
  const { connect } = (await import(library)) as typeof Library;
  const client = connect({ url, token: '' });
  const heard = new Promise<string>((resolve) => {
    client.on('entry', (entry) => {
      if (entry.type === 'message' && entry.by.nick === 'Bo') resolve(entry.text);
    });
  });
  const joined = await client.join('Hal');
  const said = await client.say('Does the library work here?');
  const answer = { joined: joined.ok, said: said.ok, heard: await heard };
  const hasToken = client.token !== null && client.token !== '';
  await client.leave();
  client.close();
  return { ...answer, hasToken };
}

describe('what is not allowed', () => {
  test('is another site, also one that looks alike: the browser refuses the frame', async () => {
    await page.goto(site.origin.replace('localhost', '127.0.0.1'));
    const fallback = page.getByRole('link', { name: 'Talk among comet watchers' });
    await fallback.waitFor();
    await refused();
    expect(await fallback.isVisible()).toBeTrue();
    expect(await page.locator('#status').innerText()).toBe('The chat is on its way.');
  });

  test('is the page that is not meant for a frame, on any site', async () => {
    await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.src = `${url}/`;
      await new Promise((resolve) => {
        frame.addEventListener('load', resolve);
        document.body.append(frame);
      });
    }, server.url);
    await refused();
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${server.url}/`);
  });
});

describe('messages that nobody should send', () => {
  beforeEach(async () => {
    // The element hides its frame from the page; only a message from it gives its window away.
    await page.addInitScript(() =>
      addEventListener('message', ({ source }) => Reflect.set(window, 'chat', source), {
        once: true,
      }),
    );
    await openDemo();
  });

  test('do nothing in the room, from the page or from another frame of it', async () => {
    await come('Eli');
    await room.evaluate(() => {
      const worn: (string | undefined)[] = [];
      const root = document.documentElement;
      Reflect.set(window, 'worn', worn);
      new MutationObserver(() => worn.push(root.dataset['theme'], root.style.cssText)).observe(
        root,
        { attributes: true },
      );
    });
    await page.evaluate((nonsense) => {
      const chat = Reflect.get(window, 'chat') as Window;
      for (const data of nonsense) chat.postMessage(data, '*');
      const frame = document.body.appendChild(document.createElement('iframe'));
      const other = frame.contentWindow as unknown as typeof globalThis;
      // Posted by a function of the other frame, so that it is the other frame that posts.
      other.eval(
        "parent.chat.postMessage({ encke: 'wishes', theme: 'dark', accent: 'red', nick: 'Eve' }, '*')",
      );
    }, nonsense);
    await setAttribute('accent', 'teal');
    await room.waitForFunction(
      () => document.documentElement.style.getPropertyValue('--site-accent') === '#008080',
    );
    const worn = await room.evaluate(() => Reflect.get(window, 'worn') as string[]);
    expect(worn.join(' ')).not.toMatch(/dark|#ff0000/);
    expect(await room.locator('.said', { hasText: 'Forged' }).count()).toBe(0);
    expect(await room.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('');
    const eli = bo.page.locator('.people li', { hasText: 'Eli' });
    // The list is loaded after the messages, and may not be there yet.
    await eli.first().waitFor();
    expect(await eli.count()).toBe(1);
  });

  test('tell the page nothing, unless they are the room’s and well formed', async () => {
    await come('Fay');
    pages['/liar'] = `<script>
      for (const told of ${JSON.stringify(lies)}) parent.postMessage(told, '*');
      parent.postMessage('told', '*');
    </script>`;
    await page.evaluate(async (lies) => {
      const heard: unknown[] = [];
      Reflect.set(window, 'heard', heard);
      for (const name of ['ready', 'joined', 'left', 'message', 'unread']) {
        document.addEventListener(`encke-${name}`, ({ detail }: CustomEventInit) =>
          heard.push([name, detail]),
        );
      }
      for (const lie of lies) window.postMessage(lie, '*');
      await new Promise<void>((resolve) => {
        addEventListener('message', ({ data }) => data === 'told' && resolve());
        const frame = document.createElement('iframe');
        frame.src = `${location.origin.replace('localhost', '127.0.0.1')}/liar`;
        document.body.append(frame);
      });
    }, lies);
    const malformed = [
      { encke: 'unread', unread: '99' },
      { encke: 'unread', unread: -1 },
    ];
    await room.evaluate(
      (told) => {
        for (const one of told) window.parent.postMessage(one, '*');
      },
      [...malformed, ...nonsense],
    );
    await room.evaluate(() => window.parent.postMessage({ encke: 'unread', unread: 7 }, '*'));
    await page.locator('#unread', { hasText: '(7 new)' }).waitFor();
    const heard = await page.evaluate(() => Reflect.get(window, 'heard') as unknown);
    expect(heard).toEqual([['unread', { unread: 7 }]]);
  });
});

/** What neither side may take for anything. */
const nonsense: readonly unknown[] = [
  null,
  'wishes',
  7,
  [],
  {},
  { encke: 'say', text: 'Forged' },
  { encke: 'message', text: 'Forged' },
  { encke: 'leave' },
  { encke: '__proto__', nick: 'Eve' },
  { encke: { toString: 'joined' }, nick: 'Eve' },
  { encke: 'joined' },
];

const lies = [
  { encke: 'unread', unread: 99 },
  { encke: 'joined', nick: 'Eve' },
  { encke: 'left' },
] as const;
