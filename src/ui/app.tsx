/** The page as a whole: the room above, where one writes below, who is here beside it. */
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Header } from './header.tsx';
import { aside, later, loadAside } from './later.tsx';
import { Log } from './log/log.tsx';
import { useView, ViewContext, type View } from './view.ts';

const Skip = later((aside) => aside.Skip);
const Banner = later((aside) => aside.Banner);
const UnreadAbove = later((aside) => aside.UnreadAbove);
const Foot = later((aside) => aside.Foot, FootToCome);
const Beside = later((aside) => aside.Beside, BesideToCome);

export function App({ view }: { readonly view: View }) {
  const { panel, isNarrow } = view;
  useAside(view);
  // What lies under a panel takes no keys and no clicks, and is not read out.
  const isCovered = isNarrow.value && panel.value !== null && aside.value !== null;
  return (
    <ViewContext value={view}>
      <Skip />
      <div class="room" inert={isCovered}>
        <Header />
        <main class="main">
          <Banner />
          <UnreadAbove />
          <Log view={view} />
          <Foot />
        </main>
      </div>
      <Beside />
    </ViewContext>
  );
}

/**
 * What one does beside reading is loaded once there is something to read, or there is none for now,
 * or once something is opened: the messages do not share their way with it.
 */
function useAside({ panel, room, status }: View): void {
  const isDue = useComputed(() => {
    return room.value !== null || panel.value !== null || status.value.kind !== 'connecting';
  }).value;
  // After it is painted.
  useEffect(() => {
    if (isDue) void loadAside();
  }, [isDue]);
}

/** Keeps the place of who is here, where there is room for it. */
function BesideToCome() {
  return <aside class="panel people" />;
}

/** As high as what is coming: the way in, or where one writes. */
function FootToCome() {
  const { you, room, isResumed } = useView();
  const isTold = room.value !== null || isResumed.value;
  return (
    <div class="foot">
      {isTold && <div class={`${you.value === null ? 'join' : 'composer'} is-coming`} />}
    </div>
  );
}
