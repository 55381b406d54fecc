import { hueOf } from './hue.ts';

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
      {isKeeper && <span class="keeper">keeper</span>}
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
  const last = others > 0 ? named.length : named.length - 1;
  return (
    <>
      {named.map((nick, index) => (
        <>
          {index > 0 && (index === last ? ' and ' : ', ')}
          <Nick nick={nick} />
        </>
      ))}
      {others > 0 && ` and ${others} others`}
    </>
  );
}
