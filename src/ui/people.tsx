import { useLayoutEffect, useRef } from 'preact/hooks';
import { firstCharacter } from './characters.ts';
import { hueOf } from './hue.ts';
import { Nick } from './nick.tsx';
import { usePage } from './page.ts';
import { formatCount, formatMany } from './times.ts';

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
      aria-label="Who is here"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="people-head">
        <h2>Here now{live.value && ` · ${formatCount(live.value.online)}`}</h2>
        <button type="button" class="plain people-close" ref={closeButton} onClick={close}>
          Close
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
              {id === you.value?.id && <span class="self">you</span>}
            </li>
          ))}
        </ul>
      ) : (
        live.value?.roster === 'count' && (
          <p>
            {formatMany(live.value.online, 'person is', 'people are')} here. In a room of this size
            only their number is told.
          </p>
        )
      )}
    </aside>
  );
}
