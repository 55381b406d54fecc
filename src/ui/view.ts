/**
 * What the page shows: the room as the client has it, taken apart into signals so that a part of
 * the page is drawn again only when its part of the room has changed, and where the reader is in
 * it. This is what the messages need to be drawn, and is there at once; `page.ts` adds what one
 * does beside reading.
 */
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Answer, Failure } from '../client/answer.ts';
import type { Copy } from '../copy/copy.ts';
import type { RoomState, Status } from '../copy/room-state.ts';
import type { Message, Seq, Who } from '../protocol/entries.ts';
import type { Live, RoomInfo } from '../protocol/replies.ts';
import { narrow } from './browser/narrow.ts';
import { arrange, type Row } from './log/rows.ts';
import { stretchesOf, type Stretch } from './log/stretches.ts';
import { linesWith, type Excursion } from './reading/excursion.ts';
import { Reading } from './reading/reading.ts';
import { Unread } from './reading/unread.ts';
import { mentionable } from './text/mentionable.ts';

export type Panel = 'people' | 'search' | 'settings';

export type Complaint = Failure | string;

export interface View {
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
  /** What is shown in place of the present, or before it. */
  readonly excursion: Signal<Excursion | null>;
  /** Whether there is more than is shown further up. */
  readonly hasOlder: ReadonlySignal<boolean>;
  /** The message of ours that is being edited. */
  readonly edited: Signal<Seq | null>;
  /** The message to which the reader was led: by a link, an answer, or a search. */
  readonly target: Signal<Seq | null>;
  /** The message that is being answered. */
  readonly replyingTo: Signal<Message | null>;
  /** The message at which the keyboard was last; where the tab key leads among the messages. */
  readonly visited: Signal<Seq | null>;
  readonly tabStop: ReadonlySignal<Seq | null>;
  /** Nicks that a text does not tell from what stands around them. */
  readonly mentionable: ReadonlySignal<readonly string[]>;
  readonly reading: Reading;
  readonly unread: Unread;
  /** What is open beside the messages, or over them. */
  readonly panel: Signal<Panel | null>;
  /** Whether panels lie over the messages, and not beside them. */
  readonly isNarrow: ReadonlySignal<boolean>;
  /** What the visitor might like to be called, says the site that embeds the room. */
  readonly suggestedNick: Signal<string>;
  /** Why the last thing that was asked for could not be done; words where they say it better. */
  readonly complaint: Signal<Complaint | null>;
  /** Asks for something, and complains when it cannot be done. */
  readonly attempt: (asked: Promise<Answer>, say?: (why: Failure) => Complaint) => Promise<void>;
}

const context = createContext<View | null>(null);

export const ViewContext = context.Provider;

export function useView(): View {
  const view = useContext(context);
  if (view === null) throw new Error('A part of the page stands outside of it');
  return view;
}

/** Nobody has told yet who only looks in. */
const connecting: Status = { kind: 'connecting' };

/**
 * Begins to follow a client, with the session that is there. Both live as long as the document, and
 * so are never closed.
 */
export function openView(client: Copy): View {
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
  const excursion = signal<Excursion | null>(null);
  const reading = new Reading();
  const unread = new Unread(client, reading);
  const rows = computed(() =>
    arrange(linesWith(excursion.value, lines.value), {
      you: author.value,
      unread: unread.first.value,
    }),
  );
  const stretches = computed(() => (known = stretchesOf(rows.value, known)));
  let known: readonly Stretch[] = [];
  const places = placesIn(client);
  const complaint = signal<Complaint | null>(null);

  return {
    client,
    status: computed(() => {
      const { status } = state.value;
      return status.kind === 'idle' && !isResumed.value ? connecting : status;
    }),
    isResumed,
    you,
    author,
    room: computed(() => state.value.room),
    live: computed(() => state.value.live),
    members: computed(() => state.value.members),
    rows,
    stretches,
    excursion,
    hasOlder: computed(() => excursion.value?.hasOlder ?? state.value.hasMore),
    ...places,
    tabStop: computed(() => tabStopAmong(rows.value, places.visited.value)),
    mentionable: mentionable(state),
    reading,
    unread,
    panel: signal<Panel | null>(null),
    isNarrow: narrow(),
    suggestedNick: signal(''),
    complaint,
    async attempt(asked, say = (why) => why) {
      complaint.value = null;
      const answer = await asked;
      if (!answer.ok) complaint.value = say(answer);
    },
  };
}

/** The messages that something is about. In another history the same seqs are other ones. */
function placesIn(client: Copy): Pick<View, 'edited' | 'target' | 'visited' | 'replyingTo'> {
  const places = {
    edited: signal<Seq | null>(null),
    target: signal<Seq | null>(null),
    visited: signal<Seq | null>(null),
    replyingTo: signal<Message | null>(null),
  };
  client.on('reset', () => {
    for (const place of Object.values(places)) place.value = null;
  });
  return places;
}

/** The message that was visited, while it is there; otherwise the newest. */
function tabStopAmong(rows: readonly Row[], visited: Seq | null): Seq | null {
  const isStop = (row: Row): boolean => row.kind === 'message' && row.message.seq === visited;
  const stop = rows.findLast(isStop) ?? rows.findLast(({ kind }) => kind === 'message');
  return stop?.kind === 'message' ? stop.message.seq : null;
}
