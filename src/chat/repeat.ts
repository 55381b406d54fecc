/** Whether what a key recorded before is what is asked for again under it. */
import type { EntryBody } from '../protocol/entries.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Appended } from '../journal/journal.ts';

/** What makes two entries of one author the same: not who they were then, nor when it was. */
function meaningOf(body: EntryBody): readonly unknown[] {
  switch (body.type) {
    case 'message':
      return [body.text, body.replyTo, body.action];
    case 'member':
      return [body.member.id, body.member.nick, body.member.role];
    case 'join':
    case 'leave':
      return [body.member.id];
    case 'topic':
      return [body.topic];
    case 'mode':
      return [body.mode, body.slowMs];
    case 'sanction':
      return [body.what, body.member.id];
    case 'notice':
      return [body.text, body.to];
    case 'edit':
      return [body.of, body.text];
    case 'delete':
      return [body.of];
    case 'reaction':
      return [body.of, body.emoji, body.on];
    default:
      throw new Error(`There is no entry of the type "${String(body satisfies never)}"`);
  }
}

/** Whether two entries say the same. */
export function isSame(one: EntryBody, other: EntryBody): boolean {
  if (one.type !== other.type) return false;
  const [left, right] = [meaningOf(one), meaningOf(other)];
  return left.every((part, at) => part === right[at]);
}

/** Refuses, with ID_REUSED, an append whose key had recorded something else before. */
export function checkRepeat(recorded: Appended, body: EntryBody): Outcome<object> {
  if (!recorded.ok) return recorded;
  if (!recorded.repeated || isSame(recorded.entry, body)) return { ok: true };
  return refuse('ID_REUSED', 'The id belongs to something else of yours, make a new one');
}
