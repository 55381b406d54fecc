/**
 * A nick is what a member is called. Two members never have nicks that a reader could take for one
 * another, so a nick has two forms: the one that is shown, and a skeleton that is compared. Nicks
 * that differ only in case, or in letters that look alike, have the same skeleton.
 */
import looks from 'unhomoglyph/data.json' with { type: 'json' };
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { countBytes, countGraphemes, nameOfCharacter, tooManyMarks } from './text.ts';

export interface Nick {
  readonly nick: string;
  readonly skeleton: string;
}

/**
 * Cleans a nick: normalised to NFKC, spaces around it trimmed. Refuses with BAD_NICK whatever else
 * would need a change, so that nobody gets a nick that they did not type. Cleaning a clean nick
 * changes nothing.
 */
export function cleanNick(raw: string): Outcome<Nick> {
  // These two bound the work of normalising, which sorts marks in quadratic time.
  if (raw.length > 2 * limits.nickBytesMax) return tooLong(raw);
  if (tooManyMarks.test(raw)) return tower;
  if (!raw.isWellFormed()) return bad('The nick has half a surrogate pair, send whole characters');
  // Phones turn a typed apostrophe into the curly one without being asked.
  const nick = raw
    .normalize('NFKC')
    .replaceAll('’', "'")
    .replace(/^ +| +$/g, '');
  const refusal = refuseLength(nick) ?? refuseCharacters(nick);
  if (refusal !== null) return refusal;
  const skeleton = skeletonOf(nick);
  if (reserved.has(skeleton.replace(separators, ''))) {
    return bad(`The nick "${nick}" is kept for the room itself, choose another`);
  }
  return { ok: true, nick, skeleton };
}

/**
 * The form in which nicks are compared: two nicks with the same skeleton are the same nick to a
 * reader. Never shown. It follows the skeleton of UTS #39 (section 4) with its table of look-alike
 * characters, and departs from it in one thing: it is blind to case as well. How the two are made
 * to agree is told at `lookOf`.
 */
export function skeletonOf(nick: string): string {
  return nick.normalize('NFKC').replace(words, skeletonOfWord);
}

const lookOfCharacter: ReadonlyMap<string, string> = new Map(Object.entries(looks));

const separators = /[ ._'-]+/g;
const words = /[^ ._'-]+/g;
const plain = /^[A-Za-z0-9]$/;

/** Letters and digits, each with the marks upon it, and what may stand between them. */
const shape = /^(?:[\p{L}\p{N}][\p{Mn}\p{Mc}]*|[ ._'-])*$/u;
const unwanted = /[^\p{L}\p{N}\p{Mn}\p{Mc} ._'-]/u;
/** Letters and marks that show nothing: fillers, selectors, joiners, two blank hieroglyphs. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}]/u;

/**
 * Who a nick must not claim to be: those who run the room, the room itself, nobody in particular.
 * `all` is missing on purpose: its skeleton is that of Ali.
 */
const reserved: ReadonlySet<string> = new Set(
  `admin admins administrator administrators root sysadmin operator mod mods moderator moderators
   keeper keepers owner owners staff support encke server system room everyone everybody here
   you me nobody null undefined anonymous unknown deleted`
    .split(/\s+/)
    .map((name) => skeletonOf(name)),
);

function refuseLength(nick: string): Refusal | null {
  if (nick === '') return bad(`The nick is empty, type 1 to ${limits.nickMax} characters`);
  if (nick.length * 3 > limits.nickBytesMax && countBytes(nick) > limits.nickBytesMax) {
    return tooLong(nick);
  }
  if (nick.length > limits.nickMax && countGraphemes(nick) > limits.nickMax) return tooLong(nick);
  return null;
}

function refuseCharacters(nick: string): Refusal | null {
  const found = invisible.exec(nick) ?? unwanted.exec(nick);
  if (found !== null) {
    const name = nameOfCharacter(nick, found.index);
    return bad(`The nick has the character ${name}, use letters, digits, spaces and . _ ' -`);
  }
  if (nick.includes('  ')) return bad('The nick has two spaces in a row, use one');
  if (!shape.test(nick)) return bad('The nick has a mark that stands on no letter, leave it out');
  if (tooManyMarks.test(nick)) return tower;
  if (!/[\p{L}\p{N}]/u.test(nick)) return bad(`The nick "${nick}" has no letter or digit, add one`);
  return null;
}

/**
 * Two passes, because what a letter looks like may be a letter that looks like others: the
 * Cyrillic М looks like the Latin M, and m like rn.
 */
function skeletonOfWord(word: string): string {
  // Lower case first, then upper: that brings ẞ, ß and SS together, and the two forms of σ.
  const folded = glyphsOf(word.normalize('NFD')).toLowerCase().toUpperCase();
  return passOver(passOver(folded)).toLowerCase().normalize('NFD');
}

function passOver(word: string): string {
  let result = '';
  for (const character of word.normalize('NFD')) result += lookOf(character);
  return result;
}

/**
 * What a letter looks like, the same for both of its cases. Case and looks do not agree by
 * themselves: Ν (nu) is drawn like N, ν like v, and yet they are one letter. An equality that
 * keeps both would make n and v the same. So one look decides for the letter: the one that is a
 * plain Latin letter or digit, since that is what impostors imitate, the capital's before the
 * small one's. For I it is the l, which puts i, I, l and 1 into one class.
 */
function lookOf(character: string): string {
  const upper = lookOfCharacter.get(character.toUpperCase());
  const lower = lookOfCharacter.get(character.toLowerCase());
  if (upper !== undefined && plain.test(upper)) return upper;
  if (lower !== undefined && plain.test(lower)) return lower;
  return upper ?? lower ?? character;
}

/**
 * The two Greek letters whose small form imitates another Latin letter than the capital does. In a
 * word with letters of another script they are no Greek but an imitation, and count as drawn.
 */
function glyphsOf(word: string): string {
  if (!/(?!\p{Script=Greek})\p{L}/u.test(word)) return word;
  return word.replaceAll('ν', 'v').replaceAll('υ', 'u');
}

const tower = bad(`The nick has more than ${limits.marksMax} marks on one letter, use fewer`);

function tooLong(nick: string): Refusal {
  const beginning = nick.slice(0, limits.nickMax).toWellFormed();
  return bad(`The nick "${beginning}…" is too long, ${limits.nickMax} characters are the most`);
}

function bad(detail: string): Refusal {
  return refuse('BAD_NICK', detail);
}
