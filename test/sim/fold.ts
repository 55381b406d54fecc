/**
 * The room as the journal has it: what a client's screen and a fresh fetch must agree with. Written
 * anew, so that it shares no mistake with the product's own two folds.
 */
import type { Entry, MemberId, Message, Seq } from '../../src/protocol/entries.ts';
import { formOf } from '../checker/from-wire.ts';

interface Line {
  readonly message: Extract<Entry, { type: 'message' }>;
  text: string;
  edited: number;
  isDeleted: boolean;
  /** Who reacted, in order, by kind. */
  readonly reactions: Map<string, MemberId[]>;
}

export interface Folded {
  readonly lines: readonly { readonly seq: number; readonly form: string }[];
  readonly members: readonly MemberId[];
}

export function foldOf(entries: readonly Entry[]): Folded {
  const lines = new Map<Seq, Line>();
  const members = new Set<MemberId>();
  for (const entry of entries) {
    if (entry.type === 'join') members.add(entry.member.id);
    if (entry.type === 'leave') members.delete(entry.member.id);
    if (entry.type === 'message') {
      const { seq, text } = entry;
      lines.set(seq, { message: entry, text, edited: 0, isDeleted: false, reactions: new Map() });
    }
    const line = 'of' in entry ? lines.get(entry.of) : undefined;
    if (line !== undefined) amend(line, entry);
  }
  return {
    lines: Array.from(lines.values(), (line) => ({ seq: line.message.seq, form: formIn(line) })),
    members: [...members],
  };
}

function amend(line: Line, entry: Entry): void {
  if (line.isDeleted) return;
  if (entry.type === 'delete') {
    line.isDeleted = true;
    line.reactions.clear();
  } else if (entry.type === 'edit') {
    line.text = entry.text;
    line.edited = entry.at;
  } else if (entry.type === 'reaction') {
    const before = line.reactions.get(entry.emoji) ?? [];
    const others = before.filter((id) => id !== entry.by.id);
    const after = entry.on
      ? others.length < before.length
        ? before
        : [...before, entry.by.id]
      : others;
    if (after.length > 0) line.reactions.set(entry.emoji, after);
    else line.reactions.delete(entry.emoji);
  }
}

function formIn({ message, text, edited, isDeleted, reactions }: Line): string {
  const present: Message = {
    ...message,
    text,
    ...(edited === 0 ? {} : { edited }),
    ...(isDeleted ? { deleted: true } : {}),
    reactions: Array.from(reactions, ([emoji, by]) => ({ emoji, count: by.length, by })),
  };
  return formOf(present);
}
