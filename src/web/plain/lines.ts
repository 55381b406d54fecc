/** Entries as lines of the plain page. What was sent cannot be changed, so changes are told. */
import type { Message, Reaction, Seq, Who, WireEntry } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import type { Piece } from '../../ui/words/grammar.ts';
import { html, Html } from './html.ts';
import type { Language } from './language.ts';

/** What a line needs beside its entry. */
export interface Telling {
  readonly language: Language;
  /** A message that another one answers or changes, where it is at hand; null where it is not. */
  readonly messageAt: (seq: Seq) => Message | null;
}

/** The line of an entry; null for one of which there is nothing to tell. */
export function lineOf(entry: WireEntry, telling: Telling): Html | null {
  if (entry.type === 'message') return messageLine(entry, telling);
  const what = sayWhat(entry, telling);
  return what === null ? null : html`<p class="told">${time(entry.at)} ${sentence(what)}</p> `;
}

/** The lines of the newest entries that one part of a page takes, and how many are before them. */
export function newestLines(
  entries: readonly WireEntry[],
  telling: Telling,
): { readonly lines: readonly Html[]; readonly cut: number } {
  const lines: Html[] = [];
  let bytes = 0;
  for (const [index, entry] of [...entries.entries()].reverse()) {
    const line = lineOf(entry, telling);
    if (line === null) continue;
    bytes += Buffer.byteLength(line.toString());
    if (lines.length > 0 && bytes > limits.plainPartBytesMax) {
      return { lines: lines.reverse(), cut: index + 1 };
    }
    lines.push(line);
  }
  return { lines: lines.reverse(), cut: 0 };
}

/** Where a message can be read, wherever it stands: at the end of a page of history. */
export function placeOf(seq: Seq): string {
  return `/plain?before=${seq + 1}#m${seq}`;
}

/** A sentence of a catalogue as markup: its texts, and the markup that was put into it. */
export function sentence(said: Piece): Html {
  if (said instanceof Html) return said;
  if (Array.isArray(said)) return html`${said.map((piece: Piece) => sentence(piece))}`;
  if (typeof said === 'string') return html`${said}`;
  throw new TypeError('A sentence has a piece that is neither text nor markup');
}

function messageLine(message: Message, telling: Telling): Html {
  const { page } = telling.language;
  const { seq, at, by, text, replyTo, action, deleted, edited, reactions } = message;
  const words = deleted === true ? html`<i>${page.reading.deleted}</i>` : written(text);
  const author = action === true ? html`* ${nick(by)}` : html`${nick(by)}:`;
  const answered = replyTo === undefined ? null : answeredBy(replyTo, telling);
  const change =
    edited === undefined ? null : html` <small>(${page.reading.edited(timeOf(edited))})</small>`;
  const marks = reactions === undefined ? null : reactionsOf(reactions, telling.language);
  return html`<p id="m${seq}">${answered}${time(at)} ${author} ${words}${change}${marks}</p> `;
}

/** What a message answers, in a line of its own that leads there. */
function answeredBy(seq: Seq, { language, messageAt }: Telling): Html {
  const { page, plain } = language;
  const message = messageAt(seq);
  const quote =
    message === null
      ? html`${plain.someMessage}`
      : html`<bdi>${message.by.nick}</bdi>: ${beginningOf(message, language)}`;
  const link = html`<a href="${placeOf(seq)}">${quote}</a>`;
  return html`<small>${page.reading.answerTo} ${link}</small><br />`;
}

function beginningOf({ text, deleted }: Message, { page }: Language): Html {
  if (deleted === true) return html`<i>${page.reading.deleted}</i>`;
  return html`<bdi>${shortened(text.replaceAll(/\s+/g, ' ').trim())}</bdi>`;
}

/** Cut between characters as people count them: half of an emoji is another sign. */
function shortened(text: string): string {
  let beginning = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (count++ === quoteCharactersMax) return `${beginning}…`;
    beginning += segment;
  }
  return beginning;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** About a line. */
const quoteCharactersMax = 80;

function reactionsOf(reactions: readonly Reaction[], { number }: Language): readonly Html[] {
  return reactions.map(
    ({ emoji, count }) => html` <small><bdi>${emoji}</bdi> ${number(count)}</small>`,
  );
}

/** What happened, as a sentence; null for what a later version may know. */
function sayWhat(entry: Exclude<WireEntry, Message>, telling: Telling): Piece {
  const { page, plain } = telling.language;
  const { reading } = page;
  switch (entry.type) {
    case 'join':
      return reading.cameIn(nick(entry.member), 1);
    case 'leave':
      if (entry.reason === 'banned') return reading.wasBanned(nick(entry.member));
      if (entry.reason === 'kicked') return reading.wasSentOut(nick(entry.member));
      return reading.left(nick(entry.member), 1);
    case 'member':
      if (entry.member.nick !== entry.was.nick) {
        return reading.isNow(nick(entry.was), nick(entry.member));
      }
      return entry.member.role === 'keeper'
        ? reading.isKeeper(nick(entry.member))
        : reading.isNoKeeper(nick(entry.member));
    case 'edit':
      return plain.changed(nick(entry.by), subject(entry.of, telling), written(entry.text));
    case 'delete':
      return plain.deleted(nick(entry.by), subject(entry.of, telling));
    case 'reaction': {
      const say = entry.on ? plain.reacted : plain.tookBack;
      return say(nick(entry.by), subject(entry.of, telling), html`<bdi>${entry.emoji}</bdi>`);
    }
    case 'topic':
      return entry.topic === ''
        ? reading.removedTopic(nick(entry.by))
        : reading.setTopic(nick(entry.by), written(entry.topic));
    case 'mode':
      if (entry.mode === 'quiet') return reading.madeQuiet(nick(entry.by));
      if (entry.slowMs === 0) return reading.opened(nick(entry.by));
      return reading.slowed(nick(entry.by), Math.round(entry.slowMs / 1_000));
    case 'notice':
      return written(entry.text);
    case 'sanction': {
      const { banned: ban, unbanned: unban, muted: mute, unmuted: unmute } = reading;
      return { ban, unban, mute, unmute }[entry.what](nick(entry.by), nick(entry.member));
    }
    default:
      return null;
  }
}

/** A message in a sentence, by its time where that is at hand; a link to it. */
function subject(seq: Seq, { language: { plain }, messageAt }: Telling): Html {
  const at = messageAt(seq)?.at;
  const name = at === undefined ? plain.someMessage : plain.messageOf(timeOf(at));
  return html`<a href="${placeOf(seq)}">${name}</a>`;
}

function nick(who: Who): Html {
  return html`<b><bdi>${who.nick}</bdi></b>`;
}

/** A text has its own direction, and its lines; a browser for text alone has no style for them. */
function written(text: string): Html {
  const lines = text
    .split('\n')
    .map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`));
  return html`<bdi>${lines}</bdi>`;
}

/** The server cannot know where the reader is; the page says that these are in UTC. */
function time(at: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${timeOf(at)}</time>`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
