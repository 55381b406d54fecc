/** `/plain`: the room without scripts, as forms and as an answer that goes on. */
import { describe, expect, test } from 'bun:test';
import { limits } from '../../src/protocol/limits.ts';
import { testSettings } from '../kit/chat.ts';
import { RoomServer, type Answer, type Guest } from '../kit/room-server.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function post(
  room: RoomServer,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = new URLSearchParams(fields).toString();
  return await room.call('POST', path, { headers: { ...form, ...headers }, body });
}

/** Somebody who comes in by the form, and the cookie that they have. */
async function join(room: RoomServer, nick: string): Promise<{ readonly Cookie: string }> {
  const answer = await post(room, '/plain/join', { nick });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/plain']);
  const [cookie = ''] = answer.headers.getSetCookie();
  return { Cookie: cookie.split(';')[0] ?? '' };
}

/** Says all of it, at a pace that is never too fast. */
async function sayAll(guest: Guest, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    guest.room.clock.leap(limits.paceMs);
    await guest.say(text);
  }
}

/** Lets time pass, until somebody who gives no sign of life is gone. */
async function letPass(room: RoomServer, ms: number): Promise<void> {
  await room.join('silent');
  room.clock.leap(ms);
  const names = async () => (await room.snapshot()).members?.map(({ nick }) => nick);
  await room.until(async () => (await names())?.includes('silent') === false);
}

/** A page that goes on, as it comes. */
class OpenPage {
  text = '';
  hasEnded = false;
  readonly headers: Headers;
  readonly #abort: AbortController;
  readonly #read: Promise<void>;

  static async open(room: RoomServer, path: string, headers: object): Promise<OpenPage> {
    const abort = new AbortController();
    const response = await fetch(room.url + path, {
      headers: { ...headers },
      signal: abort.signal,
    });
    return new OpenPage(response, abort);
  }

  private constructor(response: Response, abort: AbortController) {
    this.headers = response.headers;
    this.#abort = abort;
    this.#read = this.#readAll(response).catch(() => undefined);
  }

  /** Asks for its newest picture, as a browser does that shows them. */
  async showPicture(room: RoomServer, headers: Readonly<Record<string, string>>): Promise<void> {
    await room.until(async () => this.text.includes('<img '));
    const picture = [...this.text.matchAll(/<img src="([^"]+)"/g)].at(-1)?.[1] ?? '';
    const { status } = await room.call('GET', picture.replace('&amp;', '&'), { headers });
    expect(status).toBe(200);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#read;
  }

  async #readAll(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const part of response.body ?? [])
      this.text += decoder.decode(part, { stream: true });
    this.hasEnded = true;
  }
}

