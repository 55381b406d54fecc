/** What stands beside the messages, or opens over them. */
import { useRef } from 'preact/hooks';
import { Announcer } from './attention/announcer.tsx';
import { usePage } from './page.ts';
import { People } from './people/people.tsx';
import { SearchPanel } from './search/search-panel.tsx';
import { KeyboardMap } from './settings/keyboard-map.tsx';
import { SettingsPanel } from './settings/settings-panel.tsx';

export function Beside() {
  const { isNarrow, keys, panel } = usePage();
  // It stays when it is closed: only so the browser gives the focus back.
  const hasShownKeys = useRef(false);
  hasShownKeys.current ||= keys.value;
  return (
    <>
      {isNarrow.value && panel.value !== null && <Scrim />}
      <Side />
      <Announcer />
      {hasShownKeys.current && <KeyboardMap />}
    </>
  );
}

/** A click beside a panel closes it. For the keyboard there are Escape and the panel's button. */
function Scrim() {
  const { panel } = usePage();
  return (
    <div
      class="scrim"
      role="presentation"
      onClick={() => {
        panel.value = null;
      }}
    />
  );
}

/** One panel at a time. The list of people is there as well when none is open, if there is room. */
function Side() {
  switch (usePage().panel.value) {
    case 'settings':
      return <SettingsPanel />;
    case 'search':
      return <SearchPanel />;
    default:
      return <People />;
  }
}
