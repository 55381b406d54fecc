import { Nick } from './nick.tsx';
import { formatList } from '../words/formats-aside.ts';
import type { Piece } from '../words/grammar.ts';
import { words } from '../words/words.ts';

interface NicksProps {
  readonly nicks: readonly string[];
  readonly max: number;
}

/** `Ada`, `Ada and Bo`, `Ada, Bo and 12 others` */
export function Nicks({ nicks, max }: NicksProps) {
  const named = nicks.slice(0, nicks.length > max ? max - 1 : max);
  const others = nicks.length - named.length;
  const pieces: Piece[] = named.map((nick) => <Nick nick={nick} />);
  if (others > 0) pieces.push(words.people.others(others));
  return <>{formatList(pieces)}</>;
}
