import { useMemo } from 'preact/hooks';
import { piecesOf, type Link } from './links.ts';
import { parseMarkdown, type Block } from './markdown.ts';
import { isMentionOf } from './mention.ts';
import { hueOf } from '../people/hue.ts';
import { useView } from '../view.ts';
import type { Phrase } from './phrases.ts';

/** Emoji that stand alone are drawn large; more than these are a text of emoji. */
const loneEmoji = /^(?:\p{RGI_Emoji}\s*){1,5}$/v;
/** The longest emoji has 15 code units: nothing longer than five of them is looked through. */
const loneLengthMax = 80;

/** What somebody wrote, with its marks. Built as nodes: it is text whatever it looks like. */
export function Text({ text }: { readonly text: string }) {
  const nicks = useView().mentionable.value;
  const blocks = useMemo(() => parseMarkdown(text, nicks), [text, nicks]);
  if (text.length <= loneLengthMax && loneEmoji.test(text)) {
    return <span class="lone-emoji">{text}</span>;
  }
  return <>{blocks.map(drawBlock)}</>;
}

/** A text without marks, but for its addresses: a topic, or what the room itself says. */
export function PlainText({ text }: { readonly text: string }) {
  return (
    <>{piecesOf(text).map((piece) => (typeof piece === 'string' ? piece : drawLink(piece)))}</>
  );
}

function drawBlock(block: Block) {
  switch (block.kind) {
    case 'lines':
      return block.phrases.map(drawPhrase);
    case 'quote':
      return <blockquote>{block.blocks.map(drawBlock)}</blockquote>;
    default:
      return (
        <pre class="fence" dir="ltr">
          {block.language !== '' && <span class="language">{block.language}</span>}
          <code>{block.text}</code>
        </pre>
      );
  }
}

function drawPhrase(phrase: Phrase) {
  if (typeof phrase === 'string') return phrase;
  switch (phrase.kind) {
    case 'code':
      return <code>{phrase.text}</code>;
    case 'link':
      return drawLink(phrase);
    case 'mention':
      return <Mention text={phrase.text} />;
    default: {
      const { kind: Marked, phrases } = phrase;
      return <Marked>{phrases.map(drawPhrase)}</Marked>;
    }
  }
}

function drawLink({ href, text }: Link) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
      {text}
    </a>
  );
}

/** Somebody who is spoken to: in the colour of their nick, and so that we see when it is us. */
function Mention({ text }: { readonly text: string }) {
  const { author } = useView();
  const isUs = author.value !== null && isMentionOf(text, author.value.nick);
  return <bdi class={`mention ${isUs ? 'is-us' : hueOf(text.slice(1))}`}>{text}</bdi>;
}