describe('the page that goes on', () => {
  test('shows what was said, and then what is said as it comes, each once', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    await bob.say('before');
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    for (const text of ['one', 'two & <b>three</b>']) await bob.say(text);
    await room.until(async () => page.text.includes('three'));
    expect(page.text.match(/>before</g)).toHaveLength(1);
    expect(page.text.match(/>one</g)).toHaveLength(1);
    expect(page.text).toContain('two &amp; &lt;b&gt;three&lt;/b&gt;');
    expect(page.hasEnded).toBe(false);
    await page.close();
  });

  test('may run nothing, and be framed by nobody', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('script');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-accel-buffering')).toBe('no');
    const framed = await room.call('GET', '/plain/say');
    expect(framed.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    await page.close();
  });

  test('ends when its member leaves, and says so', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    const left = await post(room, '/plain/leave', {}, ada);
    expect([left.status, left.headers.get('location')]).toEqual([303, '/plain']);
    expect(left.headers.getSetCookie()[0]).toContain('Max-Age=0');
    await room.until(async () => page.hasEnded);
    expect(page.text).toContain('role="status"');
    expect(page.text).toMatch(/<\/html>\s*$/);
  });

  test('ends with a link that goes on where it was, without a message lost or repeated', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    await bob.say('one');
    await room.until(async () => page.text.includes('one'));
    room.clock.leap(limits.plainStreamMs + 1);
    await bob.say('two');
    await room.until(async () => page.hasEnded);
    const [, target = ''] = /href="(\/plain\?after=[^"]+)"/.exec(page.text) ?? [];
    expect(page.text).toContain('>two<');
    await bob.say('three').catch(async () => await (await room.join('bob')).say('three'));
    const next = await OpenPage.open(room, target, ada);
    await room.until(async () => next.text.includes('>three<'));
    expect(next.text).not.toContain('>two<');
    await next.close();
  });

  test('is somebody present while it is open, and not for long after', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    room.clock.leap(10_000);
    const online = async (): Promise<number> => (await room.snapshot()).live.online;
    expect(await online()).toBe(2);
    await page.close();
    await room.held(0);
    room.clock.leap(limits.leaseMs + 1_000);
    await bob.poll(bob.cursor).catch(() => undefined);
    await room.until(
      async () => (await room.snapshot()).members?.every((one) => one.nick !== 'ada') === true,
    );
  });

  test('ends for a browser that showed its pictures and shows them no more', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    room.clock.leap(limits.plainBeatMs);
    await page.showPicture(room, ada);
    room.clock.leap(limits.plainUnheardMs + 1);
    await room.until(async () => page.hasEnded);
    expect(page.text).toContain('Are you still there?');
  });

  test('goes on for a browser that shows no pictures, the longer when its reader writes', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const shown = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    const bare = await OpenPage.open(room, '/plain', ada);
    await room.held(2);
    // The picture of one is no sign of the other, and what is said none of a page with pictures.
    room.clock.leap(limits.plainBeatMs);
    await shown.showPicture(room, ada);
    expect((await post(room, '/plain/say', { id: 'a', text: 'one' }, ada)).status).toBe(200);
    await room.until(async () => bare.text.includes('>one<'));
    await room.held(2);
    room.clock.leap(limits.plainUnheardMs + 1);
    await room.until(async () => shown.hasEnded);
    await room.until(async () => bare.text.split('<img ').length === 3);
    expect((await post(room, '/plain/say', { id: 'b', text: 'two' }, ada)).status).toBe(200);
    await room.until(async () => bare.text.includes('>two<'));
    await room.held(1);
    room.clock.leap(limits.plainUnseenMs - 10_000);
    await room.until(async () => bare.text.split('<img ').length === 4);
    await room.held(1);
    expect(bare.hasEnded).toBe(false);
    room.clock.leap(limits.plainBeatMs);
    await room.until(async () => bare.hasEnded);
  });

  test('goes on for one that was heard from a moment ago', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    for (let beat = 0; beat < 4; beat++) {
      await room.held(1);
      room.clock.leap(limits.plainBeatMs);
      const shown = `&amp;n=${beat}"`;
      await room.until(async () => page.text.includes(shown));
      await page.showPicture(room, ada);
    }
    expect(page.hasEnded).toBe(false);
    await page.close();
  });

  test('ends with a link when the server stops', async () => {
    const room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    await room.close();
    await room.until(async () => page.hasEnded);
    expect(page.text).toContain('about to stop');
    expect(page.text).toMatch(/<\/html>\s*$/);
  });

  test('goes on over the crash of any service', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    for (const service of ['post-office', 'room', 'journal'] as const) {
      await room.held(1);
      room.server.crash(service);
      const said = async (): Promise<boolean> =>
        await bob.say(`after ${service}`, { id: `after-${service}` }).then(
          () => true,
          () => false,
        );
      await room.until(said);
      await room.until(async () => page.text.includes(`>after ${service}<`));
    }
    expect(page.text.match(/>after room</g)).toHaveLength(1);
    await page.close();
  });

  test('is asked for with HEAD without being begun', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const { status, text } = await room.call('HEAD', '/plain', { headers: ada });
    expect([status, text]).toEqual([200, '']);
    await room.held(0);
    const nonsense = await room.call('HEAD', '/plain?after=nonsense', { headers: ada });
    expect(nonsense.status).toBe(400);
    // Of an answer that goes on, nobody knows the length.
    const raw = await room.connect();
    const { Cookie } = ada;
    for (let time = 0; time < 2; time++) {
      raw.send(`HEAD /plain HTTP/1.1\r\nHost: ${room.host}\r\nCookie: ${Cookie}\r\n\r\n`);
      const { headers } = (await raw.next({ isBodiless: true })) ?? {};
      expect(headers?.get('transfer-encoding')).toBe('chunked');
      expect(headers?.has('content-length')).toBe(false);
    }
  });
});

