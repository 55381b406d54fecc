/** What other sites may do: show the page in a frame, load the script, call the room. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbedOrigins } from '../../src/chat/settings.ts';
import { Files } from '../../src/web/files.ts';
import { codeOf, RoomServer, type Answer } from '../kit/room-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'encke-embedding-'));
writeFileSync(join(folder, 'index.html'), '<p>the room</p>');
writeFileSync(join(folder, 'embed.js'), 'define();');
writeFileSync(join(folder, 'app-0123abcd.js'), 'start();');
afterAll(() => rmSync(folder, { recursive: true }));

const ok = 'https://ok.example';

async function openRoom(embedOrigins: EmbedOrigins): Promise<RoomServer> {
  return await RoomServer.open({ embedOrigins, files: Files.read(folder, embedOrigins) });
}

/** Which sites may frame an answer, by the policy and by the older header. */
function framingOf({ headers }: Answer): readonly [string | undefined, string | null] {
  const policy = headers.get('content-security-policy') ?? '';
  return [/frame-ancestors ([^;]+)$/.exec(policy)?.[1], headers.get('x-frame-options')];
}

describe('the page', () => {
  test.each([
    ['nobody', [], "'none'"],
    ['one site', [ok], ok],
    ['two sites', [ok, 'http://b.example:8080'], `${ok} http://b.example:8080`],
    ['every site', '*', '*'],
  ] as const)('that %s may embed is framed by no other', async (_, origins, ancestors) => {
    await using room = await openRoom(origins);
    const isFramed = origins.length > 0;
    expect(framingOf(await room.call('GET', '/?embed=1'))).toEqual([
      ancestors,
      isFramed ? null : 'DENY',
    ]);
    expect(framingOf(await room.call('GET', '/?embed=1&theme=dark'))[0]).toBe(ancestors);
  });

  test('on its own, and whatever else there is, nobody may frame', async () => {
    await using room = await openRoom('*');
    for (const path of ['/', '/?embed=0', '/?xembed=1', '/?embed=11', '/app-0123abcd.js?embed=1']) {
      expect([path, ...framingOf(await room.call('GET', path))]).toEqual([path, "'none'", 'DENY']);
    }
  });

  test('says again which sites may frame it when the browser has its bytes', async () => {
    await using room = await openRoom([ok]);
    const etag = (await room.call('GET', '/?embed=1')).headers.get('etag') ?? '';
    const headers = { 'If-None-Match': etag };
    const again = await room.call('GET', '/?embed=1', { headers });
    expect([again.status, framingOf(again)[0]]).toEqual([304, ok]);
    expect(framingOf(await room.call('GET', '/', { headers }))[0]).toBe("'none'");
  });
});

test('every site may load the script, which a browser keeps for a little while', async () => {
  await using room = await openRoom([]);
  const script = await room.call('GET', '/embed.js');
  expect(script.status).toBe(200);
  const { headers } = script;
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('cache-control')).toBe('public, max-age=300');
  const etag = headers.get('etag') ?? '';
  const known = await room.call('GET', '/embed.js', { headers: { 'If-None-Match': etag } });
  expect(known.status).toBe(304);
  const other = await room.call('GET', '/app-0123abcd.js');
  expect(other.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
});

describe('a page on an allowed site', () => {
  const headers = { Origin: ok, 'Content-Type': 'text/plain' };

  test('joins with a token, and changes nothing about who the visitor is in the room', async () => {
    await using room = await openRoom([ok]);
    const ada = await room.join('ada');
    const cookied = { ...headers, Cookie: `encke=${ada.token}` };
    const body = { nick: 'bob' };
    const joined = await room.call<{ token: string; you: { id: string; nick: string } }>(
      'POST',
      '/v1/join',
      { headers: cookied, body },
    );
    expect([joined.status, joined.body.you.nick]).toEqual([201, 'bob']);
    expect(joined.body.you.id).not.toBe(ada.you.id);
    expect(joined.headers.getSetCookie()).toEqual([]);
    expect((await ada.call<{ you: object }>('GET', '/v1/room')).body.you).toEqual(ada.you);
    const { token } = joined.body;
    const left = await room.call('POST', '/v1/leave', { headers, body: { token } });
    expect([left.status, left.headers.getSetCookie()]).toEqual([204, []]);
  });

  test('comes back as whom its token names, and gets fresh ones without a cookie', async () => {
    await using room = await openRoom([ok]);
    const ada = await room.join('ada');
    const again = await room.call<{ you: object }>('POST', '/v1/join', {
      headers,
      body: { nick: 'ada', token: ada.token },
    });
    expect(again.body.you).toEqual(ada.you);
    room.clock.setForward(12.5 * 60 * 60 * 1000);
    const path = `/v1/poll?after=${ada.cursor}&hold=0`;
    const polled = await ada.call<{ token: string }>('GET', path, { headers });
    expect(polled.body.token).toBeString();
    expect(polled.headers.getSetCookie()).toEqual([]);
  });

  test('is told of what it waits for, and may read it', async () => {
    await using room = await openRoom([ok]);
    const ada = await room.join('ada');
    const poll = async (more: Readonly<Record<string, string>>, tab: string) =>
      await ada.call('GET', `/v1/poll?after=${ada.cursor}&hold=20&tab=${tab}&turn=1`, {
        headers: more,
      });
    const polls = [
      poll(headers, 'a'),
      poll({ Origin: 'https://other.example' }, 'b'),
      poll({}, 'c'),
    ];
    await room.held(3);
    await ada.say('hello');
    const allowed = (await Promise.all(polls)).map((answer) => {
      expect(answer.text).toContain('hello');
      return answer.headers.get('access-control-allow-origin');
    });
    expect(allowed).toEqual([ok, null, null]);
  });
});

describe('where every site is allowed', () => {
  test('each is named, and a page without an origin is not', async () => {
    await using room = await openRoom('*');
    for (const [origin, allowed] of [
      ['https://any.example', 'https://any.example'],
      ['http://localhost:8080', 'http://localhost:8080'],
      ['null', null],
      ['*', null],
      ['file://', null],
      ['https://a.example, https://b.example', null],
    ] as const) {
      const answer = await room.call('GET', '/v1/room', { headers: { Origin: origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const headers = { Origin: 'null', 'Content-Type': 'text/plain' };
    const refused = await room.call('POST', '/v1/join', { headers, body: { nick: 'ada' } });
    expect(codeOf(refused)).toBe('BAD_ORIGIN');
  });

  test('the cookie still counts on the room’s own page alone', async () => {
    await using room = await openRoom('*');
    const ada = await room.join('ada');
    const say = async (origin: string) =>
      await room.call('POST', '/v1/messages', {
        headers: { Origin: origin, Cookie: `encke=${ada.token}` },
        body: { id: room.newId(), text: 'a' },
      });
    expect(codeOf(await say(ok))).toBe('BAD_ORIGIN');
    expect((await say(`http://${room.host}`)).status).toBe(201);
    const own = { Origin: `http://${room.host}` };
    const joined = await room.call('POST', '/v1/join', { headers: own, body: { nick: 'bob' } });
    expect(joined.headers.getSetCookie()).toHaveLength(1);
  });
});
