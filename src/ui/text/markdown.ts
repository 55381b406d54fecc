/**
 * The small part of Markdown that a message may use, as a tree of data that `text.tsx` draws as
 * nodes: bold, italic, strike, code, fenced code, quotes, bare addresses, and `@nick`. There is no
 * `[text](address)`: it would hide where it leads.
 *
 * Whoever writes without thinking of marks should find their text as they wrote it. So a mark that
 * has no partner on its line stays a character, and so does one that looks like something else:
 * in `snake_case`, in `2 * 3`, in `¯\_(ツ)_/¯`. Nothing else is ever left out.
 *
 * One pass over the text. Each kind of mark is open at most once, and quotes nest a few deep, so
 * that the tree is shallow whatever somebody thinks of.
 */
import { phrasesOf, seenOfPhrase, type Phrase } from './phrases.ts';

export type Block =
  /** Lines of text, with their line breaks. */
  | { readonly kind: 'lines'; readonly phrases: readonly Phrase[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'fence'; readonly language: string; readonly text: string };

/**
 * Parses a message. A nick ends where its word ends, except for those that are handed in: nicks
 * may have blanks in them.
 */
export function parseMarkdown(text: string, nicks: readonly string[] = []): readonly Block[] {
  return blocksOf(text.split('\n'), nicks, 0);
}

/** What a reader sees of a message, in one text: for where there is no room for its shape. */
export function seenText(text: string): string {
  return parseMarkdown(text).map(seenOf).join('\n');
}

/** The mentions in a message as they are written: just those that are drawn as mentions. */
export function mentionsIn(text: string, nicks: readonly string[]): readonly string[] {
  return text.includes('@') ? parseMarkdown(text, nicks).flatMap(mentionsOf) : [];
}

/** Quotes of quotes of quotes; what is deeper stays text. */
export const quoteDepthMax = 3;

function blocksOf(lines: readonly string[], nicks: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const finish = (): void => {
    // Blocks keep their distance by themselves.
    while (plain.at(-1) === '') plain.pop();
    if (blocks.length > 0) plain = plain.slice(plain.findIndex((line) => line !== ''));
    if (plain.length > 0) blocks.push({ kind: 'lines', phrases: phrasesOf(plain, nicks) });
    plain = [];
  };
  let isClosable = true;
  for (let at = 0; at < lines.length;) {
    const quoted = depth < quoteDepthMax ? quotedAt(lines, at) : [];
    const fence = isClosable ? fenceAt(lines, at) : null;
    // Without an end for this one there is none for a later one, and it is not looked for again.
    if (fence === 'open') isClosable = false;
    if (quoted.length > 0) {
      finish();
      blocks.push({ kind: 'quote', blocks: blocksOf(quoted, nicks, depth + 1) });
      at += quoted.length;
    } else if (fence !== null && fence !== 'open') {
      finish();
      blocks.push(fence.block);
      at = fence.end;
    } else {
      plain.push(lines[at] ?? '');
      at += 1;
    }
  }
  finish();
  return blocks;
}

/** The lines of the quote that begins here, without their marks. */
function quotedAt(lines: readonly string[], start: number): string[] {
  const quoted: string[] = [];
  // The blank is asked for: `>:(` and `>_<` are no quotes.
  for (let line = lines[start]; line !== undefined; line = lines[start + quoted.length]) {
    if (!/^>( |>|$)/.test(line)) break;
    quoted.push(line.replace(/^> ?/, ''));
  }
  return quoted;
}

/** The fenced code that begins here and the line after it; `open` when nothing closes it. */
function fenceAt(lines: readonly string[], start: number) {
  const [, opening] = /^```(?!`)((?:(?!```).)*)$/u.exec(lines[start] ?? '') ?? [];
  if (opening === undefined) return null;
  for (let end = start + 1; end < lines.length; end += 1) {
    const closing = lines[end]?.trimEnd() ?? '';
    if (!closing.endsWith('```')) continue;
    const language = /^[\w+#.-]*$/.test(opening) ? opening : '';
    const code = lines.slice(start + 1, end);
    if (opening !== language) code.unshift(opening);
    if (closing.length > 3) code.push(closing.slice(0, -3));
    const text = code.join('\n');
    if (text.trim() === '') return null;
    return { block: { kind: 'fence', language, text } as const, end: end + 1 };
  }
  return 'open';
}

function mentionsOf(node: Block | Phrase): readonly string[] {
  if (typeof node === 'string') return [];
  if (node.kind === 'mention') return [node.text];
  const within: readonly (Block | Phrase)[] =
    'phrases' in node ? node.phrases : 'blocks' in node ? node.blocks : [];
  return within.flatMap(mentionsOf);
}

function seenOf(block: Block): string {
  if (block.kind === 'lines') return block.phrases.map(seenOfPhrase).join('');
  if (block.kind === 'fence') return `${block.language}\n${block.text}`;
  return block.blocks.map(seenOf).join('\n');
}
