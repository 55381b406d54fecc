import type { Message, Seq } from '../../protocol/entries.ts';
import { hueOf } from '../people/hue.ts';
import { seenText } from '../text/markdown.ts';
import { Nick } from '../people/nick.tsx';
import { idOf } from '../reading/reading.ts';
import { words } from '../words/words.ts';

/** Characters of what is answered; the rest is cut off by the end of the line anyway. */
const charactersMax = 200;

interface QuotedLineProps {
  readonly seq: Seq;
  /** Null while it is not known. */
  readonly message: Message | null;
}

/** What a message answers, in a line that leads to it. */
export function QuotedLine({ seq, message }: QuotedLineProps) {
  // As high as it will be, so that nothing moves when it is there.
  if (message === null) return <p class="quoted">…</p>;
  const { by, text, deleted } = message;
  return (
    <a class={`quoted ${hueOf(by.nick)}`} href={`#${idOf(seq)}`}>
      <span class="unseen">{words.reading.answerTo}</span>
      <Nick nick={by.nick} />{' '}
      {deleted ? (
        <em>{words.reading.deleted}</em>
      ) : (
        <span dir="auto">{seenText(text).slice(0, charactersMax)}</span>
      )}
    </a>
  );
}
