/** Who asks: the cookie, the header, the token in a body; other sites; the passcode. */
import { describe, expect, test } from 'bun:test';
import { Sessions } from '../../src/web/session.ts';
import { codeOf, RoomServer, type Answer, type Guest } from '../kit/room-server.ts';

function cookieOf({ headers }: Answer): string {
  return headers.getSetCookie().join('\n');
}

describe('the cookie', () => {
  test('of a join is out of reach for scripts and for other sites', async () => {
    await using room = await RoomServer.open();
    const answer = await room.call<{ token: string }>('POST', '/v1/join', {
      body: { nick: 'ada' },
    });
    const [value, ...flags] = cookieOf(answer).split('; ');
    expect(value).toBe(`encke=${answer.body.token}`);
    expect(flags.slice(0, 3)).toEqual(['HttpOnly', 'SameSite=Lax', 'Path=/']);
    const [, age] = /^Max-Age=(\d+)$/.exec(flags[3] ?? '') ?? [];
    expect(Number(age)).toBeWithin(86_000, 86_401);
    expect(flags).toHaveLength(4);
  });

  test('is for https alone where the room is at an https address', async () => {
    await using room = await RoomServer.open({ publicUrl: 'https://chat.example' });
    const answer = await room.call('POST', '/v1/join', { body: { nick: 'ada' } });
    expect(cookieOf(answer)).toEndWith('; Secure');
  });

  test('is for https alone when a trusted proxy says so, and nobody else', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' };
    const joinAt = async (room: RoomServer) =>
      cookieOf(await room.call('POST', '/v1/join', { body: { nick: 'ada' }, headers }));
    await using behind = await RoomServer.open({ trustedProxies: ['127.0.0.1'] });
    expect(await joinAt(behind)).toEndWith('; Secure');
    await using bare = await RoomServer.open();
    expect(await joinAt(bare)).not.toContain('Secure');
  });

  test('is taken away by leaving', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const answer = await ada.call('POST', '/v1/leave');
    expect(cookieOf(answer)).toBe('encke=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0');
  });

  test('does what the header does, among other cookies', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    for (const cookie of [
      `encke=${ada.token}`,
      `a=b; encke=${ada.token}; c`,
      ` encke = ${ada.token}`,
    ]) {
      const headers = { Cookie: cookie };
      const { body } = await room.call('GET', '/v1/room', { headers });
      expect(body).toMatchObject({ you: ada.you });
      const said = { headers, body: { id: room.newId(), text: 'hello' } };
      expect((await room.call('POST', '/v1/messages', said)).status).toBe(201);
      const poll = `/v1/poll?after=${ada.cursor}&hold=0`;
      expect((await room.call('GET', poll, { headers })).status).toBe(200);
    }
  });
});

