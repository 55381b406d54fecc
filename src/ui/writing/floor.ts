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
  | { readonly kind: 'quiet' }
  /**
   * Whoever learned it by a refusal alone may try again: nobody tells them when it is over. So may
   * whoever has missed a part of what was said since.
   */
  | { readonly kind: 'muted'; readonly mayTry: boolean }
  | { readonly kind: 'slow' | 'fast'; readonly until: number };

/** The newest message of ours, and when it was said by the clock here. */
interface Said {
  readonly seq: Seq;
  readonly at: number;
}

/** Whether we are muted, and the newest entry that this takes account of. */
interface Mute {
  readonly isMuted: boolean;
  readonly seq: Seq;
  /** A notice has said so, and another one will say when it is over. A refusal leaves it open. */
  readonly isTold: boolean;
}

const unmuted: Mute = { isMuted: false, seq: 0 as Seq, isTold: false };

export class Floor {
  readonly #now: () => number;
  readonly #client: Pick<Copy, 'state'>;
  readonly #said = signal<Said | null>(null);
  readonly #mute = signal(unmuted);
  /** What keeps us from speaking. One that has a time is over at that time by itself. */
  readonly hindrance: ReadonlySignal<Hindrance | null>;

  readonly #ends: readonly (() => void)[];

  constructor(client: Pick<Copy, 'state' | 'subscribe' | 'on'>, now: () => number = Date.now) {
    this.#now = now;
    this.#client = client;
    const state = signal<RoomState>(client.state);
    this.hindrance = computed(() =>
      hindranceIn(state.value, this.#said.value?.at ?? -Infinity, this.#mute.value),
    );
    const { you } = client.state;
    if (you !== null && rememberedMute() === you.id) {
      this.#mute.value = { ...unmuted, isMuted: true, isTold: true };
    }
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
        if (notice) this.#learn(notice.text === notices.muted, notice.seq, true);
      }),
      // A quiet room refuses with the same code. Once it has another mode that counts no more.
      effect(() => {
        const mode = state.value.lines.findLast(({ type }) => type === 'mode');
        if (mode?.type === 'mode' && !this.#mute.peek().isTold) this.#learn(false, mode.seq);
      }),
      // In another history nothing of this has happened.
      client.on('reset', () => {
        this.#said.value = null;
        this.#mute.value = unmuted;
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
    if (code !== 'MUTED' || this.#mute.peek().isMuted) return;
    const newest = this.#client.state.lines.findLast((line) => 'seq' in line);
    this.#learn(true, newest?.seq ?? (0 as Seq));
  }

  /** Takes account of an entry, unless a newer one has told more. */
  #learn(isMuted: boolean, seq: Seq, isTold = false): void {
    const known = this.#mute.peek();
    if (seq < known.seq || (seq === known.seq && !isMuted)) return;
    this.#mute.value = { isMuted, seq, isTold };
    rememberMute(isMuted && isTold ? (this.#client.state.you?.id ?? '') : '');
  }
}

/** What keeps us from speaking at this instant. */
export function hindranceNow(hindrance: Hindrance | null, now = Date.now()): Hindrance | null {
  if (hindrance === null) return null;
  const isOpen =
    'until' in hindrance ? hindrance.until <= now : 'mayTry' in hindrance && hindrance.mayTry;
  return isOpen ? null : hindrance;
}

function hindranceIn(
  { room, you, lines }: RoomState,
  saidAt: number,
  { isMuted, isTold, seq }: Mute,
): Hindrance | null {
  if (!room || you?.role === 'keeper') return null;
  if (room.mode === 'quiet') return { kind: 'quiet' };
  if (isMuted) {
    // The notice that it is over may stand in what was left out since.
    const isMissed = lines.some((line) => line.type === 'gap' && line.to > seq);
    return { kind: 'muted', mayTry: !isTold || isMissed };
  }
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
