/**
 * What an edit, a deletion or a reaction does to a message. Pure, so that every journal, on disk or
 * in memory, shows the same message after the same entries.
 *
 * `rev` moves with every amendment, also with one that changes nothing more (a second deletion, an
 * edit that came after it): a client that has this form must not apply that entry once again.
 */
import type {
  DeleteBody,
  EditBody,
  Entry,
  EntryBody,
  Message,
  Reaction,
  ReactionBody,
  Recorded,
  Seq,
} from '../protocol/entries.ts';

/** An entry that changes how an earlier message is shown. */
export type Amendment = (EditBody | DeleteBody | ReactionBody) & Recorded;

/** Puts a body where it was recorded. */
export function entryOf(seq: number, at: number, body: EntryBody): Entry {
  return { seq: seq as Seq, at, ...body };
}

export function isAmendment(entry: Entry): entry is Amendment {
  return entry.type === 'edit' || entry.type === 'delete' || entry.type === 'reaction';
}

/** The message after an edit. */
export function edited(message: Message, edit: EditBody & Recorded): Message {
  if (message.deleted === true) return { ...message, rev: edit.seq };
  return { ...message, text: edit.text, edited: edit.at, rev: edit.seq };
}

/**
 * The message after its deletion: its text and its reactions are gone, and nothing brings any back.
 * Who wrote it and what it replied to stay, because a thread needs them.
 */
export function deleted(message: Message, deletion: DeleteBody & Recorded): Message {
  const { reactions: _, ...rest } = message;
  return { ...rest, text: '', deleted: true, rev: deletion.seq };
}

/**
 * The message after one kind of reaction came to stand as given. Kinds keep the order in which they
 * appeared; one that nobody is left with disappears.
 */
export function reacted(message: Message, standing: Reaction, rev: Seq): Message {
  const { reactions: before = [], ...rest } = message;
  if (message.deleted === true) return { ...rest, rev };
  const known = before.some((kind) => kind.emoji === standing.emoji);
  const after = known
    ? before.map((kind) => (kind.emoji === standing.emoji ? standing : kind))
    : [...before, standing];
  const reactions = after.filter((kind) => kind.count > 0);
  return reactions.length > 0 ? { ...rest, reactions, rev } : { ...rest, rev };
}

/** An entry as a page shows it: the edits of a deleted message keep their place, not their text. */
export function withoutDeletedText(entry: Entry, target: Message | null): Entry {
  return entry.type === 'edit' && target?.deleted === true ? { ...entry, text: '' } : entry;
}
