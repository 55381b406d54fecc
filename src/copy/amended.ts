import type { DeleteBody, EditBody, Message, ReactionBody, Recorded } from '../protocol/entries.ts';

/** An entry that shows in the message that it is `of`. */
export type Amendment = (EditBody | DeleteBody | ReactionBody) & Recorded;

/** Ids that a message names beside a count of reactions: `limits.reactorsNamed`. */
export const reactorsNamed = 50;

/**
 * A message after an edit, a deletion or a reaction. One that the message contains already changes
 * nothing: that is what `rev` is for.
 */
export function amended(message: Message, amendment: Amendment): Message {
  const { seq: rev } = amendment;
  if (rev <= (message.rev ?? 0)) return message;
  // What was on its way when the message was deleted brings nothing of it back.
  if (message.deleted) return { ...message, rev };
  const { type } = amendment;
  if (type === 'edit') return { ...message, rev, text: amendment.text, edited: amendment.at };
  if (type === 'delete') return { ...message, rev, text: '', deleted: true, reactions: [] };
  return { ...message, rev, reactions: reacted(message.reactions ?? [], amendment) };
}

function reacted(
  reactions: NonNullable<Message['reactions']>,
  { emoji, by: { id }, on }: ReactionBody,
): NonNullable<Message['reactions']> {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) return on ? [...reactions, { emoji, count: 1, by: [id] }] : reactions;
  const others = known.by.filter((other) => other !== id);
  const changed = {
    emoji,
    // Only changes are recorded, so each counts, also that of somebody whom `by` does not name.
    count: known.count + (on ? 1 : -1),
    by: on && others.length < reactorsNamed ? [...others, id] : others,
  };
  return reactions
    .map((reaction) => (reaction === known ? changed : reaction))
    .filter(({ count }) => count > 0);
}
