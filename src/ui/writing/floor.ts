/** Whether what is written can be said now: whether we have the floor, or when we have it. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FailureCode } from '../../client/answer.ts';
import type { Copy } from '../../copy/copy.ts';
import type { RoomState } from '../../copy/room-state.ts';
import type { Message, Seq } from '../../protocol/entries.ts';

/** Why nothing can be said now. `until` is in milliseconds since 1970, by the clock here. */
export type Hindrance =
  | { readonly kind: 'quiet' | 'muted' }
  | { readonly kind: 'slow' | 'fast'; readonly until: number };

/** The newest message of ours, and when it was said by the clock here. */
interface Said {
  readonly seq: Seq;
  readonly at: number;
}

export class Floor {
  readonly #now: () => number;
  readonly #said = signal<Said | null>(null);
  readonly #isMuted = signal(false);
  /** What keeps us from speaking. One that has a time is over at that time by itself. */
  readonly hindrance: ReadonlySignal<Hindrance | null>;

  readonly #ends: readonly (() => void)[];

  constructor(client: Pick<Copy, 'state' | 'subscribe' | 'on'>, now: () => number = Date.now) {
    this.#now = now;
    const state = signal<RoomState>(client.state);
    this.hindrance = computed(() =>
      hindranceIn(state.value, this.#said.value?.at ?? -Infinity, this.#isMuted.value),
    );
    this.#ends = [
      client.subscribe((now) => {
        state.value = now;
      }),
      effect(() => {
        const newest = newestOfOurs(state.value);
        if (newest) this.said(newest.seq, newest.at);
      }),
      // Whoever is muted, or may speak again, gets a notice. Which it was, the next try tells.
      client.on('entry', (entry) => {
        if (entry.type === 'notice' && entry.to !== undefined) this.#isMuted.value = false;
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
    this.#isMuted.value = false;
    // The clock there may be ahead of ours, and nobody should wait for the difference.
    this.#said.value = { seq, at: Math.min(at, this.#now()) };
  }

  /** Something of ours was refused. */
  refused(code: FailureCode): void {
    if (code === 'MUTED') this.#isMuted.value = true;
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
