/** Strings that somebody would send who wants to break something, for properties. */
import * as fc from 'fast-check';

/** Pieces that act on their neighbours, are not seen, look like others, or are names of objects. */
const pieces: readonly string[] = [
  // Halves of surrogate pairs, controls, ends of lines.
  ...['\ud800', '\udbff', '\udc00', '\udfff', '\0', '\u0007', '\u001b[31m', '\u0085', '\u2028'],
  ...['\r', '\n', '\r\n', '\t', '\v', ' ', '  ', '\u00a0', '\u3000'],
  // What is not seen, and what turns the line around.
  ...['\u200b', '\u200c', '\u200d', '\u00ad', '\u2060', '\ufeff', '\u3164', '\u2800', '\ufff9'],
  ...['\u202a', '\u202e', '\u202c', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c', '\ufe0f'],
  ...['\u{e0041}', '\u{e007f}', '\u{13441}', '\u{13442}', '\u180e', '\u034f', '\u115f'],
  // Marks, also such as normalising takes apart or puts together.
  ...['\u0301', '\u0344', '\u0316', '\u20dd', '\u0338', '\u0f71', '\u093e', '\u0345', 'e\u0301'],
  ...[
    '\u1e69',
    '\u03b0',
    '\u1fbc',
    '\ufb1d',
    '\u2126',
    '\u212a',
    '\u212b',
    '\uac00',
    '\u1100\u1161',
  ],
  // Letters that look like others, and cases that change the length.
  ...[
    'а',
    'е',
    'о',
    'і',
    'ı',
    'İ',
    'ß',
    'ẞ',
    'ﬁ',
    'ﷺ',
    'ſ',
    'ς',
    'ν',
    'υ',
    'Μ',
    'rn',
    'm',
    '１',
    '𝓀',
  ],
  ...['kim', 'Ada', 'ada', 'admin', 'keeper', 'x', 'A', '0', "'", '’', '.', '_', '-', '/', '//'],
  // Emoji, whole and in parts.
  ...['👍', '🏽', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇩', '🇪', '❤', '❤️', '#️⃣', '\u{1f3f4}'],
  // What other languages read as something else.
  ...['<script>', '&amp;', '"', "'--", '\\', '%00', '${1}', '{{1}}', '../', '$&', '$1'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'null', 'undefined', 'NaN', '-1'],
];

/** Any of the pieces, again and again: towers, floods, floods of towers. */
const repeated = fc
  .tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 300 }))
  .map(([piece, times]) => piece.repeat(times));

const anything = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...pieces) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }) },
  { weight: 1, arbitrary: repeated },
  // A code unit by itself: half of a pair as often as not.
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  },
);

/** A hostile string of a few pieces. */
export const hostile = fc.array(anything, { maxLength: 12 }).map((parts) => parts.join(''));

/** A short one, most of which could be a nick. */
export const nickish = fc
  .array(anything, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
