import { usePage } from './page.ts';
import { rescueFocus } from './writing.ts';
import { words } from './words/words.ts';

interface HeaderProps {
  readonly isPeopleOpen: boolean;
  readonly togglePeople: () => void;
}

/** What the room is called and about, whether it is live, and the way out. */
export function Header({ isPeopleOpen, togglePeople }: HeaderProps) {
  const { client, room, live, you, status } = usePage();
  const leave = async (): Promise<void> => {
    await client.leave();
    rescueFocus();
  };
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
      <span class={`state is-${status.value.kind}`}>{words.connection[status.value.kind]}</span>
      {live.value && (
        <button
          type="button"
          class="plain people-button"
          aria-expanded={isPeopleOpen}
          aria-controls="people"
          onClick={togglePeople}
        >
          {words.people.count(live.value.online)}
        </button>
      )}
      {you.value && (
        <button type="button" class="plain" onClick={() => void leave()}>
          {words.app.leave}
        </button>
      )}
    </header>
  );
}
