import { hueOf } from './hue.ts';
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
