/** The page as a whole: the room above, where one writes below, who is here beside it. */
import { useRef } from 'preact/hooks';
import { Banner } from './connection/banner.tsx';
import { Header } from './header.tsx';
import { later } from './later.tsx';
import { Log } from './log/log.tsx';
import { Newer } from './reading/newer.tsx';
import { Notice } from './notice.tsx';
import { PageContext, usePage, type Page } from './page.ts';
import { UnreadAbove } from './reading/unread-above.tsx';
import { writingId } from './writing/writing.ts';
import { words } from './words/words.ts';

const Announcer = later((aside) => aside.Announcer);
const Composer = later((aside) => aside.Composer, <div class="composer is-coming" />);
const JoinForm = later((aside) => aside.JoinForm);
const KeyboardMap = later((aside) => aside.KeyboardMap);
const People = later(
  (aside) => aside.People,
  // Keeps its place beside the messages, where there is room.
  <aside class="panel people" />,
);
const SearchPanel = later((aside) => aside.SearchPanel);
const SettingsPanel = later((aside) => aside.SettingsPanel);

export function App({ page }: { readonly page: Page }) {
  const { panel, isNarrow } = page;
  // It stays when it is closed: only so the browser gives the focus back.
  const hasShownKeys = useRef(false);
  hasShownKeys.current ||= page.keys.value;
  const isCovered = isNarrow.value && panel.value !== null;
  return (
    <PageContext value={page}>
      <Skip />
      {/* What lies under a panel takes no keys and no clicks, and is not read out. */}
      <div class="room" inert={isCovered}>
        <Header />
        <main class="main">
          <Banner />
          <UnreadAbove />
          <Log page={page} />
          <div class="foot">
            <Newer />
            <Notice />
            <Complaint />
            <Writing />
          </div>
        </main>
      </div>
      {isCovered && <Scrim />}
      <Side />
      <Announcer />
      {hasShownKeys.current && <KeyboardMap />}
    </PageContext>
  );
}

/** The first stop of the keyboard: over what one has read, to where one writes. */
function Skip() {
  const { you, isResumed } = usePage();
  if (you.value === null && !isResumed.value) return null;
  return (
    <a class="skip" href={`#${writingId}`}>
      {words.app.skip}
    </a>
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

function Writing() {
  const { you, isResumed } = usePage();
  if (you.value !== null) return <Composer />;
  return isResumed.value ? <JoinForm /> : null;
}

function Complaint() {
  const { complaint } = usePage();
  return (
    <div class="complaint" role="alert">
      {complaint.value !== null && (
        <>
          <p>{complaint}</p>
          <button
            type="button"
            class="plain"
            onClick={() => {
              complaint.value = null;
            }}
          >
            {words.app.close}
          </button>
        </>
      )}
    </div>
  );
}
