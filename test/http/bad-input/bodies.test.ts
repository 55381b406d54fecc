/** What a body may be made of: types, names, depth, numbers, bytes. */
import { badInput, type Row } from './case.ts';
import { by, get, join, post } from './request.ts';

const message = (more: string): string => `{"id":"a","text":"a"${more}}`;
/** A message with something more in it, written as it stands. */
const with_ = (more: string) => post('/v1/messages', message(`,${more}`));
const said = (body: string | Uint8Array) => post('/v1/messages', body);
const polled = (more: string) =>
  post('/v1/poll', (at: { cursor: string }) => `{"after":"${at.cursor}","hold":0,${more}}`);

const types: readonly Row[] = [
  ['null', said('null'), '400 BAD_REQUEST'],
  ['a list', said('[]'), '400 BAD_REQUEST'],
  ['a list of messages', said(`[${message('')}]`), '400 BAD_REQUEST'],
  ['a text', said('"id"'), '400 BAD_REQUEST'],
  ['a number', said('1'), '400 BAD_REQUEST'],
  ['true', said('true'), '400 BAD_REQUEST'],
  ['nothing', said(''), '400 BAD_REQUEST'],
  ['an unknown member', with_('"colour":"red"'), '400 BAD_REQUEST'],
  ['a member without name', with_('"":1'), '400 BAD_REQUEST'],
  ['a seq of its own', with_('"seq":1'), '400 BAD_REQUEST'],
  ['another author', with_('"by":{"nick":"kim"}'), '400 BAD_REQUEST'],
  ['a prototype', with_('"__proto__":{"role":"keeper"}'), '400 BAD_REQUEST'],
  ['a prototype alone', said('{"__proto__":{"id":"a","text":"a"}}'), '400 BAD_REQUEST'],
  ['a prototype, escaped', with_('"\\u005f_proto__":{}'), '400 BAD_REQUEST'],
  ['a constructor', with_('"constructor":{"prototype":{}}'), '400 BAD_REQUEST'],
  ['hasOwnProperty', with_('"hasOwnProperty":1'), '400 BAD_REQUEST'],
  ['toString', with_('"toString":1'), '400 BAD_REQUEST'],
  ['toJSON', with_('"toJSON":1'), '400 BAD_REQUEST'],
  ['then', with_('"then":1'), '400 BAD_REQUEST'],
  ['an id that is missing', said('{"text":"a"}'), '400 BAD_REQUEST'],
  ['an id that is a number', said('{"id":1,"text":"a"}'), '400 BAD_REQUEST'],
  ['an id that is empty', said('{"id":"","text":"a"}'), '400 BAD_REQUEST'],
  ['an id that is a list', said('{"id":["a"],"text":"a"}'), '400 BAD_REQUEST'],
  ['an id on two lines', said('{"id":"a\\n","text":"a"}'), '400 BAD_REQUEST'],
  ['an id of other letters', said('{"id":"é","text":"a"}'), '400 BAD_REQUEST'],
  ['a text that is missing', said('{"id":"a"}'), '400 BAD_REQUEST'],
  ['a text that is null', said('{"id":"a","text":null}'), '400 BAD_REQUEST'],
  ['a text that is a list', said('{"id":"a","text":["a"]}'), '400 BAD_REQUEST'],
  ['a text that is an object', said('{"id":"a","text":{"toString":"a"}}'), '400 BAD_REQUEST'],
  ['a text twice, the last a list', said('{"id":"a","text":"a","text":[]}'), '400 BAD_REQUEST'],
  ['a nick that is a number', post('/v1/join', '{"nick":1}'), '400 BAD_REQUEST'],
  ['a nick that is a list', post('/v1/join', '{"nick":["x"]}'), '400 BAD_REQUEST'],
  ['a role with a nick', join('x', { role: 'keeper' }), '400 BAD_REQUEST'],
  ['a joining id that is short', join('x', { id: 'short' }), '400 BAD_REQUEST'],
  ['a passcode that is a number', join('x', { passcode: 1 }), '400 BAD_REQUEST'],
  ['an edit without a text', by('PATCH', '/v1/messages/4', '{}'), '400 BAD_REQUEST'],
  ['an edit with an id', by('PATCH', '/v1/messages/4', '{"text":"a","id":"a"}'), '400 BAD_REQUEST'],
  [
    'a reaction with a body',
    by('PUT', '/v1/messages/4/reactions/👍', '{"on":1}'),
    '400 BAD_REQUEST',
  ],
  ['typing in a tab', post('/v1/typing', '{"tab":"a"}'), '400 BAD_REQUEST'],
  ['leaving a tab that is a number', post('/v1/leave', '{"tab":1}'), '400 BAD_REQUEST'],
  ['leaving a tab with a blank', post('/v1/leave', '{"tab":"a b"}'), '400 BAD_REQUEST'],
  ['a poll without a cursor', post('/v1/poll', '{}'), '400 BAD_REQUEST'],
  ['a poll after a number', post('/v1/poll', '{"after":1}'), '400 BAD_REQUEST'],
  ['a poll in an empty tab', polled('"tab":""'), '400 BAD_REQUEST'],
  ['a poll in a tab on two lines', polled('"tab":"a\\n"'), '400 BAD_REQUEST'],
  // Names that every object has are good names for a tab and an id: they are keys of maps.
  ['a poll in a tab named like a prototype', polled('"tab":"__proto__"'), '200'],
  ['an id named like a prototype', said('{"id":"__proto__","text":"a"}'), '201', ['message a']],
  ['an id named like a constructor', said('{"id":"constructor","text":"a"}'), '201', ['message a']],
  ['a nick named like a prototype', join('__proto__'), '201', ['join __proto__']],
  ['a nick named like a constructor', join('constructor'), '201', ['join constructor']],
  ['a parameter named like a prototype', get('/v1/members?__proto__=1'), '400 BAD_REQUEST'],
  ['a parameter named like a constructor', get('/v1/members?constructor=1'), '400 BAD_REQUEST'],
];

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const replyTo = (number: string) => with_(`"replyTo":${number}`);
const query = (rest: string) => get((at) => `/v1/poll?after=${at.cursor}&${rest}`);