describe('the forms', () => {
  test('show nothing of a room with a passcode to strangers but its title', async () => {
    for (const given of [{}, { passcode: 'halley' }]) {
      await using room = await RoomServer.open(given);
      const ada = await room.join('ada', given);
      await ada.command(`/keeper ${testSettings.keeperCode ?? ''}`);
      await ada.command('/topic A secret comet');
      const hasPasscode = 'passcode' in given;
      for (const path of ['/plain', '/plain?still']) {
        const { text } = await room.call('GET', path);
        expect([text.includes('Your nick'), text.includes('secret')]).toEqual([true, !hasPasscode]);
      }
      if (!hasPasscode) continue;
      const refused = await post(room, '/plain/join', { nick: 'eve', passcode: 'comet' });
      expect([refused.status, refused.text.includes('secret')]).toEqual([403, false]);
    }
  });

  test('let somebody in once, however often they are sent', async () => {
    await using room = await RoomServer.open();
    const { text } = await room.call('GET', '/plain');
    const [, id = ''] = /name="id" value="([^"]+)"/.exec(text) ?? [];
    // The first answer was lost: the browser has no cookie, and sends the form again.
    for (let time = 0; time < 2; time++) {
      expect((await post(room, '/plain/join', { id, nick: 'ada' })).status).toBe(303);
    }
    expect((await room.snapshot()).live.online).toBe(1);
    const other = await post(room, '/plain/join', { id, nick: 'bob' });
    expect([other.status, other.text.includes('ID_REUSED')]).toEqual([409, true]);
    // What is sent next is another join.
    const [, next = ''] = /name="id" value="([^"]+)"/.exec(other.text) ?? [];
    expect((await post(room, '/plain/join', { id: next, nick: 'bob' })).status).toBe(303);
    expect((await room.snapshot()).live.online).toBe(2);
  });

  test('tell in words, and by code, why somebody cannot come in', async () => {
    await using room = await RoomServer.open({ passcode: 'halley' });
    await room.join('Ada', { passcode: 'halley' });
    const wrong = await post(room, '/plain/join', { nick: 'Eve', passcode: 'comet' });
    expect([wrong.status, wrong.text.includes('data-code="WRONG_PASSCODE"')]).toEqual([403, true]);
    const taken = await post(room, '/plain/join', { nick: 'ada', passcode: 'halley' });
    expect(taken.status).toBe(409);
    expect(taken.text).toContain('role="alert" data-code="NICK_TAKEN"');
    expect(taken.text).toContain('&quot;ada&quot; is taken');
    expect(taken.text).toContain('value="ada"');
    expect(taken.headers.getSetCookie()).toEqual([]);
  });

  test('say something once, however often they are sent', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const ada = await join(room, 'ada');
    const said = { id: 'the-form-s-own', text: 'Grüße & "more"' };
    for (let time = 0; time < 2; time++) {
      expect((await post(room, '/plain/say', said, ada)).status).toBe(200);
    }
    const { entries } = await bob.poll(bob.cursor);
    const texts = entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
    expect(texts).toEqual([said.text]);
  });

  test('give back what was written when it is refused, and why', async () => {
    await using room = await RoomServer.open();
    room.clock.freeze();
    const ada = await join(room, 'ada');
    for (let nr = 0; nr < limits.paceBurst; nr++) {
      expect((await post(room, '/plain/say', { id: `m${nr}`, text: 'hello' }, ada)).status).toBe(
        200,
      );
    }
    const tooFast = await post(room, '/plain/say', { id: 'last', text: 'a "last" one' }, ada);
    expect([tooFast.status, tooFast.headers.get('retry-after')]).toEqual([429, '1']);
    expect(tooFast.text).toContain('data-code="TOO_FAST"');
    expect(tooFast.text).toContain('value="a &quot;last&quot; one"');
    expect(tooFast.text).toContain('value="last"');
    const help = await post(room, '/plain/say', { id: 'help', text: '/help' }, ada);
    expect(help.text).toContain('role="status"');
  });

  test('do nothing for the page of another site', async () => {
    await using room = await RoomServer.open();
    const ada = await join(room, 'ada');
    const before = await room.seq();
    for (const foreign of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ]) {
      const headers = { ...ada, ...foreign };
      expect((await post(room, '/plain/join', { nick: 'eve' }, headers)).status).toBe(403);
      expect((await post(room, '/plain/leave', {}, headers)).status).toBe(403);
      const said = await post(room, '/plain/say', { id: 'a', text: 'hello' }, headers);
      expect([said.status, said.text.includes('BAD_ORIGIN')]).toEqual([403, true]);
    }
    expect(await room.seq()).toBe(before);
    const own = { ...ada, Origin: room.url, 'Sec-Fetch-Site': 'same-origin' };
    expect((await post(room, '/plain/say', { id: 'a', text: 'hello' }, own)).status).toBe(200);
  });

  test('lead a browser without waiting to the page that stands still', async () => {
    await using room = await RoomServer.open();
    const joined = await post(room, '/plain/join', { nick: 'ada', still: '1' });
    expect(joined.headers.get('location')).toBe('/plain?still');
    const headers = { Cookie: joined.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const said = await post(room, '/plain/say', { id: 'a', text: 'hello', still: '1' }, headers);
    expect([said.status, said.headers.get('location')]).toEqual([303, '/plain?still']);
    const page = await room.call('GET', '/plain?still', { headers });
    expect(page.text).toContain('>hello<');
    expect(page.text).toMatch(/<\/html>\s*$/);
    // Whoever reads it is not gone while they read.
    room.clock.leap(limits.plainStillMs - 10_000);
    await post(room, '/plain/join', { nick: 'bob' });
    expect((await room.call('GET', '/plain?still', { headers })).text).toContain('>hello<');
    const empty = await post(room, '/plain/say', { id: 'b', text: ' ', still: '1' }, headers);
    expect([empty.status, empty.text.includes('BAD_TEXT')]).toEqual([400, true]);
    expect(empty.text).toContain('>hello<');
    // The page that tells why something is refused is read for as long as any other.
    await letPass(room, limits.plainStillMs - 10_000);
    expect((await room.call('GET', '/plain?still', { headers })).text).toContain('>hello<');
    const stranger = await post(room, '/plain/say', { id: 'b', text: 'to <all>', still: '1' });
    expect([stranger.status, stranger.text.includes('Your nick')]).toEqual([403, true]);
    // What was written is not lost over coming in again.
    expect(stranger.text).toContain('to &lt;all&gt;</blockquote>');
  });

  test('are given back alone to a network that reads faster than it may', async () => {
    await using room = await RoomServer.open({ addressLimits: true });
    room.clock.freeze();
    const ada = await join(room, 'ada');
    for (let nr = 0; nr < limits.readBurst; nr++) await room.call('GET', '/v1/room');
    const empty = await post(room, '/plain/say', { id: 'a', text: ' ', still: '1' }, ada);
    expect([empty.status, empty.text.includes('role="log"')]).toEqual([400, false]);
    for (const part of ['data-code="BAD_TEXT"', 'value=" "', 'name="still"']) {
      expect(empty.text).toContain(part);
    }
    room.clock.leap(limits.readMs);
    const next = await post(room, '/plain/say', { id: 'a', text: ' ', still: '1' }, ada);
    expect(next.text).toContain('role="log"');
  });
});

