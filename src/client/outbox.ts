/**
 * What was said and is not recorded yet. Messages go out one at a time, in the order in which they
 * were said, and each under an id of its own: whatever happens to an answer, the same id is sent
 * again, and the room records it once.
 *
 * A message leaves the outbox when its answer is heard or when its entry arrives, whichever is
 * first. One that the server refuses for good stays, with the reason, until it is retried or
 * discarded; those behind it go on.
 */
import type { Message, Seq, Who } from '../protocol/entries.ts';
import type { CommandReply, Said } from '../protocol/replies.ts';
import { fail, isPassing, type Answer, type Failure } from './answer.ts';
import { backoffMs } from './backoff.ts';
import type { ClientClock } from './clock.ts';
import type { Pending } from './kept.ts';
import type { Replica } from './replica.ts';
import type { PendingLine } from './room-state.ts';

export type Spoken = Answer<{ readonly seq: Seq } | { readonly reply: string }>;

export interface OutboxParts {
  readonly clock: ClientClock;
  readonly random: () => number;
  readonly newId: () => string;
  /** While we are nobody in it, nothing is sent. */
  readonly replica: Replica;
  readonly send: (pending: Pending) => Promise<Answer<{ body: Said | CommandReply }>>;
  /** What is pending has changed. */
  readonly changed: () => void;
  readonly refused: (line: PendingLine) => void;
}

export interface Outbox {
  say(text: string, replyTo?: Seq): Promise<Spoken>;
  readonly retry: (id: string) => void;
  readonly discard: (id: string) => void;
  /** A message was recorded: it may be one of ours. */
  heard(message: Message): void;
  /** Sends what is due, unless that is under way. */
  readonly flush: () => void;
  /** The server is there again: a wait because it was not is over. */
  readonly hurry: () => void;
  /** Takes everything back, for this reason. What is kept for a reload is not touched. */
  empty(reason: Failure): void;
  view(): readonly PendingLine[];
  /** What a reload should find again. */
  toKeep(): readonly Pending[];
}

/** Messages that may wait. Whoever has written more than this offline should hear that it is so. */
export const pendingMax = 100;

/** The code of the keepers is neither stored nor shown. */
function isSecret(text: string): boolean {
  // Behind what cannot be seen it is a command all the same.
  return /^[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*\/keeper\b/iu.test(text);
}

export function outbox(parts: OutboxParts, kept: readonly Pending[]): Outbox {
  const { clock, random, replica, changed } = parts;
  let queue: readonly Pending[] = kept;
  /** Who waits to hear what became of a message, by its id. Nobody, after a reload. */
  const asking = new Map<string, (spoken: Spoken) => void>();
  let isSending = false;
  let wait: { readonly isForServer: boolean; readonly end: () => void } | null = null;

  return {
    async say(text, replyTo) {
      if (queue.length >= pendingMax) {
        return fail('TOO_MANY', `${pendingMax} messages are waiting already, say this later`);
      }
      const pending = { id: parts.newId(), text, replyTo };
      const spoken = new Promise<Spoken>((resolve) => asking.set(pending.id, resolve));
      queue = [...queue, pending];
      changed();
      flush();
      return await spoken;
    },

    retry(id) {
      replace(id, ({ by: _by, failure: _failure, ...pending }) => pending);
      flush();
    },

    discard(id) {
      settle(id, fail('DISCARDED', 'The message was taken back'));
    },

    heard({ id, by, seq }) {
      const ours = queue.find((pending) => pending.id === id && pending.by === by.id);
      if (ours) settle(id, { ok: true, seq });
    },

    flush,

    hurry() {
      if (wait?.isForServer) wait.end();
      flush();
    },

    empty(reason) {
      for (const { id } of queue) settle(id, reason);
      wait?.end();
    },

    view: () => queue.map(lineOf),

    toKeep: () => queue.filter(({ text }) => !isSecret(text)),
  };

  function flush(): void {
    if (!isSending) void sendAll();
  }

  async function sendAll(): Promise<void> {
    isSending = true;
    let attempt = 0;
    for (;;) {
      const next = queue.find(({ failure }) => !failure);
      const { you, era } = replica;
      if (!next || !you) break;
      if (next.by && next.by !== you.id) {
        // It may be recorded under who we were, and would be a second time under who we are.
        refuse(next, fail('NO_SESSION', 'It may have been sent before you joined again'));
        continue;
      }
      // Kept before it is sent: after a reload the entry must be known for ours.
      replace(next.id, (pending) => ({ ...pending, by: you.id, retryAt: undefined }));
      const answer = await parts.send(next);
      // Its entry came by poll before its answer, or it was discarded.
      const isSettled = !queue.some(({ id }) => id === next.id);
      if (!isSettled && !answer.ok && mayPass(answer)) {
        const ms = backoffMs(++attempt, random, answer);
        const retryAt = answer.status === 429 ? clock.now() + ms : undefined;
        replace(next.id, (pending) => ({ ...pending, retryAt }));
        await waitFor(ms, answer);
        continue;
      }
      attempt = 0;
      if (isSettled) continue;
      if (!answer.ok) refuse(next, answer);
      // An answer from before a reset tells of a history that is gone; the same id, sent again,
      // is recorded in this one, unless it is there.
      else if (era === replica.era) accept(next, you, answer.body);
    }
    isSending = false;
  }

  /** Without a session a message waits, too: whether we are out is for the polls to find out. */
  function mayPass(failure: Failure): boolean {
    return isPassing(failure) || failure.code === 'NO_SESSION';
  }

  function waitFor(ms: number, { code }: Failure): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        wait = null;
        resolve();
      };
      const cancel = clock.after(ms, end);
      wait = { isForServer: code === 'UNREACHABLE' || code === 'NO_SESSION', end };
    });
  }

  function accept(pending: Pending, you: Who, body: Said | CommandReply): void {
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
    settle(id, { ok: true, seq });
  }

  function refuse(pending: Pending, failure: Failure): void {
    answer(pending.id, failure);
    replace(pending.id, () => ({ ...pending, failure }));
    parts.refused(lineOf({ ...pending, failure }));
  }

  function settle(id: string, spoken: Spoken): void {
    queue = queue.filter((pending) => pending.id !== id);
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

function lineOf({ id, text, replyTo, failure, retryAt }: Pending): PendingLine {
  const shown = isSecret(text) ? '/keeper …' : text;
  return { type: 'pending', id, text: shown, replyTo, failure, retryAt };
}
