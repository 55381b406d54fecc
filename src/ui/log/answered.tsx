import type { Seq } from '../../protocol/entries.ts';
import { usePage } from '../page.ts';
import { idOf } from '../reading/reading.ts';
import { words } from '../words/words.ts';
import { QuotedLine } from './quoted-line.tsx';

/** What a message answers, wherever it was said, and as it stands now. */
export function Answered({ seq }: { readonly seq: Seq }) {
  const quote = usePage().quoted.of(seq).value;
  if (quote === 'gone') return <p class="quoted is-gone">{words.reading.quoteGone}</p>;
  if (quote !== 'missing') {
    return <QuotedLine seq={seq} message={quote === 'loading' ? null : quote} />;
  }
  return (
    <a class="quoted is-gone" href={`#${idOf(seq)}`}>
      {words.reading.quoteMissing}
    </a>
  );
}
