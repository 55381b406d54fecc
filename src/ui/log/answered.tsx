import type { Seq } from '../../protocol/entries.ts';
import { usePage } from '../page.ts';
import { QuotedLine } from './quoted-line.tsx';

/** What a message answers, wherever it was said, and as it stands now. */
export function Answered({ seq }: { readonly seq: Seq }) {
  const { quoted } = usePage();
  return <QuotedLine seq={seq} quote={quoted.of(seq).value} />;
}
