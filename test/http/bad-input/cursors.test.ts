/** Cursors that no reply ever carried: malformed, forged, of other rooms and times. */
import { parseCursor, type Cursor, formatCursor } from '../../../src/protocol/cursor.ts';
import type { Epoch, Hash, Seq } from '../../../src/protocol/entries.ts';
import { badInput, type Row } from './case.ts';
import { get, post } from './request.ts';
import type { Scene } from './scene.ts';

type Change = (parts: [epoch: string, seq: string, hash: string, live: string]) => string;

/** A poll after a cursor that was changed as text. It asks to be held, and must not be. */
const changed = (change: Change) =>
  post('/v1/poll', (at: Scene) => {
    return { after: change(at.cursor.split('.') as Parameters<Change>[0]), hold: 25 };
  });
const after = (cursor: string) => changed(() => cursor);

const syntax: readonly Row[] = [
  ['nothing', after(''), '400 BAD_CURSOR'],
  ['a point', after('.'), '400 BAD_CURSOR'],
  ['three points', after('...'), '400 BAD_CURSOR'],
  ['a seq', after('1'), '400 BAD_CURSOR'],
  ['-1', after('-1'), '400 BAD_CURSOR'],
  ['null', after('null'), '400 BAD_CURSOR'],
  ['the name of a prototype', after('__proto__'), '400 BAD_CURSOR'],
  ['JSON', after('{"seq":1}'), '400 BAD_CURSOR'],
  ['a star', after('*'), '400 BAD_CURSOR'],
  ['256 characters', after('a'.repeat(256)), '400 BAD_CURSOR'],
  ['256 points', after('.'.repeat(256)), '400 BAD_CURSOR'],
  ['an epoch alone', changed(([epoch]) => epoch), '400 BAD_CURSOR'],
  ['no live version', changed(([e, s, h]) => `${e}.${s}.${h}`), '400 BAD_CURSOR'],
  ['an empty live version', changed(([e, s, h]) => `${e}.${s}.${h}.`), '400 BAD_CURSOR'],
  ['a part too many', changed((parts) => `${parts.join('.')}.0`), '400 BAD_CURSOR'],
  ['a blank before', changed((parts) => ` ${parts.join('.')}`), '400 BAD_CURSOR'],
  ['a line break behind', changed((parts) => `${parts.join('.')}\n`), '400 BAD_CURSOR'],
  ['a NUL behind', changed((parts) => `${parts.join('.')}\0`), '400 BAD_CURSOR'],
  ['quotes around', changed((parts) => `"${parts.join('.')}"`), '400 BAD_CURSOR'],
  ['two cursors', changed((parts) => `${parts.join('.')},${parts.join('.')}`), '400 BAD_CURSOR'],
  ['a leading zero', changed(([e, s, h, l]) => `${e}.0${s}.${h}.${l}`), '400 BAD_CURSOR'],
  [
    'a leading zero of the live version',
    changed(([e, s, h, l]) => `${e}.${s}.${h}.0${l}`),
    '400 BAD_CURSOR',
  ],
  ['a sign', changed(([e, s, h, l]) => `${e}.+${s}.${h}.${l}`), '400 BAD_CURSOR'],
  ['a seq below 0', changed(([e, s, h, l]) => `${e}.-${s}.${h}.${l}`), '400 BAD_CURSOR'],
  ['a seq in large letters', changed(([e, , h, l]) => `${e}.A.${h}.${l}`), '400 BAD_CURSOR'],
  [
    'a seq beyond whole numbers',
    changed(([e, , h, l]) => `${e}.zzzzzzzzzzz.${h}.${l}`),
    '400 BAD_CURSOR',
  ],
  [
    'a live version beyond them',
    changed(([e, s, h]) => `${e}.${s}.${h}.zzzzzzzzzzz`),
    '400 BAD_CURSOR',
  ],
  ['a seq of Arabic digits', changed(([e, , h, l]) => `${e}.٣.${h}.${l}`), '400 BAD_CURSOR'],
  [
    'an epoch one shorter',
    changed(([e, ...rest]) => [e.slice(1), ...rest].join('.')),
    '400 BAD_CURSOR',
  ],
  [
    'an epoch one longer',
    changed(([e, ...rest]) => [`${e}A`, ...rest].join('.')),
    '400 BAD_CURSOR',
  ],
  [
    'an epoch with an é',
    changed(([e, ...rest]) => [`${e.slice(1)}é`, ...rest].join('.')),
    '400 BAD_CURSOR',
  ],
  ['a hash one longer', changed(([e, s, h, l]) => `${e}.${s}.${h}A.${l}`), '400 BAD_CURSOR'],
  [
    'a hash with a plus',
    changed(([e, s, h, l]) => `${e}.${s}.${h.slice(1)}+.${l}`),
    '400 BAD_CURSOR',
  ],
  [
    'a hash with a stroke',
    changed(([e, s, h, l]) => `${e}.${s}.${h.slice(1)}/.${l}`),
    '400 BAD_CURSOR',
  ],
  [
    'a cursor twice',
    get((at) => `/v1/poll?after=${at.cursor}&after=${at.cursor}`),
    '400 BAD_REQUEST',
  ],
  [
    'a list of cursors',
    post('/v1/poll', (at: Scene) => ({ after: [at.cursor] })),
    '400 BAD_REQUEST',
  ],
  ['a cursor that is an object', post('/v1/poll', { after: { seq: 1 } }), '400 BAD_REQUEST'],
];