const numbers: readonly Row[] = [
  ['five levels', with_(`"x":${nested(5)}`), '400 BAD_REQUEST: nested deeper'],
  ['10,000 levels', with_(`"x":${nested(10_000)}`), '400 BAD_REQUEST: nested deeper'],
  ['10,000 levels, not closed', said('['.repeat(10_000)), '400 BAD_REQUEST: nested deeper'],
  ['20,000 levels of closing', said(']'.repeat(20_000)), '400 BAD_REQUEST'],
  ['5,000 levels of objects', said('{"id":'.repeat(5_000)), '400 BAD_REQUEST: nested deeper'],
  [
    'levels behind an escaped quote',
    said(`{"id":"\\\\","x":${nested(9_000)}}`),
    '400 BAD_REQUEST: nested deeper',
  ],
  [
    'levels where a token should be',
    post('/v1/typing', `{"token":${nested(9_000)}}`),
    '400 BAD_REQUEST: nested deeper',
  ],
  ['replyTo 0', replyTo('0'), '400 BAD_REQUEST'],
  ['replyTo -0', replyTo('-0'), '400 BAD_REQUEST'],
  ['replyTo -1', replyTo('-1'), '400 BAD_REQUEST'],
  ['replyTo 1.5', replyTo('1.5'), '400 BAD_REQUEST'],
  ['replyTo 2^53', replyTo('9007199254740992'), '400 BAD_REQUEST'],
  ['replyTo 1e308', replyTo('1e308'), '400 BAD_REQUEST'],
  ['replyTo 1e999', replyTo('1e999'), '400 BAD_REQUEST'],
  ['replyTo 1e-999', replyTo('1e-999'), '400 BAD_REQUEST'],
  ['replyTo as a text', replyTo('"4"'), '400 BAD_REQUEST'],
  ['replyTo true', replyTo('true'), '400 BAD_REQUEST'],
  ['replyTo null', replyTo('null'), '400 BAD_REQUEST'],
  ['replyTo NaN', replyTo('NaN'), '400 BAD_REQUEST'],
  ['replyTo 0x4', replyTo('0x4'), '400 BAD_REQUEST'],
  ['replyTo 04', replyTo('04'), '400 BAD_REQUEST'],
  ['replyTo of 10,000 digits', replyTo('1'.repeat(10_000)), '400 BAD_REQUEST'],
  ['replyTo a join', replyTo('1'), '404 NOT_FOUND'],
  ['replyTo what is to come', replyTo('4503599627370496'), '404 NOT_FOUND'],
  ['a hold of -1', query('hold=-1'), '400 BAD_REQUEST'],
  ['a hold of half a second', query('hold=0.5'), '400 BAD_REQUEST'],
  ['a hold with an exponent', query('hold=1e9'), '400 BAD_REQUEST'],
  ['a hold of NaN', query('hold=NaN'), '400 BAD_REQUEST'],
  ['a hold without end', query('hold=Infinity'), '400 BAD_REQUEST'],
  ['a hold with a leading zero', query('hold=007'), '400 BAD_REQUEST'],
  ['a hold with a plus', query('hold=%2B1'), '400 BAD_REQUEST'],
  ['a hold of Arabic digits', query('hold=%D9%A1'), '400 BAD_REQUEST'],
  ['a hold of nothing', query('hold='), '400 BAD_REQUEST'],
  ['a hold of 16 digits', query('hold=1000000000000000'), '400 BAD_REQUEST'],
  ['a hold of 30,000 years', query('hold=999999999999999'), 'held'],
  ['a turn of -0', query('hold=0&turn=-0'), '400 BAD_REQUEST'],
  ['a turn of 2^53', polled('"turn":9007199254740992'), '400 BAD_REQUEST'],
  ['a turn of 1.5', polled('"turn":1.5'), '400 BAD_REQUEST'],
  ['a turn as a text', polled('"turn":"1"'), '400 BAD_REQUEST'],
  ['a turn of -0, which is 0', polled('"turn":-0'), '200'],
  ['a turn of 1e3, which is 1,000', polled('"turn":1e3'), '200'],
  ['a limit with an exponent', get('/v1/messages?limit=1e1'), '400 BAD_REQUEST'],
  ['a limit that is no number', get('/v1/messages?limit=ten'), '400 BAD_REQUEST'],
  ['a page before -1', get('/v1/messages?before=-1'), '400 BAD_REQUEST'],
  ['a page before 2^53', get('/v1/messages?before=9007199254740992'), '400 BAD_REQUEST'],
  ['a page before 10^15 - 1', get('/v1/messages?before=999999999999999'), '200'],
  ['a page after 10^15 - 1', get('/v1/messages?after=999999999999999'), '200'],
  ['a page around 0', get('/v1/messages?around=0'), '200'],
];

