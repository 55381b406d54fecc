/**
 * What the page knows: the room as the client has it, taken apart into signals so that a part of
 * the page is drawn again only when its part of the room has changed, and beside it what is the
 * page's alone: which message is being edited, what could not be done.
 */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Answer, Failure } from '../client/answer.ts';
import type { Copy } from '../copy/copy.ts';
import type { RoomState, Status } from '../copy/room-state.ts';
import type { Message, Seq, Who } from '../protocol/entries.ts';
import type { Live, RoomInfo } from '../protocol/replies.ts';
import { attention, type Attention } from './attention/attention.ts';
import { mentionable } from './text/mentionable.ts';
import { KnownNicks } from './log/known-nicks.ts';
import { leading, type Leading } from './reading/leading.ts';
import { narrow } from './browser/narrow.ts';
import { older, type Older } from './reading/older.ts';
import { Past } from './reading/past.ts';
import { Quoted } from './log/quoted.ts';
import { Reading } from './reading/reading.ts';
import { arrange, type Row } from './log/rows.ts';
import { messagesOf, stretchesOf, type Stretch } from './log/stretches.ts';
import { Unread } from './reading/unread.ts';
import { words } from './words/words.ts';

export type Panel = 'people' | 'search' | 'settings';

export interface Page extends Leading {
  readonly client: Copy;
  readonly status: ReadonlySignal<Status>;
  /** Whether the room has told for the first time if we are somebody here. */
  readonly isResumed: ReadonlySignal<boolean>;
  readonly you: ReadonlySignal<Who | null>;
  /** Who we are or last were in the room: whose the pending messages are. */
  readonly author: ReadonlySignal<Who | null>;
  readonly room: ReadonlySignal<RoomInfo | null>;
  readonly live: ReadonlySignal<Live | null>;
  readonly members: ReadonlySignal<readonly Who[] | null>;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly stretches: ReadonlySignal<readonly Stretch[]>;
  /** The message whose actions are shown. */
  readonly opened: Signal<Seq | null>;
  /** The message of ours that is being edited. */
  readonly edited: Signal<Seq | null>;
  /** The message at which the keyboard was last; where the tab key leads among the messages. */
  readonly visited: Signal<Seq | null>;
  readonly tabStop: ReadonlySignal<Seq | null>;
  /** Nicks that a text does not tell from what stands around them. */
  readonly mentionable: ReadonlySignal<readonly string[]>;
  /** The message that the mouse points at. */
  readonly pointed: Signal<Seq | null>;
  readonly reading: Reading;
  readonly past: Past;
  readonly unread: Unread;
  readonly quoted: Quoted;
  readonly nicks: KnownNicks;
  /** What is open beside the messages, or over them. */
  readonly panel: Signal<Panel | null>;
  /** Whether panels lie over the messages, and not beside them. */
  readonly isNarrow: ReadonlySignal<boolean>;
  /** Whether the list of keys is shown. */
  readonly keys: Signal<boolean>;
  readonly attention: Attention;
  readonly older: Older;
  /** What is being written. */
  readonly draft: Signal<string>;
  /** What the visitor might like to be called, says the site that embeds the room. */
  readonly suggestedNick: Signal<string>;
  /** Why the last thing that was asked for could not be done. */
  readonly complaint: Signal<string | null>;
  /** Asks for something, and complains when it cannot be done. */
  readonly attempt: (asked: Promise<Answer>) => Promise<void>;
  /** The newest message of ours that can be edited. */
  readonly newestOfOurs: () => Message | null;
}

const context = createContext<Page | null>(null);

export const PageContext = context.Provider;

export function usePage(): Page {
  const page = useContext(context);
  if (page === null) throw new Error('A part of the page stands outside of it');
  return page;
}

/**
 * Begins to follow a client, with the session that is there. Both live as long as the document, and
 * so are never closed.
 */
export function openPage(client: Copy): Page {
  const state = signal<RoomState>(client.state);
  const author = signal<Who | null>(client.state.you);
  client.subscribe((now) => {
    state.value = now;
    author.value = now.you ?? author.value;
  });
  const isResumed = signal(false);
  void client.resume().then(() => {
    isResumed.value = true;
  });
  const you = computed(() => state.value.you);
  const lines = computed(() => state.value.lines);
  const reading = new Reading();
  const past = new Past(client);
  effect(() => reading.setAway(past.isAway.value));
  const unread = new Unread(client, reading);
  const nicks = mentionable(state);
  const rows = computed(() =>
    arrange(past.linesWith(lines.value), { you: author.value, unread: unread.first.value }),
  );
  const stretches = computed(() => (known = stretchesOf(rows.value, known)));
  let known: readonly Stretch[] = [];
  const visited = signal<Seq | null>(null);
  const complaint = signal<string | null>(null);
  const attempt = async (asked: Promise<Answer>): Promise<void> => {
    complaint.value = null;
    const answer = await asked;
    if (!answer.ok) complaint.value = sentence(answer);
  };

  const led = leading({ reading, past, attempt });
  const edited = signal<Seq | null>(null);
  // In another history the same seqs are other messages.
  client.on('reset', () => {
    led.replyingTo.value = null;
    for (const place of [led.target, edited, visited]) place.value = null;
  });

  return {
    client,
    status: computed(() => state.value.status),
    isResumed,
    you,
    author,
    room: computed(() => state.value.room),
    live: computed(() => state.value.live),
    members: computed(() => state.value.members),
    rows,
    stretches,
    panel: signal<Panel | null>(null),
    isNarrow: narrow(),
    keys: signal(false),
    opened: signal<Seq | null>(null),
    edited,
    visited,
    tabStop: computed(() => tabStopAmong(rows.value, visited.value)),
    mentionable: nicks,
    pointed: signal<Seq | null>(null),
    reading,
    past,
    unread,
    quoted: new Quoted(client),
    nicks: new KnownNicks(client),
    ...led,
    attention: attention({ client, reading, mentionable: nicks }),
    older: older(
      client,
      computed(() => state.value.hasMore),
      past,
    ),
    draft: signal(''),
    suggestedNick: signal(''),
    complaint,
    attempt,
    newestOfOurs() {
      const ours = state.value.lines.findLast(
        (line) => line.type === 'message' && !line.deleted && line.by.id === you.value?.id,
      );
      return ours?.type === 'message' ? ours : null;
    },
  };
}

/** The message that was visited, while it is there; otherwise the newest. */
function tabStopAmong(rows: readonly Row[], visited: Seq | null): Seq | null {
  const stops = messagesOf(rows);
  return stops.find((seq) => seq === visited) ?? stops.at(-1) ?? null;
}

/** Why something failed, as a sentence. */
export function sentence({ code, detail }: Failure): string {
  return words.app.failure(code, detail);
}
