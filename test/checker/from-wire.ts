/** How what Encke sends is written in a history. The one place that knows both. */
import type { Entry, Message, WireEntry } from '../../src/protocol/entries.ts';
import type { Delivered } from './record.ts';

/** An entry as somebody was given it, by poll, in a snapshot or on a page of history. */
export function delivered(entry: Entry | WireEntry): Delivered {
  const { seq } = entry;
  const key = keyOf(entry);
  const text = textOf(entry);
  const to = addressee(entry);
  return {
    seq,
    key,
    ...(text === null ? {} : { text }),
    ...(to === null ? {} : { to }),
  };
}

/** An entry as it stands in the journal. Quiet ones are sent to nobody. */
export function journalled(entry: Entry): Delivered {
  const isQuiet = 'quiet' in entry && entry.quiet;
  return isQuiet ? { ...delivered(entry), quiet: true } : delivered(entry);
}

/** Whom an entry is for alone. Not asked of the product, whose mistake would then be ours. */
function addressee(entry: Entry | WireEntry): string | null {
  if (entry.type === 'sanction') return 'keepers';
  return entry.type === 'notice' ? (entry.to ?? null) : null;
}

/** What identifies an entry: the same for everybody and for ever. */
export function keyOf(entry: Entry | WireEntry): string {
  switch (entry.type) {
    case 'message':
      return `${entry.by.id}:${entry.id}`;
    case 'join':
    case 'leave':
    case 'member':
      return `${entry.type}:${entry.member.id}`;
    case 'edit':
    case 'delete':
      return `${entry.type}:${entry.of}`;
    case 'reaction':
      return `reaction:${entry.of}:${entry.by.id}:${entry.emoji}:${entry.on ? 'on' : 'off'}`;
    case 'sanction':
      return `${entry.what}:${entry.member.id}`;
    case 'topic':
    case 'mode':
    case 'notice':
      return entry.type;
    default:
      throw new Error(`There is no entry of the type "${String(entry satisfies never)}"`);
  }
}

/** A message as it stands now, in one line: what two screens at the same position must agree on. */
export function formOf(message: Message): string {
  const { by, text, deleted = false, edited = 0, reactions = [] } = message;
  return JSON.stringify([
    `${by.id}:${message.id}`,
    deleted ? null : text,
    edited,
    reactions.map((kind) => [kind.emoji, kind.count, ...kind.by]),
  ]);
}

/**
 * What an entry said when it was written; null where that cannot be seen any more. The text of a
 * message that was edited or deleted is another one or none, and with a deleted message the texts
 * of its edits are gone.
 */
function textOf(entry: Entry | WireEntry): string | null {
  switch (entry.type) {
    case 'message':
      return isAsWritten(entry) ? entry.text : null;
    case 'edit':
      return entry.text === '' ? null : entry.text;
    case 'notice':
      return entry.text;
    case 'topic':
      return entry.topic;
    default:
      return null;
  }
}

function isAsWritten(message: Entry | Message): boolean {
  return !('edited' in message) && !('deleted' in message);
}