describe('what was said before', () => {
  test('is read back page by page, to where the room begins', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const count = limits.snapshotEntries + limits.pageDefault + 5;
    await sayAll(
      bob,
      Array.from({ length: count }, (_, nr) => `nr ${nr + 1};`),
    );
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.until(async () => page.text.includes('role="log"'));
    let { text } = page;
    const seen: string[] = [];
    for (let pages = 0; ; pages++) {
      seen.unshift(...(text.match(/nr \d+;/g) ?? []));
      const [, earlier] = /href="(\/plain\?before=\d+)"/.exec(text) ?? [];
      if (earlier === undefined) break;
      expect(pages).toBeLessThan(3);
      const answer = await room.call('GET', earlier, { headers: ada });
      expect(answer.status).toBe(200);
      ({ text } = answer);
    }
    expect(seen).toEqual(Array.from({ length: count }, (_, nr) => `nr ${nr + 1};`));
    expect(text).toContain('Here the room begins');
    expect(text).toMatch(/<\/html>\s*$/);
    await page.close();
  });

  test('is shown with what it answers, its reactions, and as it stands now', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const first = await bob.say('A comet!');
    const second = await bob.say('A secret');
    const third = await bob.say('Where?', { replyTo: first.seq });
    await bob.call('PUT', `/v1/messages/${first.seq}/reactions/%F0%9F%91%8D`);
    await bob.call('DELETE', `/v1/messages/${second.seq}`);
    await bob.call('PATCH', `/v1/messages/${third.seq}`, { body: { text: 'Where is it?' } });
    const ada = await join(room, 'ada');
    const streamed = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    const still = await room.call('GET', '/plain?still', { headers: ada });
    const before = await room.call('GET', `/plain?before=${third.seq + 1}`, { headers: ada });
    for (const text of [streamed.text, still.text, before.text]) {
      expect(text.match(/>A comet!</g)).toHaveLength(2);
      expect(text).toMatch(/In answer to <a [^>]*><bdi>bob<\/bdi>: <bdi>A comet!<\/bdi>/);
      expect(text).toMatch(/👍<\/bdi> 1/);
      expect(text).toContain('This message was deleted');
      expect(text).toMatch(/>Where is it\?<\/bdi> <small>\(edited \d\d:\d\d\)/);
      expect(text).not.toContain('secret');
    }
    await streamed.close();
  });

  test('is quoted from far back by the pages that have an end, and led to by the others', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const first = await bob.say('Long ago');
    await sayAll(bob, Array<string>(limits.recentMax).fill('and then'));
    await bob.say('Yes', { replyTo: first.seq });
    const ada = await join(room, 'ada');
    const still = await room.call('GET', '/plain?still', { headers: ada });
    expect(still.text).toContain('<bdi>Long ago</bdi>');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    const [, place = ''] = /<a href="([^"]+)">an earlier message<\/a>/.exec(page.text) ?? [];
    expect(place).toBe(`/plain?before=${first.seq + 1}#m${first.seq}`);
    const [path = ''] = place.split('#');
    const led = await room.call('GET', path, { headers: ada });
    expect(led.text).toContain(`id="m${first.seq}"`);
    await page.close();
  });

  test('is for those who are in the room', async () => {
    await using room = await RoomServer.open({ passcode: 'halley' });
    const bob = await room.join('bob', { passcode: 'halley' });
    const { seq } = await bob.say('A comet');
    const { text } = await room.call('GET', `/plain?before=${seq + 1}`);
    expect([text.includes('Your nick'), text.includes('A comet')]).toEqual([true, false]);
  });

  test('is what a reader can see of changes that come while the page is open', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const { seq } = await bob.say('A comet');
    const ada = await join(room, 'ada');
    const page = await OpenPage.open(room, '/plain', ada);
    await room.held(1);
    const thumb = `/v1/messages/${seq}/reactions/%F0%9F%91%8D`;
    await bob.call('PATCH', `/v1/messages/${seq}`, { body: { text: 'Two comets' } });
    await bob.call('PUT', thumb);
    await bob.call('DELETE', thumb);
    await bob.say('See?', { replyTo: seq });
    await bob.call('DELETE', `/v1/messages/${seq}`);
    await room.until(async () => page.text.includes(' deleted '));
    const read = page.text.replaceAll(/<[^>]*>/g, '');
    expect(read).toMatch(/bob changed the message of \d\d:\d\d: Two comets/);
    expect(read).toMatch(/bob put 👍 on the message of/);
    expect(read).toMatch(/bob took 👍 off the message of/);
    expect(read).toMatch(/In answer to bob: (Two comets|This message was deleted)/);
    expect(read).toMatch(/bob deleted the message of \d\d:\d\d/);
    await page.close();
  });
});

