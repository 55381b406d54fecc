import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Who } from '../../protocol/entries.ts';
import { firstCharacter } from './first-character.ts';
import { hueOf } from './hue.ts';
import { lookUp, type Matches } from './members.ts';
import { Nick } from './nick.tsx';
import { usePage } from '../page.ts';
import { Panel } from '../panel.tsx';
import { formatCount } from '../words/formats.ts';
import { words } from '../words/words.ts';

/** So few nicks are found sooner by the eye than by writing. */
const fewMax = 8;

/** Who is here. */
export function People() {
  const { live, members } = usePage();
  const { here, title } = words.people;
  const sought = useSignal('');
  const isCountOnly = live.value?.roster === 'count';
  const isLong = isCountOnly || (members.value?.length ?? 0) > fewMax;
  return (
    <Panel
      name="people"
      label={title}
      title={
        <>
          {here}
          {live.value && <span class="tally">{formatCount(live.value.online)}</span>}
        </>
      }
    >
      {isLong && (
        <input
          type="search"
          class="find"
          aria-label={words.people.find}
          placeholder={words.people.find}
          autoComplete="off"
          spellcheck={false}
          dir="auto"
          value={sought}
          onInput={(event) => {
            sought.value = event.currentTarget.value;
          }}
        />
      )}
      {isCountOnly ? (
        <FarAway sought={sought.value.trim()} />
      ) : (
        members.value && <Nearby members={members.value} sought={isLong ? sought.value : ''} />
      )}
    </Panel>
  );
}

/** A room whose members the page knows: the list holds those whose nick has this in it. */
function Nearby({
  members,
  sought,
}: {
  readonly members: readonly Who[];
  readonly sought: string;
}) {
  const part = sought.trim().toLowerCase();
  const found = members.filter(({ nick }) => nick.toLowerCase().includes(part));
  return <List members={found} sought={part} />;
}

/** A large room: the server tells only how many there are, and is asked for a nick. */
function FarAway({ sought }: { readonly sought: string }) {
  const { client } = usePage();
  const found = useSignal<Matches | 'looking'>('looking');
  useEffect(() => {
    found.value = 'looking';
    if (sought === '') return undefined;
    return lookUp(client, sought, (answer) => {
      found.value = answer;
    });
  }, [sought, client]);
  if (sought === '') return <p>{words.people.onlyCount}</p>;
  if (found.value === 'looking') return <p role="status">{words.people.looking}</p>;
  if (found.value === null) return <p class="refusal">{words.people.notFound}</p>;
  const { members, more } = found.value;
  return (
    <>
      <List members={members} sought={sought} />
      {more && <p>{words.people.more}</p>}
    </>
  );
}

interface ListProps {
  readonly members: readonly Who[];
  readonly sought: string;
}

function List({ members, sought }: ListProps) {
  const { you } = usePage();
  if (members.length === 0) {
    const { nobody, nobodyYet } = words.people;
    return <p role="status">{sought === '' ? nobodyYet : nobody(sought)}</p>;
  }
  return (
    <ul>
      {members.map(({ id, nick, role }) => (
        <li key={id} class={hueOf(nick)}>
          <span class="coma" aria-hidden="true">
            {firstCharacter(nick)}
          </span>
          <Nick nick={nick} isKeeper={role === 'keeper'} />
          {id === you.value?.id && <span class="self">{words.people.you}</span>}
        </li>
      ))}
    </ul>
  );
}
