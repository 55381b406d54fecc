import type { Seq } from '../../protocol/entries.ts';
import { useView } from '../view.ts';
import { QuotedLine } from './quoted-line.tsx';

/** What a message answers, if that is among what is shown. */
export function AnsweredHere({ seq }: { readonly seq: Seq }) {
  const { rows } = useView();
  const row = rows.peek().find((row) => row.kind === 'message' && row.message.seq === seq);
  return <QuotedLine seq={seq} message={row?.kind === 'message' ? row.message : null} />;
}