describe('the token', () => {
  test('in a body sent as text/plain does, for every call with a body', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { token, cursor } = ada;
    const headers = { 'Content-Type': 'text/plain;charset=UTF-8' };
    const post = async (path: string, body: object, method = 'POST') =>
      (await room.call(method, path, { headers, body: { ...body, token } })).status;
    expect(await post('/v1/messages', { id: 'a', text: 'a' })).toBe(201);
    expect(await post('/v1/poll', { after: cursor, hold: 0, tab: 'a', turn: 1 })).toBe(200);
    expect(await post('/v1/typing', {})).toBe(204);
    expect(await post('/v1/messages/2', { text: 'b' }, 'PATCH')).toBe(200);
    expect(await post('/v1/messages/2/reactions/%F0%9F%91%8D', {}, 'PUT')).toBe(204);
    expect(await post('/v1/messages/2/reactions/%F0%9F%91%8D', {}, 'DELETE')).toBe(204);
    expect(await post('/v1/messages/2', {}, 'DELETE')).toBe(204);
    expect(await post('/v1/join', { nick: 'ada' })).toBe(201);
    expect(await post('/v1/leave', {})).toBe(204);
    expect(await post('/v1/typing', {})).toBe(401);
  });

  test('that is bad is not made good by a cookie beside it', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const Cookie = `encke=${ada.token}`;
    for (const token of ['nonsense', 'a b', '', 'x'.repeat(129)]) {
      const headers = { Cookie, Authorization: `Bearer ${token}` };
      const options = { headers, body: { id: 'a', text: 'a' } };
      const answer = await room.call('POST', '/v1/messages', options);
      expect([token, codeOf(answer)]).toEqual([token, 'NO_SESSION']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      // Whoever may read without a session is a spectator with it.
      const { status, body } = await room.call('GET', '/v1/room', { headers });
      expect([status, Object.keys(body as object).includes('you')]).toEqual([200, false]);
    }
  });

  test('is not what a proxy asks for: a name and a password leave the cookie as it is', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const headers = { Cookie: `encke=${ada.token}`, Authorization: 'Basic YTpi' };
    const said = await room.call('POST', '/v1/messages', { headers, body: { id: 'a', text: 'a' } });
    expect(said.status).toBe(201);
  });

  test('is renewed by polls when half of its time is gone; the old one still holds', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    expect(await ada.poll(ada.cursor)).not.toHaveProperty('token');
    room.clock.setForward(12.5 * 60 * 60 * 1000);
    const answer = await ada.tryPoll(ada.cursor);
    const { token = '' } = answer.body;
    expect(cookieOf(answer)).toStartWith(`encke=${token}; HttpOnly`);
    const after = `/v1/poll?after=${ada.cursor}&hold=0`;
    expect((await room.call('GET', after, { token })).body).not.toHaveProperty('token');
    expect((await ada.poll(ada.cursor)).token).toBeDefined();
    room.clock.setForward(12 * 60 * 60 * 1000);
    expect(codeOf(await ada.tryPoll(ada.cursor))).toBe('NO_SESSION');
    expect((await room.call('GET', after, { token })).status).toBe(200);
  });

  test('outlives a lapse: the member comes back as themselves', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    room.clock.leap(60_000);
    await room.until(async () => (await room.snapshot()).live.online === 0);
    expect(codeOf(await ada.tryPoll(ada.cursor))).toBe('NO_SESSION');
    const back = await ada.call<{ you: unknown }>('POST', '/v1/join', { body: { nick: 'ada' } });
    expect([back.status, back.body.you]).toEqual([201, ada.you]);
  });

  test.each([
    ['truncated', (token: string) => token.slice(0, -1)],
    ['longer', (token: string) => `${token}A`],
    ['of another member', (token: string) => `AAAAAAAAAAAAAAAA${token.slice(16)}`],
    ['valid for longer', (token: string) => token.replace(/\.\w+\./, '.zzzzzzzzz.')],
    ['signed otherwise', (token: string) => `${token.slice(0, -22)}${'A'.repeat(22)}`],
    ['unsigned', (token: string) => token.slice(0, token.lastIndexOf('.'))],
    ['of another server', forgedElsewhere],
    ['empty', () => ''],
    ['of the wrong kind', () => 'Basic YTpi'],
  ])('that is %s is refused', async (_, change) => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const token = change(ada.token, ada);
    for (const headers of [{ Authorization: `Bearer ${token}` }, { Cookie: `encke=${token}` }]) {
      const options = { headers, body: { id: 'a', text: 'a' } };
      expect(codeOf(await room.call('POST', '/v1/messages', options))).toBe('NO_SESSION');
      const poll = `/v1/poll?after=${ada.cursor}&hold=0`;
      expect(codeOf(await room.call('GET', poll, { headers }))).toBe('NO_SESSION');
      expect((await room.call('GET', '/v1/room', { headers })).body).not.toHaveProperty('you');
    }
    expect(await room.seq()).toBe(1);
  });
});

/** Signed as tokens are, with the key of some other installation. */
function forgedElsewhere(_: string, { you, room }: Guest): string {
  return new Sessions(new Uint8Array(32), () => room.clock.now()).issue(you.id).token;
}

