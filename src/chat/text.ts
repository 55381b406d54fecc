/**
 * What people write, made fit to be shown beside what others write. The rules keep one message
 * from drawing over its neighbours, from turning the line around it, and from hiding characters;
 * within them every script and every emoji is welcome. A text that breaks a rule is refused with
 * the reason. It is never cut: nobody should find half a sentence under their name.
 */
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';

/**
 * Cleans a message. Line ends become LF, characters without a meaning of their own go, the rest is
 * normalised to NFC, and white space at the end is trimmed. Refuses with BAD_TEXT. Cleaning what
 * is clean changes nothing.
 */
export function cleanText(raw: string): Outcome<{ readonly text: string }> {
  const normal = normalise(raw, 'message');
  if (!normal.ok) return normal;
  const text = normal.text.trimEnd();
  if (blank.test(text)) return bad('The message is empty, write something that can be seen');
  return fit('message', text, limits.textMax, limits.textBytesMax);
}

/** Cleans a topic: one line, which may be empty. Otherwise like a message. */
export function cleanTopic(raw: string): Outcome<{ readonly topic: string }> {
  const normal = normalise(raw, 'topic');
  if (!normal.ok) return normal;
  const topic = normal.text.trim();
  if (/[\n\t]/.test(topic)) return bad('The topic has a line break or a tab, keep it to one line');
  if (blank.test(topic)) return { ok: true, topic: '' };
  const fitting = fit('topic', topic, limits.topicMax, limits.topicBytesMax);
  return fitting.ok ? { ok: true, topic: fitting.text } : fitting;
}

/** The text from its first character on that can be seen; empty when there is none. */
export function trimUnseen(text: string): string {
  if (visibleStart.test(text)) return text;
  return text.replace(unseenStart, '');
}

/** How many characters a reader sees. */
export function countGraphemes(text: string): number {
  if (ascii.test(text)) return text.length;
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** How many bytes a text takes in UTF-8. */
export function countBytes(text: string): number {
  return utf8.encode(text).length;
}

/** The code point that stands at an index, as the Unicode charts write it. */
export function nameOfCharacter(text: string, index: number): string {
  const codePoint = text.codePointAt(index) ?? 0;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Marks that stand on one base are at most this many. Format characters between them do not start
 * a new base; without that, a joiner after every eighth mark would let a tower grow for ever.
 */
export const tooManyMarks = new RegExp(String.raw`\p{M}(?:\p{Cf}*\p{M}){${limits.marksMax}}`, 'u');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const utf8 = new TextEncoder();

/** What needs no normalising: printable ASCII. CRLF would count as one grapheme, so no CR. */
const ascii = /^[\t\n\x20-\x7e]*$/;

const lineEnds = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

/**
 * Characters that go, because they act on what stands around them or are there to be unseen:
 * controls, the bidirectional embeddings, overrides and isolates, invisible operators and spaces
 * without width, annotation marks. The marks LRM, RLM and ALM stay, which act on nothing beyond
 * their place, and the joiners, without which Persian and half the emoji fall apart.
 */
const unwanted =
  // oxlint-disable-next-line no-control-regex -- Controls are what it is about.
  /[\x01-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * Tag characters are invisible and can spell a hidden text. They are wanted in one place, behind
 * the black flag, where they make the flags of England, Scotland and Wales.
 */
const tags = /\p{RGI_Emoji_Tag_Sequence}|[\u{e0000}-\u{e007f}]/gv;

/** Nothing to see: white space, what is ignored when drawn, and the letters drawn as a blank. */
const unseen = String.raw`\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}`;
const blank = new RegExp(`^[${unseen}]*$`, 'u');
/** What nearly every text begins with: a character that can be seen. */
const visibleStart = /^[!-~]/;
/** The same at the beginning of a text, and controls, which go before anybody sees them. */
const unseenStart = new RegExp(String.raw`^[${unseen}\p{Cc}]+`, 'u');

function normalise(raw: string, what: string): Outcome<{ readonly text: string }> {
  // A body of this size cannot arrive by HTTP; this bounds the work for any other caller.
  if (raw.length > limits.bodyBytesMax) return bad(`The ${what} is far too long, shorten it`);
  if (ascii.test(raw)) return { ok: true, text: raw };
  if (raw.includes('\0')) return bad(`The ${what} has a NUL character, leave it out`);
  if (!raw.isWellFormed()) {
    return bad(`The ${what} has half a surrogate pair, send whole characters`);
  }
  const visible = raw
    .replace(lineEnds, '\n')
    .replace(unwanted, '')
    .replace(tags, (match) => (match.length > 2 ? match : ''));
  // Marks are counted first: normalising sorts them, in quadratic time. 24,000 marks that fit a
  // request's body took 0.8 to 1.5 s here. And again after it, which may take a mark apart.
  const tower = refuseTower(visible, what);
  if (tower !== null) return tower;
  const text = visible.normalize('NFC');
  return refuseTower(text, what) ?? { ok: true, text };
}

function refuseTower(text: string, what: string): Refusal | null {
  const found = tooManyMarks.exec(text);
  if (found === null) return null;
  const position = Math.max(1, countGraphemes(text.slice(0, found.index)));
  return bad(
    `The ${what} has more than ${limits.marksMax} marks on character ${position}, use fewer`,
  );
}

/** Bytes are asked first, because they are cheap and bound the work of counting graphemes. */
function fit(
  what: string,
  text: string,
  graphemesMax: number,
  bytesMax: number,
): Outcome<{ readonly text: string }> {
  // A code unit takes at most three bytes, and a grapheme at least one code unit.
  if (text.length * 3 > bytesMax && countBytes(text) > bytesMax) {
    return bad(`The ${what} is too long: it takes more than ${bytesMax} bytes, shorten it`);
  }
  if (text.length > graphemesMax) {
    const count = countGraphemes(text);
    if (count > graphemesMax) {
      return bad(
        `The ${what} is too long: ${count} characters, ${graphemesMax} are the most, shorten it`,
      );
    }
  }
  return { ok: true, text };
}

function bad(detail: string): Refusal {
  return refuse('BAD_TEXT', detail);
}
