/** Entries as lines of the plain page. What was sent cannot be changed, so changes are told. */
import type { Seq, Who, WireEntry } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import { html, type Html } from './html.ts';

/** The line of an entry; null for one of which there is nothing to tell. */
export function lineOf(entry: WireEntry): Html | null {
  switch (entry.type) {
    case 'message': {
      const words =
        entry.deleted === true ? html`<i>This message was deleted</i>` : text(entry.text);
      const by = entry.action === true ? html`* ${nick(entry.by)}` : html`${nick(entry.by)}:`;
      const edited = entry.edited === undefined ? null : html` <small>(edited)</small>`;
      return html`<p id="m${entry.seq}">${time(entry.at)} ${by} ${words}${edited}</p> `;
    }
    case 'join':
      return told(entry.at, html`${nick(entry.member)} came in`);
    case 'leave':
      return told(entry.at, html`${nick(entry.member)} ${leaving[entry.reason]}`);
    case 'member':
      return entry.member.nick === entry.was.nick
        ? told(entry.at, html`${nick(entry.member)} is now a ${entry.member.role}`)
        : told(entry.at, html`${nick(entry.was)} is now called ${nick(entry.member)}`);
    case 'edit':
      return told(entry.at, html`${nick(entry.by)} changed ${link(entry.of)}: ${text(entry.text)}`);
    case 'delete':
      return told(entry.at, html`${nick(entry.by)} deleted ${link(entry.of)}`);
    case 'reaction':
      return entry.on
        ? told(entry.at, html`${nick(entry.by)} answers ${link(entry.of)} with ${entry.emoji}`)
        : null;
    case 'topic':
      return told(entry.at, html`${nick(entry.by)} set the topic: ${text(entry.topic)}`);
    case 'mode':
      return told(entry.at, html`${nick(entry.by)} made the room ${modeOf(entry)}`);
    case 'notice':
      return told(entry.at, text(entry.text));
    case 'sanction':
      return told(entry.at, html`${nick(entry.by)}: ${entry.what} ${nick(entry.member)}`);
    default:
      return null;
  }
}

/** The lines of the newest entries that one part of a page takes, and how many are before them. */
export function newestLines(entries: readonly WireEntry[]): {
  readonly lines: readonly Html[];
  readonly cut: number;
} {
  const lines: Html[] = [];
  let bytes = 0;
  for (const [index, entry] of [...entries.entries()].reverse()) {
    const line = lineOf(entry);
    if (line === null) continue;
    bytes += Buffer.byteLength(line.toString());
    if (lines.length > 0 && bytes > limits.plainPartBytesMax) {
      return { lines: lines.reverse(), cut: index + 1 };
    }
    lines.push(line);
  }
  return { lines: lines.reverse(), cut: 0 };
}

const leaving = {
  left: 'left',
  timeout: 'is gone',
  kicked: 'was sent out',
  banned: 'was banned',
} as const;

function modeOf({ mode, slowMs }: { mode: 'open' | 'quiet'; slowMs: number }): string {
  const slow = slowMs > 0 ? `, with ${Math.round(slowMs / 1_000)} s between two messages` : '';
  return mode + slow;
}

function told(at: number, what: Html): Html {
  return html`<p class="told">${time(at)} ${what}</p> `;
}

function nick(who: Who): Html {
  return html`<b><bdi>${who.nick}</bdi></b>`;
}

/** A text has its own direction, and its lines; a browser for text alone has no style for them. */
function text(words: string): Html {
  const lines = words
    .split('\n')
    .map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`));
  return html`<bdi>${lines}</bdi>`;
}

function link(seq: Seq): Html {
  return html`<a href="#m${seq}">message ${seq}</a>`;
}

/** The server cannot know where the reader is; the page says that these are in UTC. */
function time(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 16)}</time>`;
}
