import type { Message, Who } from '../../protocol/entries.ts';
import { mentionsIn } from './markdown.ts';
import { isMentionOf } from './mention.ts';

/**
 * Whether a message calls us by our nick: whether one of the mentions drawn in it is of us. Where
 * somebody is called Ada Lovelace, `@Ada Lovelace` is none of Ada; and nothing in code is one.
 */
export function isNaming({ text }: Message, you: Who | null, nicks: readonly string[]): boolean {
  return you !== null && mentionsIn(text, nicks).some((one) => isMentionOf(one, you.nick));
}
