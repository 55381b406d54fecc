/** What headers claim: addresses, sessions, origins, types. None of it is believed unproven. */
import { Sessions } from '../../../src/web/session.ts';
import { badInput, type Attempt, type Row } from './case.ts';
import { by, get, join, post, type Text } from './request.ts';
import type { Scene } from './scene.ts';

const typing = (...headers: readonly Text[]) => post('/v1/typing', {}, ...headers);
const bearer =
  (token: Text): Text =>
  (at) =>
    `Authorization: Bearer ${of(token, at)}`;
const cookie =
  (value: Text): Text =>
  (at) =>
    `Cookie: ${of(value, at)}`;
const own = (at: Scene): string => at.mallory.token;

function of(text: Text, scene: Scene): string {
  return typeof text === 'function' ? text(scene) : text;
}

/**
 * A guess at the keepers' code, after all guesses of one address were used up: refused as one more
 * of these, or looked at as the first of another address.
 */
function guess(...headers: readonly string[]): Attempt {
  const guessed = (...more: readonly string[]) =>
    post('/v1/messages', { id: 'guess', text: '/keeper 12345678' }, ...more);
  return async (scene) => {
    const exhaust = guessed('X-Forwarded-For: 192.0.2.1')(scene);
    while ((await scene.send(exhaust, '429 TOO_FAST')) !== '429 TOO_FAST');
    return guessed(...headers)(scene);
  };
}

const addressed = (outcome: 'same' | 'other', ...values: readonly string[]): Row => [
  `"${values.join('" and "')}" is ${outcome === 'same' ? 'the address that guessed' : 'another'}`,
  guess(...values.map((value) => `X-Forwarded-For: ${value}`)),
  outcome === 'same' ? '429 TOO_FAST' : '403 FORBIDDEN',
];

/** The peer is a trusted proxy. */
const forwarded: readonly Row[] = [
  addressed('same', '192.0.2.1'),
  addressed('same', '198.51.100.1, 192.0.2.1'),
  addressed('same', '198.51.100.1', '192.0.2.1'),
  addressed('same', '198.51.100.1, 192.0.2.1, 127.0.0.1'),
  addressed('same', '198.51.100.1, 192.0.2.1, 10.0.0.9, 10.1.2.3'),
  addressed('same', '127.0.0.1, 192.0.2.1'),
  addressed('same', '192.0.2.1:4711'),
  addressed('same', '::ffff:192.0.2.1'),
  addressed('same', '[::ffff:c000:201]:80'),
  addressed('same', `${'198.51.100.1, '.repeat(500)}192.0.2.1`),
  addressed('other', '192.0.2.1, 198.51.100.2'),
  addressed('other', '192.0.2.1', '198.51.100.3'),
  addressed('other', '192.0.2.1, unknown'),
  addressed('other', '192.0.2.1, 999.1.1.1'),
  addressed('other', '192.0.2.1,'),
  addressed('other', '192.0.2.1, \x80\xff'),
  addressed('other', '192.0.2.1, <script>'),
  addressed('other', '0300.0.2.1'),
];

/** The peer is nobody, and all of it is made up. */
const unproven: readonly Row[] = [
  ['a forwarded address', guess('X-Forwarded-For: 198.51.100.1'), '429 TOO_FAST'],
  ['a chain of them', guess('X-Forwarded-For: 198.51.100.1, 127.0.0.1'), '429 TOO_FAST'],
  ['the standard header', guess('Forwarded: for=198.51.100.1;proto=https'), '429 TOO_FAST'],
  [
    'other names for it',
    guess(
      'X-Real-IP: 198.51.100.1',
      'True-Client-IP: 198.51.100.1',
      'CF-Connecting-IP: 198.51.100.1',
      'X-Client-IP: 198.51.100.1',
    ),
    '429 TOO_FAST',
  ],
  [
    'the host of the page that asks',
    join('x', {}, 'Origin: https://evil.example', 'X-Forwarded-Host: evil.example'),
    '403 BAD_ORIGIN',
  ],
  [
    'the host that the proxy names',
    typing(
      'Authorization:',
      cookie((at) => `encke=${own(at)}`),
      'Origin: https://evil.example',
      'X-Forwarded-Host: evil.example',
      'Forwarded: host=evil.example',
    ),
    '403 BAD_ORIGIN',
  ],
  [
    'another target',
    get('/nowhere', 'X-Original-URL: /version', 'X-Rewrite-URL: /version'),
    '404 NOT_FOUND',
  ],
];

/** A token with another member, time or signature in it. */
function forged(change: (parts: [string, string, string], at: Scene) => readonly string[]): Text {
  return bearer((at) => change(own(at).split('.') as [string, string, string], at).join('.'));
}