describe('another site', () => {
  const changing: readonly (readonly [string, string, object])[] = [
    ['POST', '/v1/messages', { id: 'a', text: 'a' }],
    ['PATCH', '/v1/messages/2', { text: 'b' }],
    ['DELETE', '/v1/messages/2', {}],
    ['PUT', '/v1/messages/2/reactions/%F0%9F%91%8D', {}],
    ['POST', '/v1/typing', {}],
    ['POST', '/v1/join', { nick: 'bob' }],
    ['POST', '/v1/leave', {}],
  ];

  test.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: '' },
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('can do nothing with the cookie of a visitor: %o', async (headers) => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    await ada.say('hello');
    for (const [method, path, body] of changing) {
      const all = { ...headers, Cookie: `encke=${ada.token}` };
      const answer = await room.call(method, path, { headers: all, body });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(codeOf(answer)).toBe('BAD_ORIGIN');
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await room.seq()).toBe(2);
  });

  test('is told from the own one by host, public address, and what the browser says', async () => {
    await using room = await RoomServer.open({ publicUrl: 'https://chat.example' });
    const ada = await room.join('ada');
    const say = async (headers: Record<string, string>) => {
      const all = { ...headers, Cookie: `encke=${ada.token}` };
      const body = { id: room.newId(), text: 'a' };
      return (await room.call('POST', '/v1/messages', { headers: all, body })).status;
    };
    expect(await say({ Origin: `http://${room.host}` })).toBe(201);
    expect(await say({ Origin: 'https://chat.example', 'Sec-Fetch-Site': 'cross-site' })).toBe(201);
    expect(await say({ 'Sec-Fetch-Site': 'same-origin' })).toBe(201);
    expect(await say({ 'Sec-Fetch-Site': 'none' })).toBe(201);
    expect(await say({})).toBe(201);
    expect(await say({ Origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await say({ Origin: 'https://chat.example.evil.example' })).toBe(403);
  });

  test('with a token of its own may do what its member may', async () => {
    await using room = await RoomServer.open({ embedOrigins: ['https://ok.example'] });
    const ada = await room.join('ada');
    const headers = { Origin: 'https://elsewhere.example' };
    const options = { headers, body: { id: 'a', text: 'a' } };
    expect((await ada.call('POST', '/v1/messages', options)).status).toBe(201);
  });

  test('that is allowed may join, and read the answers; no other may', async () => {
    await using room = await RoomServer.open({ embedOrigins: ['https://ok.example'] });
    const headers = { Origin: 'https://ok.example', 'Content-Type': 'text/plain' };
    const joined = await room.call('POST', '/v1/join', { headers, body: { nick: 'ada' } });
    expect(joined.status).toBe(201);
    const all = [
      joined,
      await room.call('GET', '/v1/room', { headers }),
      await room.call('GET', '/v1/nowhere', { headers }),
      await room.call('PUT', '/v1/room', { headers }),
      await room.call('GET', '/v1/poll?after=x', { headers }),
    ];
    for (const answer of all) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://ok.example');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('vary')).toBe('Origin');
      expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After');
    }
    for (const origin of ['https://ok.example.evil.example', 'http://ok.example', 'null', '*']) {
      const other = await room.call('GET', '/v1/room', { headers: { Origin: origin } });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('asks beforehand and is told what it may do, if it is allowed', async () => {
    await using room = await RoomServer.open({ embedOrigins: ['https://ok.example'] });
    const ask = async (origin: string, path: string) =>
      await room.call('OPTIONS', path, {
        headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
      });
    for (const path of ['/v1/messages', '/v1/messages/1', '/v1/poll']) {
      const { status, headers } = await ask('https://ok.example', path);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('https://ok.example');
      expect(headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type');
      const other = await ask('https://evil.example', path);
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
      expect(other.headers.get('access-control-allow-methods')).toBeNull();
    }
  });
});

describe('a room with a passcode', () => {
  const passcode = 'open sesame';

  test('lets in who knows it, and shows nothing to anybody else', async () => {
    await using room = await RoomServer.open({ passcode });
    for (const body of [{ nick: 'ada' }, { nick: 'ada', passcode: 'Open Sesame' }]) {
      const refused = await room.call('POST', '/v1/join', { body });
      expect([refused.status, codeOf(refused)]).toEqual([403, 'WRONG_PASSCODE']);
    }
    const ada = await room.join('ada', { passcode });
    await ada.say('between us');
    for (const path of ['/v1/room', '/v1/messages', '/v1/messages?after=0', '/v1/members']) {
      const answer = await room.call('GET', path);
      expect([path, codeOf(answer)]).toEqual([path, 'NO_SESSION']);
      expect(answer.text).not.toContain('between us');
      expect((await ada.call('GET', path)).status).toBe(200);
    }
  });

  test('is closed again to who has left', async () => {
    await using room = await RoomServer.open({ passcode });
    const ada = await room.join('ada', { passcode });
    await ada.call('POST', '/v1/leave');
    expect(codeOf(await ada.call('GET', '/v1/room'))).toBe('NO_SESSION');
    expect(codeOf(await ada.tryPoll(ada.cursor))).toBe('FORBIDDEN');
  });

  test('is not opened by guessing fast', async () => {
    await using room = await RoomServer.open({ passcode });
    const codes: string[] = [];
    for (let nr = 0; nr < 12; nr++) {
      const body = { nick: 'ada', passcode: `guess ${nr}` };
      codes.push(codeOf(await room.call('POST', '/v1/join', { body })));
    }
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'WRONG_PASSCODE'));
    expect(codes.slice(10)).toEqual(['TOO_FAST', 'TOO_FAST']);
  });
});
