/** Whether what is written can be said now: whether we have the floor, or when we have it. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FailureCode } from '../../client/answer.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Line, RoomState } from '../../copy/room-state.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { notices } from '../../protocol/notices.ts';
import { rememberedMute, rememberMute } from '../browser/memory.ts';

/** Why nothing can be said now. `until` is in milliseconds since 1970, by the clock here. */
export type Hindrance =
  | { readonly kind: 'quiet' | 'muted' }
  | { readonly kind: 'slow' | 'fast'; readonly until: number };

/** The newest message of ours, and when it was said by the clock here. */
interface Said {
  readonly seq: Seq;
  readonly at: number;
}

/** Whether we are muted, as was told last, and the newest entry that this takes account of. */
interface Mute {
  readonly isMuted: boolean;
  readonly seq: Seq;
}

export class Floor {
  readonly #now: () => number;
  readonly #client: Pick<Copy, 'state'>;
  readonly #said = signal<Said | null>(null);
  readonly #mute = signal<Mute>({ isMuted: false, seq: 0 as Seq });
  /** What keeps us from speaking. One that has a time is over at that time by itself. */
  readonly hindrance: ReadonlySignal<Hindrance | null>;

  readonly #ends: readonly (() => void)[];

  constructor(client: Pick<Copy, 'state' | 'subscribe' | 'on'>, now: () => number = Date.now) {
    this.#now = now;
    this.#client = client;
    const state = signal<RoomState>(client.state);
    this.hindrance = computed(() =>
      hindranceIn(state.value, this.#said.value?.at ?? -Infinity, this.#mute.value.isMuted),
    );
    const { you } = client.state;
    this.#learn(you !== null && rememberedMute() === you.id, 0 as Seq);
    this.#ends = [
      client.subscribe((now) => {
        state.value = now;
      }),
      effect(() => {
        const newest = newestOfOurs(state.value);
        if (newest) this.said(newest.seq, newest.at);
      }),
      // Whoever is muted, or may speak again, gets a notice. After one that says neither, which of
      // them it was is told by the next try.
      effect(() => {
        const notice = newestToUs(state.value);
        if (notice) this.#learn(notice.text === notices.muted, notice.seq);
      }),
      // In another history nothing of this has happened.
      client.on('reset', () => {
        this.#said.value = null;
        this.#mute.value = { isMuted: false, seq: 0 as Seq };
        rememberMute('');
      }),
    ];
  }

  /** Listens no more. */
  close(): void {
    for (const end of this.#ends) end();
  }

  /** Something of ours was recorded: now, or at this time by the server's clock. */
  said(seq: Seq, at = Infinity): void {
    if (seq <= (this.#said.peek()?.seq ?? 0)) return;
    this.#learn(false, seq);
    // The clock there may be ahead of ours, and nobody should wait for the difference.
    this.#said.value = { seq, at: Math.min(at, this.#now()) };
  }

  /** Something of ours was refused. */
  refused(code: FailureCode): void {
    const newest = this.#client.state.lines.findLast((line) => 'seq' in line);
    if (code === 'MUTED') this.#learn(true, newest?.seq ?? (0 as Seq));
  }

  /** Takes account of an entry, unless a newer one has told more. */
  #learn(isMuted: boolean, seq: Seq): void {
    const known = this.#mute.peek();
    if (seq < known.seq || (seq === known.seq && !isMuted)) return;
    this.#mute.value = { isMuted, seq };
    rememberMute(isMuted ? (this.#client.state.you?.id ?? '') : '');
  }
}

/** What keeps us from speaking at this instant. */
export function hindranceNow(hindrance: Hindrance | null, now = Date.now()): Hindrance | null {
  return hindrance && 'until' in hindrance && hindrance.until <= now ? null : hindrance;
}

function hindranceIn(
  { room, you, lines }: RoomState,
  saidAt: number,
  isMuted: boolean,
): Hindrance | null {
  if (!room || you?.role === 'keeper') return null;
  if (room.mode === 'quiet') return { kind: 'quiet' };
  if (isMuted) return { kind: 'muted' };
  // The server has said when to ask again; that is what counts.
  const waiting = lines.findLast((line) => line.type === 'pending' && line.retryAt !== undefined);
  const retryAt = waiting?.type === 'pending' ? waiting.retryAt : undefined;
  if (retryAt !== undefined) return { kind: room.slowMs > 0 ? 'slow' : 'fast', until: retryAt };
  return room.slowMs > 0 ? { kind: 'slow', until: saidAt + room.slowMs } : null;
}

/** The newest message of ours, where it matters when it was said. */
function newestOfOurs({ room, you, lines }: RoomState): Message | null {
  if (!room?.slowMs || !you) return null;
  const newest = lines.findLast((line) => line.type === 'message' && line.by.id === you.id);
  return newest?.type === 'message' ? newest : null;
}

/** What the room has told us alone, the newest of it. */
function newestToUs({ you, lines }: RoomState): Extract<Line, { type: 'notice' }> | null {
  const newest = lines.findLast((line) => line.type === 'notice' && line.to === you?.id);
  return you && newest?.type === 'notice' ? newest : null;
}
