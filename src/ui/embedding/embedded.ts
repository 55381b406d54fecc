/**
 * The page in a frame of another site, as `<encke-chat>` shows it. No cookie counts here: browsers
 * keep it from a frame of another site, so the session is a token in memory. For a reload it also
 * stands in `sessionStorage`, which ends with the tab, and which browsers keep apart for each site
 * around the frame; where they refuse it, in memory alone. What the site wishes is how the page
 * looks; what it is told is that something happened. The browser has made sure that the site may
 * embed the room (`frame-ancestors`), and vouches for its origin.
 */
// Named for the sake of the bundler, as in aside.ts.
import '../main.tsx';
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { readWishes, type FromRoom, type Wishes } from '../../widget/messages.ts';
import { dress } from './dress.ts';
import { countOverlooked } from '../attention/overlooked.ts';
import type { View } from '../view.ts';

export interface Embedding {
  /** The languages to speak, the best first. */
  readonly languages: readonly string[];
  /** Tells the site what happens in the page, and the page what the site would call the visitor. */
  follow(view: View): void;
}

/** Begins to listen to the site around the page; null where the page stands on its own. */
export function openEmbedding(): Embedding | null {
  const query = new URLSearchParams(location.search);
  const asked = readWishes({ ...Object.fromEntries(query), encke: 'wishes' });
  if (query.get('embed') !== '1' || window.parent === window || asked === null) return null;
  document.documentElement.classList.add('is-embedded');
  dress(asked);
  const nick = signal('');
  /** Where the site is, once it has told. */
  const site = signal<string | null>(null);
  const hear = (wishes: Wishes, origin: string): void => {
    if (wishes.lang !== asked.lang) return speakAnew(query, wishes);
    dress(wishes);
    nick.value = wishes.nick;
    site.value = origin;
  };

  addEventListener('message', ({ source, origin, data }) => {
    // Every frame and window can send here; only the page around us is asked. One that has no
    // origin of its own could not be told anything without telling everybody.
    if (source !== window.parent || !/^https?:/.test(origin)) return;
    const wishes = readWishes(data);
    if (wishes !== null) hear(wishes, origin);
  });
  // To whoever is around, because who that is, is known by the answer; so it says nothing.
  window.parent.postMessage({ encke: 'hello' } satisfies FromRoom, '*');

  return {
    languages: [...(isLanguage(asked.lang) ? [asked.lang] : []), ...navigator.languages],
    follow(view) {
      effect(() => {
        view.suggestedNick.value = nick.value;
      });
      report(view, site);
    },
  };
}

/** Tells the site what happens, and what has happened before it could be told. */
function report(view: View, site: ReadonlySignal<string | null>): void {
  const tell = (message: FromRoom): void => {
    if (site.value !== null) window.parent.postMessage(message, site.value);
  };
  const unread = countOverlooked(view);
  let isReady = false;
  let told: string | null = null;
  effect(() => {
    if (site.value === null || !view.isResumed.value) return;
    // First that there is a room, then who is in it: a site may show one in place of the other.
    if (!isReady) tell({ encke: 'ready' });
    isReady = true;
    const nick = view.you.value?.nick ?? null;
    if (nick === told) return;
    told = nick;
    tell(nick === null ? { encke: 'left' } : { encke: 'joined', nick });
  });
  view.client.on('entry', (entry) => {
    if (entry.type !== 'message') return;
    const { seq, at, by } = entry;
    tell({ encke: 'message', seq, at, nick: by.nick, isOwn: by.id === view.you.value?.id });
  });
  effect(() => tell({ encke: 'unread', unread: unread.value }));
}

/** A page speaks one language from its beginning: another one begins it again. */
function speakAnew(query: URLSearchParams, { theme, accent, lang }: Wishes): void {
  for (const [name, wish] of Object.entries({ theme, accent, lang })) query.set(name, wish);
  location.replace(`/?${query}`);
}

function isLanguage(text: string): boolean {
  return /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(text);
}
