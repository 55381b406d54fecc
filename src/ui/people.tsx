import { useLayoutEffect, useRef } from 'preact/hooks';
import { firstCharacter } from './characters.ts';
import { hueOf } from './hue.ts';
import { Nick } from './nick.tsx';
import { usePage } from './page.ts';
import { formatCount } from './words/formats.ts';
import { words } from './words/words.ts';

interface PeopleProps {
  /** Only on a narrow page: where there is room, the list is always shown. */
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** Who is here. */
export function People({ isOpen, close }: PeopleProps) {
  const { live, members, you } = usePage();
  const closeButton = useRef<HTMLButtonElement>(null);
  // The list lies over the page then, and who opened it goes on in it.
  useLayoutEffect(() => {
    if (isOpen) closeButton.current?.focus();
  }, [isOpen]);
  return (
    <aside
      id="people"
      class={isOpen ? 'people is-open' : 'people'}
      aria-label={words.people.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="people-head">
        <h2>
          {words.people.here}
          {live.value && ` · ${formatCount(live.value.online)}`}
        </h2>
        <button type="button" class="plain people-close" ref={closeButton} onClick={close}>
          {words.app.close}
        </button>
      </div>
      {members.value ? (
        <ul>
          {members.value.map(({ id, nick, role }) => (
            <li key={id} class={hueOf(nick)}>
              <span class="coma" aria-hidden="true">
                {firstCharacter(nick)}
              </span>
              <Nick nick={nick} isKeeper={role === 'keeper'} />
              {id === you.value?.id && <span class="self">{words.people.you}</span>}
            </li>
          ))}
        </ul>
      ) : (
        live.value?.roster === 'count' && <p>{words.people.onlyCount(live.value.online)}</p>
      )}
    </aside>
  );
}