/** A message with these bytes in its text. */
const bytes = (hex: string) => {
  const odd = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return said(Buffer.concat([Buffer.from('{"id":"a","text":"'), odd, Buffer.from('"}')]));
};
const prefix = (encoded: string) => get(`/v1/members?prefix=${encoded}`);

const encodings: readonly Row[] = [
  ['no JSON', said('{"id":'), '400 BAD_REQUEST'],
  ['a comma too many', said(message(',')), '400 BAD_REQUEST'],
  ['something behind it', said(`${message('')}{}`), '400 BAD_REQUEST'],
  ['a comment', said(`${message('')}// a`), '400 BAD_REQUEST'],
  ['single quotes', said(message('').replaceAll('"', "'")), '400 BAD_REQUEST'],
  ['a line break in a text', said('{"id":"a","text":"a\nb"}'), '400 BAD_REQUEST'],
  ['a tab in a text', said('{"id":"a","text":"a\tb"}'), '400 BAD_REQUEST'],
  ['an escape that is none', said('{"id":"a","text":"\\x41"}'), '400 BAD_REQUEST'],
  ['a NUL behind it', said(`${message('')}\0`), '400 BAD_REQUEST'],
  ['a byte order mark', said(`\ufeff${message('')}`), '400 BAD_REQUEST'],
  ['UTF-16', said(Buffer.from(message(''), 'utf16le')), '400 BAD_REQUEST'],
  [
    'UTF-16 with its mark',
    said(Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(message(''), 'utf16le')])),
    '400 BAD_REQUEST',
  ],
  ['Latin-1', bytes('e9'), '400 BAD_REQUEST'],
  ['the byte FF', bytes('ff'), '400 BAD_REQUEST'],
  ['a continuation without a beginning', bytes('80'), '400 BAD_REQUEST'],
  ['a character that is cut off', bytes('f0 9f 91'), '400 BAD_REQUEST'],
  ['a stroke in two bytes', bytes('c0 af'), '400 BAD_REQUEST'],
  ['a NUL in two bytes', bytes('c0 80'), '400 BAD_REQUEST'],
  ['a stroke in three bytes', bytes('e0 80 af'), '400 BAD_REQUEST'],
  ['half a surrogate pair', bytes('ed a0 80'), '400 BAD_REQUEST'],
  ['a surrogate pair in six bytes', bytes('ed a0 bd ed b1 8d'), '400 BAD_REQUEST'],
  ['a character beyond Unicode', bytes('f4 90 80 80'), '400 BAD_REQUEST'],
  ['a character of five bytes', bytes('f8 88 80 80 80'), '400 BAD_REQUEST'],
  ['a lone high surrogate, escaped', said('{"id":"a","text":"a\\ud800"}'), '400 BAD_TEXT'],
  ['a lone low surrogate, escaped', said('{"id":"a","text":"\\udc00a"}'), '400 BAD_TEXT'],
  ['surrogates the wrong way round', said('{"id":"a","text":"\\udc4d\\ud83d"}'), '400 BAD_TEXT'],
  ['a lone surrogate in a nick', post('/v1/join', '{"nick":"x\\ud800"}'), '400 BAD_NICK'],
  ['a lone surrogate in an id', said('{"id":"\\ud800","text":"a"}'), '400 BAD_REQUEST'],
  ['a lone surrogate as a name', said(message(',"\\ud800":1')), '400 BAD_REQUEST'],
  ['a lone surrogate in a command', said('{"id":"a","text":"/topic \\ud800"}'), '400 BAD_TEXT'],
  [
    'a lone surrogate in the name of a command',
    said('{"id":"a","text":"/\\ud800"}'),
    '400 BAD_TEXT',
  ],
  [
    'a lone surrogate in a nick to be kicked',
    said('{"id":"a","text":"/kick \\ud800"}'),
    '403 FORBIDDEN',
  ],
  [
    'a lone surrogate in an edit',
    by('PATCH', (at) => `/v1/messages/${at.mine}`, '{"text":"\\ud800"}'),
    '400 BAD_TEXT',
  ],
  ['a lone surrogate in a cursor', post('/v1/poll', '{"after":"\\ud800"}'), '400 BAD_CURSOR'],
  ['half an escape in the query', prefix('%'), '400 BAD_REQUEST'],
  ['a broken escape in the query', prefix('%zz'), '400 BAD_REQUEST'],
  ['the byte FF in the query', prefix('%ff'), '400 BAD_REQUEST'],
  ['the byte FF in the query, as it is', prefix('\xff'), '400 BAD_REQUEST'],
  ['a stroke in two bytes in the query', prefix('%c0%af'), '400 BAD_REQUEST'],
  ['half a surrogate pair in the query', prefix('%ed%a0%80'), '400 BAD_REQUEST'],
  ['an escape of the kind that browsers had', prefix('%u0041'), '400 BAD_REQUEST'],
  ['a NUL in the query', prefix('%00'), '200'],
];

badInput('types and prototype names:', types);
badInput('depth and numbers:', numbers);
badInput('encodings:', encodings);