/** A token that is right in itself and was signed for, or by, somebody else. */
function signed(by: 'zeros' | 'nobody'): Text {
  return bearer((at) => {
    const sessions = new Sessions(new Uint8Array(32), () => at.room.clock.now());
    return sessions.issue(by === 'zeros' ? at.kim.you.id : ('A'.repeat(16) as never)).token;
  });
}

const tokens: readonly Row[] = [
  ['no token', typing('Authorization:'), '401 NO_SESSION'],
  ['a token of nothing', typing('Authorization: Bearer '), '401 NO_SESSION'],
  ['half a token', typing(bearer((at) => own(at).slice(0, 30))), '401 NO_SESSION'],
  [
    'a token without its last letter',
    typing(bearer((at) => own(at).slice(0, -1))),
    '401 NO_SESSION',
  ],
  ['a token and a letter more', typing(bearer((at) => `${own(at)}A`)), '401 NO_SESSION'],
  [
    'a token with another member',
    typing(forged(([, expires, mac], at) => [at.kim.you.id, expires, mac])),
    '401 NO_SESSION',
  ],
  [
    'a token with a later end',
    typing(forged(([id, , mac]) => [id, 'zzzzzzzz', mac])),
    '401 NO_SESSION',
  ],
  [
    'a token that never ends',
    typing(forged(([id, , mac]) => [id, 'zzzzzzzzzzz', mac])),
    '401 NO_SESSION',
  ],
  ['a token in large letters', typing(bearer((at) => own(at).toUpperCase())), '401 NO_SESSION'],
  [
    'a token without signature',
    typing(forged(([id, expires]) => [id, expires, ''])),
    '401 NO_SESSION',
  ],
  ['a token signed with zeros', typing(signed('zeros')), '401 NO_SESSION'],
  ['a token of nobody', typing(signed('nobody')), '401 NO_SESSION'],
  [
    'a JSON web token without algorithm',
    typing(bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.')),
    '401 NO_SESSION',
  ],
  ['the name of a prototype', typing(bearer('__proto__')), '401 NO_SESSION'],
  ['a token with a NUL', typing(bearer((at) => `${own(at)}\x00`)), '400 BAD_REQUEST'],
  [
    'a token with a byte that is no ASCII',
    typing(bearer((at) => `${own(at)}\xff`)),
    '401 NO_SESSION',
  ],
  ['another scheme', typing((at) => `Authorization: Basic ${own(at)}`), '401 NO_SESSION'],
  [
    'two tokens',
    typing(
      bearer(own),
      bearer((at) => at.kim.token),
    ),
    '401 NO_SESSION',
  ],
  ['two tokens in one', typing(bearer((at) => `${own(at)}, ${at.kim.token}`)), '401 NO_SESSION'],
  [
    'a token in the query',
    post((at) => `/v1/typing?token=${own(at)}`, {}, 'Authorization:'),
    '400 BAD_REQUEST',
  ],
  [
    'a bad token and a good cookie',
    typing(
      bearer('x'),
      cookie((at) => `encke=${own(at)}`),
    ),
    '401 NO_SESSION',
  ],
  [
    'a bad token in the body and a good cookie',
    post(
      '/v1/typing',
      { token: 'x' },
      'Authorization:',
      cookie((at) => `encke=${own(at)}`),
    ),
    '401 NO_SESSION',
  ],
  [
    'a token that is a list',
    post('/v1/typing', (at: Scene) => ({ token: [own(at)] }), 'Authorization:'),
    '400 BAD_REQUEST',
  ],
  [
    'a cookie of junk',
    typing('Authorization:', 'Cookie: ;;;=;encke;encke=;=a; a=b=c;\x80\xff'),
    '401 NO_SESSION',
  ],
  [
    'a cookie of another name',
    typing(
      'Authorization:',
      cookie((at) => `Encke=${own(at)}; xencke=${own(at)}`),
    ),
    '401 NO_SESSION',
  ],
  [
    'a cookie in quotes',
    typing(
      'Authorization:',
      cookie((at) => `encke="${own(at)}"`),
    ),
    '401 NO_SESSION',
  ],
  [
    'a bad cookie before a good one',
    typing(
      'Authorization:',
      cookie((at) => `encke=x; encke=${own(at)}`),
    ),
    '401 NO_SESSION',
  ],
  [
    'a bad cookie before a good one, in two headers',
    typing(
      'Authorization:',
      cookie('encke=x'),
      cookie((at) => `encke=${own(at)}`),
    ),
    '401 NO_SESSION',
  ],
  ['a token that has expired', typing(bearer((at) => at.expired)), '401 NO_SESSION'],
];

const cookied = (...headers: readonly Text[]) =>
  typing(
    'Authorization:',
    cookie((at) => `encke=${own(at)}`),
    ...headers,
  );
const typed = (type: string, body: string | Uint8Array = '{"id":"a","text":"a"}') =>
  post('/v1/messages', body, type === '' ? 'Content-Type:' : `Content-Type: ${type}`);

const origins: readonly Row[] = [
  ['another site', cookied('Origin: https://evil.example'), '403 BAD_ORIGIN'],
  ['no site, by name', cookied('Origin: null'), '403 BAD_ORIGIN'],
  [
    'two sites, one of them ours',
    cookied('Origin: http://a', 'Origin: https://evil.example'),
    '403 BAD_ORIGIN',
  ],
  ['two sites in one', cookied('Origin: https://evil.example, http://a'), '403 BAD_ORIGIN'],
  ['a site that begins like ours', cookied('Origin: http://a.evil.example'), '403 BAD_ORIGIN'],
  ['a site that ends like ours', cookied('Origin: http://evil-a'), '403 BAD_ORIGIN'],
  ['our host at another port', cookied('Origin: http://a:81'), '403 BAD_ORIGIN'],
  ['our host as a name', cookied('Origin: http://a@evil.example'), '403 BAD_ORIGIN'],
  ['our host without a scheme', cookied('Origin: a'), '403 BAD_ORIGIN'],
  ['no host, and no site', cookied('Host: ', 'Origin: http://'), '403 BAD_ORIGIN'],
  ['an allowed site with a cookie', cookied('Origin: https://ok.example'), '403 BAD_ORIGIN'],
  [
    'a site that says that it is ours',
    cookied('Origin: https://evil.example', 'Sec-Fetch-Site: cross-site'),
    '403 BAD_ORIGIN',
  ],
  ['a site beside ours', cookied('Sec-Fetch-Site: same-site'), '403 BAD_ORIGIN'],
  [
    'where from is said twice',
    cookied('Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'),
    '403 BAD_ORIGIN',
  ],
  ['a join from another site', join('x', {}, 'Origin: https://evil.example'), '403 BAD_ORIGIN'],
  [
    'a join from a site that looks allowed',
    join('x', {}, 'Origin: https://ok.example.evil.example'),
    '403 BAD_ORIGIN',
  ],
  [
    'a join from an allowed site in large letters',
    join('x', {}, 'Origin: HTTPS://OK.EXAMPLE'),
    '403 BAD_ORIGIN',
  ],
  [
    'leaving from another site',
    by(
      'POST',
      '/v1/leave',
      '',
      'Authorization:',
      cookie((at) => `encke=${own(at)}`),
      'Origin: https://evil.example',
    ),
    '403 BAD_ORIGIN',
  ],
  ['a form', typed('application/x-www-form-urlencoded'), '415 MEDIA_TYPE'],
  ['a form with files', typed('multipart/form-data; boundary=a'), '415 MEDIA_TYPE'],
  ['almost JSON', typed('application/jsonp'), '415 MEDIA_TYPE'],
  ['almost text', typed('text/plainer'), '415 MEDIA_TYPE'],
  ['a page', typed('text/html'), '415 MEDIA_TYPE'],
  ['no type', typed(''), '415 MEDIA_TYPE'],
  ['two types', typed('text/html, application/json'), '415 MEDIA_TYPE'],
  ['two types, the first right', typed('application/json, text/html'), '415 MEDIA_TYPE'],
  [
    'a type in two headers',
    post('/v1/messages', '{}', 'Content-Type: application/json', 'Content-Type: text/html'),
    '415 MEDIA_TYPE',
  ],
  ['a type with a NUL', typed('application/json\x00'), '400 BAD_REQUEST'],
  [
    'a body that is said to be zipped',
    post('/v1/messages', Bun.gzipSync('{"id":"a","text":"a"}'), 'Content-Encoding: gzip'),
    '400 BAD_REQUEST',
  ],
  [
    'another set of characters',
    typed('application/json; charset=utf-7', '{"id":"a","text":"+AGE-",}'),
    '400 BAD_REQUEST',
  ],
  ['a range', get('/v1/room', 'Range: bytes=0-0'), '200'],
  [
    'conditions',
    get('/v1/room', 'If-None-Match: *', 'If-Modified-Since: never', 'If-Match: "x"'),
    '200',
  ],
  ['encodings of junk', get('/v1/room', 'Accept-Encoding: gzip;q=x, *;q=-1, \x80'), '200'],
  ['trailers and deflation wanted', get('/v1/room', 'TE: trailers, deflate;q=0.5'), '200'],
  ['another language of answers', get('/nowhere', 'Accept: text/html'), '404 NOT_FOUND'],
];

badInput('forwarded headers through a trusted proxy:', forwarded, {
  trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
});
badInput('forwarded headers from nobody in particular:', unproven);
badInput('cookies and tokens:', tokens);
badInput('origins and content types:', origins, { embedOrigins: ['https://ok.example'] });
