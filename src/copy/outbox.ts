/**
 * What was said and is not recorded yet. Messages go out one at a time, in the order in which they
 * were said, and each under an id of its own: whatever happens to an answer, the same id is sent
 * again, and the room records it once.
 *
 * A message leaves the outbox when its answer is heard or when its entry arrives, whichever is
 * first. One that the server refuses for good stays, with the reason, until it is retried or
 * discarded; those behind it go on.
 */
import type { Message, Recorded, Who } from '../protocol/entries.ts';
import type { CommandReply } from '../protocol/replies.ts';
import { fail, type Failure } from '../client/answer.ts';
import type { SayOptions, Spoken } from '../client/client.ts';
import { answeringNone, isSecret, lineOf, type Pending } from './pending.ts';
import type { PendingLine } from './room-state.ts';
import type { Replica } from './replica.ts';

export type SayExtra = Pick<SayOptions, 'replyTo' | 'id'>;

export interface OutboxParts {
  readonly newId: () => string;
  /** While we are nobody in it, nothing is sent. */
  readonly replica: Replica;
  /** Sends a message until it is recorded or refused, or until its signal. */
  readonly send: (text: string, options: SayOptions) => Promise<Spoken>;
  /** What is pending has changed. */
  readonly changed: () => void;
  readonly refused: (line: PendingLine) => void;
}

export interface Outbox {
  /** Under an id that is here already it is the same message. */
  say(text: string, extra: SayExtra): Promise<Spoken>;
  /**
   * Takes in what was kept elsewhere, as far as it is not known here: a tab may have stored what it
   * said, and been gone before anybody heard of it.
   */
  adopt(kept: readonly Pending[]): void;
  readonly retry: (id: string) => void;
  readonly discard: (id: string) => void;
  /** A message was recorded: it may be one of ours. */
  heard(message: Message): void;
  /** Sends what is due, unless that is under way. */
  readonly flush: () => void;
  /** Whether something is on its way. */
  readonly isSending: () => boolean;
  /**
   * Forgets what the messages answer, and sends the one that is under way anew without it. To be
   * called where the history is another: a seq names a message in one history only, and would make
   * an answer to somebody out of one to somebody else.
   */
  readonly forgetAnswered: () => void;
  /** Takes everything back, for this reason. What is kept for a reload is not touched. */
  empty(reason: Failure): void;
  view(): readonly PendingLine[];
  /** What a reload should find again. */
  toKeep(): readonly Pending[];
}

/** Messages that may wait. Whoever has written more than this offline should hear that it is so. */
export const pendingMax = 100;

/**
 * Messages of which it is remembered what became of them: a tab that was away may ask for them once
 * more. An older one that was recorded is recorded once all the same.
 */
const settledMax = 1_000;

