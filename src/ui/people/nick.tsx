import { hueOf } from './hue.ts';
import { formatList } from '../words/formats.ts';
import type { Piece } from '../words/grammar.ts';
import { words } from '../words/words.ts';

interface NickProps {
  readonly nick: string;
  /** Also shows that this is a moderator. */
  readonly isKeeper?: boolean;
}

/** A nick, which may run in another direction than the words around it. */
export function Nick({ nick, isKeeper = false }: NickProps) {
  return (
    <>
      <bdi class={`nick ${hueOf(nick)}`}>{nick}</bdi>
      {isKeeper && <span class="keeper">{words.people.keeper}</span>}
    </>
  );
}

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
