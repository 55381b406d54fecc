import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import { icons } from './icons.ts';
import { useView, type Panel } from './view.ts';
import { formatCount } from './words/formats.ts';
import { words } from './words/words.ts';

/** What the room is called and about, whether it is live, and what can be opened beside it. */
export function Header() {
  const { room, live, status } = useView();
  const { kind } = status.value;
  return (
    <header class="header">
      <img class="mark" src="icon.svg" alt="" width="32" height="32" />
      <div class="titles">
        <h1 dir="auto">{room.value?.title ?? words.app.name}</h1>
        {room.value && room.value.topic !== '' && (
          <p class="topic" dir="auto" title={room.value.topic}>
            {room.value.topic}
          </p>
        )}
      </div>
      <span class={`state is-${kind}`}>{words.connection[kind]}</span>
      <div class="tools">
        {live.value && (
          <Opener name="people" label={words.people.count(live.value.online)}>
            <Icon path={icons.people} />
            <span aria-hidden="true">{formatCount(live.value.online)}</span>
          </Opener>
        )}
        <Opener name="search" label={words.app.search}>
          <Icon path={icons.search} />
        </Opener>
        <Opener name="settings" label={words.app.settings}>
          <Icon path={icons.settings} />
        </Opener>
      </div>
    </header>
  );
}

interface OpenerProps {
  readonly name: Panel;
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Opens something beside the messages, and closes it again. */
function Opener({ name, label, children }: OpenerProps) {
  const { panel } = useView();
  const isOpen = panel.value === name;
  return (
    <button
      type="button"
      class={`sign ${name}-button`}
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      aria-controls={isOpen ? `panel-${name}` : undefined}
      onClick={() => {
        panel.value = isOpen ? null : name;
      }}
    >
      {children}
    </button>
  );
}