export function outbox(parts: OutboxParts, kept: readonly Pending[]): Outbox {
  const { replica, changed } = parts;
  let queue: readonly Pending[] = kept;
  /** Who waits to hear what became of a message, by its id. Nobody, after a reload. */
  const asking = new Map<string, (spoken: Spoken) => void>();
  const settled = new Map<string, Spoken>();
  /** What is being sent: aborted, it is sent no more. */
  let sending: { readonly id: string; readonly cut: AbortController } | null = null;

  return {
    async say(text, { replyTo, id = parts.newId() }) {
      const known = queue.find((pending) => pending.id === id);
      const outcome = known?.failure ?? settled.get(id);
      if (outcome) return outcome;
      if (known) return await spokenOf(id);
      if (queue.length >= pendingMax) {
        return fail('TOO_MANY', `${pendingMax} messages are waiting already, say this later`);
      }
      const spoken = spokenOf(id);
      queue = [...queue, { id, text, replyTo }];
      changed();
      flush();
      return await spoken;
    },

    adopt(kept) {
      const known = new Set([...settled.keys(), ...queue.map(({ id }) => id)]);
      const unknown = kept.filter(({ id }) => !known.has(id));
      if (unknown.length === 0) return;
      queue = [...queue, ...unknown];
      changed();
      flush();
    },

    retry(id) {
      replace(id, ({ by: _by, failure: _failure, ...pending }) => pending);
      flush();
    },

    discard(id) {
      settle(id, fail('DISCARDED', 'The message was taken back'));
    },

    heard({ id, by, seq, at }) {
      const ours = queue.find((pending) => pending.id === id && pending.by === by.id);
      if (ours) settle(id, { ok: true, seq, at });
    },

    flush,
    isSending: () => sending !== null,

    forgetAnswered() {
      if (!queue.some(({ replyTo }) => replyTo)) return;
      const isAnswer = queue.some(({ id, replyTo }) => replyTo && id === sending?.id);
      queue = queue.map(answeringNone);
      if (isAnswer) sending?.cut.abort();
      changed();
    },

    empty(reason) {
      for (const { id } of queue) settle(id, reason);
    },

    view: () => queue.map(lineOf),

    // Until when one waits was said of a try that ends with the page.
    toKeep: () =>
      queue
        .filter(({ text }) => !isSecret(text))
        .map(({ retryAt: _retryAt, ...pending }) => pending),
  };

  function flush(): void {
    if (!sending) void sendAll();
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const next = queue.find(({ failure }) => !failure);
      const { you } = replica;
      if (!next || !you) return;
      const { id, text, replyTo, by = you.id } = next;
      if (by !== you.id) {
        // It may be recorded under who we were, and would be a second time under who we are.
        refuse(next, fail('NO_SESSION', 'It may have been sent before you joined again'));
        continue;
      }
      const cut = new AbortController();
      sending = { id, cut };
      // Kept before it is sent: after a reload the entry must be known for ours.
      replace(id, (pending) => ({ ...pending, by }));
      const waits = (until: number): void => {
        replace(id, (pending) => ({ ...pending, retryAt: until }));
      };
      const spoken = await parts.send(text, { id, replyTo, waits, signal: cut.signal });
      sending = null;
      const now = queue.find((pending) => pending.id === id);
      // Its entry came by poll before its answer, or it was discarded.
      if (!now) continue;
      if (spoken.ok) accept(now, you, spoken);
      else if (spoken.code === 'CLOSED') return;
      // Without a session it waits, too: for who we will be. And one that was cut is sent anew.
      else if (spoken.code !== 'NO_SESSION' && !cut.signal.aborted) refuse(now, spoken);
    }
  }

  function spokenOf(id: string): Promise<Spoken> {
    return new Promise((resolve) => asking.set(id, resolve));
  }

  function accept(pending: Pending, you: Who, body: Recorded | CommandReply): void {
    const { id, replyTo } = pending;
    if ('reply' in body) {
      replica.timeline.tell(id, body.reply);
      settle(id, { ok: true, reply: body.reply });
      return;
    }
    const { seq, at } = body;
    // Shown as we sent it until its entry arrives, which has the last word.
    const text = pending.text.replace(/^\/me\s+/, '');
    replica.timeline.anticipate({
      type: 'message',
      id,
      by: you,
      text,
      seq,
      at,
      ...(replyTo && { replyTo }),
      ...(text !== pending.text && { action: true }),
    });
    settle(id, { ok: true, seq, at });
  }

  function refuse({ retryAt: _retryAt, ...pending }: Pending, failure: Failure): void {
    const refused = { ...pending, failure };
    answer(pending.id, failure);
    replace(pending.id, () => refused);
    parts.refused(lineOf(refused));
  }

  function settle(id: string, spoken: Spoken): void {
    queue = queue.filter((pending) => pending.id !== id);
    settled.set(id, spoken);
    const [oldest] = settled.keys();
    if (oldest !== undefined && settled.size > settledMax) settled.delete(oldest);
    if (sending?.id === id) sending.cut.abort();
    answer(id, spoken);
    changed();
  }

  function answer(id: string, spoken: Spoken): void {
    asking.get(id)?.(spoken);
    asking.delete(id);
  }

  function replace(id: string, change: (pending: Pending) => Pending): void {
    queue = queue.map((pending) => (pending.id === id ? change(pending) : pending));
    changed();
  }
}
