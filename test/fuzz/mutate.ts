/** Small, random, repeatable changes to bytes. Bytes are strings of Latin-1, one letter a byte. */

/** A number from 0 up to 1, the same ones for the same seed (mulberry32, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Inputs are kept shorter than this: longer ones are refused before anything is read. */
const bytesMax = 6_000;

/** What the language of requests is made of, and what is known to trouble who reads it. */
const dictionary: readonly string[] = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    ',',
    ';',
    '/',
    '//',
    '?',
    '&',
    '=',
    '#',
  ],
  ...['GET ', 'POST ', 'PATCH ', 'PUT ', 'DELETE ', 'HEAD ', 'OPTIONS ', ' HTTP/1.1', ' HTTP/1.0'],
  ...['/v1/poll', '/v1/join', '/v1/messages', '/v1/room', '/v1/members', '/v1/typing', '/v1/leave'],
  ...['/reactions/', '%F0%9F%91%8D', '%00', '%2e%2e', '%2f', '%ff', '%ed%a0%80', '%', '..', '\\'],
  ...[
    'Content-Length: ',
    'Transfer-Encoding: chunked',
    'Content-Type: ',
    'text/plain',
    'Cookie: encke=',
  ],
  ...[
    'Authorization: Bearer ',
    'Origin: https://evil.example',
    'X-Forwarded-For: ',
    'Expect: 100-continue',
  ],
  ...[
    'Connection: close',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Content-Encoding: gzip',
    'Host: ',
  ],
  ...[
    '{TOKEN}',
    '{CURSOR}',
    '{MINE}',
    '{HERS}',
    '{NEXT}',
    'after=',
    'before=',
    'around=',
    'limit=',
  ],
  ...['hold=', 'tab=', 'turn=', 'prefix=', '"id":', '"text":', '"nick":', '"token":', '"replyTo":'],
  ...[
    '"__proto__":',
    '"constructor":',
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\u0000',
    '\\ud800',
    '\\u202e',
    '\\u200b',
  ],
  ...[
    '/nick ',
    '/me ',
    '/topic ',
    '/keeper ',
    '/kick kim',
    '/mode quiet',
    '//',
    '0',
    '-1',
    '1e308',
    '1.5',
  ],
  ...[
    '9007199254740992',
    'null',
    'true',
    '\xff\xfe',
    '\xed\xa0\x80',
    '\xc0\xaf',
    '\xef\xbb\xbf',
    '\xcc\x81',
  ],
];

/** Changes an input a little; `others` are inputs to take parts from. */
export function mutate(input: string, others: readonly string[], random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  const changes = 1 + below(4);
  let text = input;
  for (let nr = 0; nr < changes; nr++) text = change(text, others, below);
  return text.slice(0, bytesMax);
}

function change(text: string, others: readonly string[], below: (count: number) => number): string {
  const at = below(text.length + 1);
  const end = Math.min(text.length, at + 1 + below(16));
  const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (below(12)) {
    case 0:
      return before + String.fromCharCode(below(256)) + text.slice(at + 1);
    case 1:
      return before + after;
    case 2:
      return before + part + part + after;
    case 3:
      return before + part.repeat(1 + below(60)) + after;
    case 4:
      return before + oneOf(dictionary, below) + text.slice(at);
    case 5:
      return before + oneOf(dictionary, below) + after;
    case 6: {
      const other = oneOf(others, below);
      return before + other.slice(below(other.length + 1));
    }
    case 7: {
      const number = String(below(2) === 0 ? below(300) : 2 ** below(60));
      return text.slice(0, at) + text.slice(at).replace(/\d+/, number);
    }
    case 8:
      return withLinesMoved(text, below);
    default:
      return withValue(text, below);
  }
}

/** A value, wherever one stands, is another one, or has something more at its beginning or end. */
function withValue(text: string, below: (count: number) => number): string {
  const starts = [...text.matchAll(/[=:"/?&{ ]+/g)].map((match) => match.index + match[0].length);
  if (starts.length === 0) return text;
  const start = oneOf(starts, below);
  const length = text.slice(start).search(/[=:"/?&} \r]|$/);
  const value = text.slice(start, start + length);
  const word = oneOf(dictionary, below);
  const changed = [word, word + value, value + word][below(3)] ?? word;
  return text.slice(0, start) + changed + text.slice(start + length);
}

/** Twice the same header, or none, or in another order. */
function withLinesMoved(text: string, below: (count: number) => number): string {
  const lines = text.split('\r\n');
  const [line = ''] = lines.splice(below(lines.length), 1);
  const copies = below(3);
  for (let nr = 0; nr < copies; nr++) lines.splice(below(lines.length + 1), 0, line);
  return lines.join('\r\n');
}

/** Makes the length that a request tells the length that it has; nothing else could be reached. */
export function framed(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return text;
  const length = text.length - end - 4;
  return text.replace(/^(content-length: *)\d*/im, `$1${length}`);
}

function oneOf<T>(list: readonly T[], below: (count: number) => number): T {
  const found = list[below(list.length)];
  if (found === undefined) throw new Error('There is nothing to choose from');
  return found;
}