/** A poll after a cursor with other parts, as `formatCursor` would write it. */
const forged = (parts: (cursor: Cursor) => Partial<Cursor>) =>
  post('/v1/poll', (at: Scene) => {
    const cursor = parseCursor(at.cursor);
    if (cursor === null) throw new Error(`"${at.cursor}" is no cursor`);
    return { after: formatCursor({ ...cursor, ...parts(cursor) }), hold: 25 };
  });

const forgery: readonly Row[] = [
  ['another epoch', forged(() => ({ epoch: 'AAAAAAAAAAA' as Epoch })), '410 GONE'],
  ['another hash', forged(() => ({ hash: 'AAAAAAAA' as Hash })), '410 GONE'],
  ['the next seq', forged(({ seq }) => ({ seq: (seq + 1) as Seq })), '410 GONE'],
  ['the seq before', forged(({ seq }) => ({ seq: (seq - 1) as Seq })), '410 GONE'],
  ['the first seq', forged(() => ({ seq: 1 as Seq })), '410 GONE'],
  ['seq 0', forged(() => ({ seq: 0 as Seq })), '410 GONE'],
  ['seq 2^52', forged(() => ({ seq: (2 ** 52) as Seq })), '410 GONE'],
  ['seq 2^53 - 1', forged(() => ({ seq: Number.MAX_SAFE_INTEGER as Seq })), '410 GONE'],
  ['a live version to come', forged(() => ({ live: 1_000_000 })), 'held'],
  [
    'a live version that is past',
    async (at) => {
      await at.mallory.call('POST', '/v1/typing', { body: {} });
      return forged(() => ({ live: 0 }))(at);
    },
    '200',
  ],
  [
    'a hash in which letters are swapped',
    forged(({ hash }) => ({ hash: hash.split('').reverse().join('') as Hash })),
    '410 GONE',
  ],
  [
    'an epoch in large letters',
    forged(({ epoch }) => ({ epoch: epoch.replace(/[a-z]/g, 'A') as Epoch })),
    '410 GONE',
  ],
  [
    'one that Mallory’s token does not cover',
    get((at) => `/v1/poll?after=${at.cursor}`, 'Authorization: Bearer x'),
    '401 NO_SESSION',
  ],
  [
    'one that nobody sends',
    get((at) => `/v1/poll?after=${at.cursor}`, 'Authorization:'),
    '401 NO_SESSION',
  ],
  ['one as a place in history', get((at) => `/v1/messages?after=${at.cursor}`), '400 BAD_REQUEST'],
];

badInput('cursor syntax:', syntax);
badInput('cursor forgery:', forgery);