describe('the language', () => {
  test('is the browser’s, on each of the pages, and in what is told as it comes', async () => {
    await using room = await RoomServer.open();
    const bob = await room.join('bob');
    const german = { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.8' };
    const way = await room.call('GET', '/plain', { headers: german });
    expect(way.text).toContain('<html lang="de" dir="ltr">');
    expect(way.text).toContain('Dein Nick');
    const taken = await post(room, '/plain/join', { nick: 'bob' }, german);
    expect(taken.text).toContain('role="alert" data-code="NICK_TAKEN">Diesen Nick');
    const ada = await join(room, 'ada');
    const spoken = await OpenPage.open(room, '/plain', { ...ada, ...german });
    const arabic = await OpenPage.open(room, '/plain', { ...ada, 'Accept-Language': 'ar-EG' });
    await room.held(2);
    await bob.call('POST', '/v1/leave', { body: {} });
    await room.until(async () => spoken.text.includes('ist gegangen'));
    await room.until(async () => arabic.text.includes('غادر '));
    expect(spoken.text).toContain('Die Zeiten sind in UTC');
    expect(arabic.text).toContain('<html lang="ar" dir="rtl">');
    for (const path of ['/plain?still', '/plain?before=100', '/plain/say']) {
      const { text } = await room.call('GET', path, { headers: { ...ada, ...german } });
      expect([path, text.includes('<html lang="de"')]).toEqual([path, true]);
    }
    await post(room, '/plain/leave', {}, ada);
    await room.until(async () => spoken.hasEnded);
    expect(spoken.text).toContain('Du bist nicht mehr im Raum.');
    expect(spoken.text).toContain('>Weiter</a>');
    await arabic.close();
  });
});

test('one network address has its share of the pages that go on, and is told so', async () => {
  await using room = await RoomServer.open({ addressLimits: true });
  const others = limits.plainStreamsPerAddressMax / limits.tabsPerMemberMax;
  const cookies = await Promise.all(
    Array.from({ length: others + 1 }, async (_, nr) => await join(room, `guest ${nr}`)),
  );
  const asked = cookies.slice(1).flatMap(({ Cookie }) => {
    const head = `GET /plain HTTP/1.1\r\nHost: ${room.host}\r\nCookie: ${Cookie}\r\n\r\n`;
    return Array.from({ length: limits.tabsPerMemberMax }, () => head);
  });
  const raws = await Promise.all(asked.map(async () => await room.connect()));
  for (const [nr, raw] of raws.entries()) raw.send(asked[nr] ?? '');
  await room.held(limits.plainStreamsPerAddressMax);
  const headers = cookies[0] ?? {};
  const refused = await room.call('GET', '/plain', { headers });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  expect(refused.text).toContain('role="alert" data-code="TOO_MANY"');
  // What was said can be read all the same.
  expect(refused.text).toContain('role="log"');
  // It leads to where its reader was, and they are there for as long as they read it.
  const { cursor } = await room.snapshot();
  const later = await room.call('GET', `/plain?after=${cursor}`, { headers });
  expect([later.status, later.text.includes(`href="/plain?after=${cursor}"`)]).toEqual([429, true]);
  expect((await room.call('HEAD', '/plain', { headers })).status).toBe(429);
  await letPass(room, 60_000);
  expect((await post(room, '/plain/say', { id: 'a', text: 'hello' }, headers)).status).toBe(200);
  raws[0]?.close();
  await room.held(limits.plainStreamsPerAddressMax - 1);
  const page = await OpenPage.open(room, '/plain', headers);
  await room.held(limits.plainStreamsPerAddressMax);
  await page.close();
});
