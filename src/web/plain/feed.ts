/**
 * A page that goes on: a poll after the other, on the server's side, whose replies are written into
 * an open answer as they come. To the post office it is a tab like any other; its cursor stands in
 * the link with which it ends.
 *
 * A script that polls shows with each poll that somebody is there. Here nobody asks, and a machine
 * that has vanished would be written to for a quarter of an hour before the network says so. So
 * with each sign of life the page asks the browser for a tiny picture: that is the sign of theirs.
 */
import type { HeldPoll, PollAnswer, Waiter } from '../../chat/mailbox.ts';
import type { PostOffice } from '../../chat/post-office.ts';
import type { Room } from '../../chat/room.ts';
import type { Watcher } from '../../http/request.ts';
import type { Stream } from '../../http/stream.ts';
import { formatCursor, parseCursor, type Cursor } from '../../protocol/cursor.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import type { PollReply } from '../../protocol/replies.ts';
import type { Clock } from '../../supervisor/clock.ts';
import type { Ref } from '../../supervisor/ref.ts';
import type { Proof } from '../proof.ts';
import type { Feeds } from './feeds.ts';
import type { Language } from './language.ts';
import { newestLines } from './lines.ts';
import { endOfStream, gapLine } from './page.ts';

export interface FeedParts {
  readonly clock: Clock;
  readonly postOffice: Ref<PostOffice>;
  readonly room: Ref<Room>;
  readonly feeds: Feeds;
  readonly proof: Proof;
  readonly stream: Stream;
  readonly tab: string;
  readonly language: Language;
  /** The network address that it counts for; null where addresses have no limits. */
  readonly address: string | null;
}

/** How long it waits when a part of the server is being restarted. */
const againMs = 250;

/** What became of a reply: the same for all who were given the same, and read one language. */
interface Shown {
  readonly reply: PollReply;
  readonly markup: Map<Language, string>;
}

const known = new WeakMap<PollAnswer, Shown>();

export class Feed implements Waiter, Watcher {
  readonly #parts: FeedParts;
  readonly #beganMs: number;
  #after: Cursor;
  #turn = 0;
  #beats = 0;
  #beatMs: number;
  #held: HeldPoll | null = null;
  /** Ends the wait for the network; null while it does not wait for it. */
  #cancel: (() => void) | null = null;
  #heardMs: number;
  /** Whether the browser has asked for a picture, ever. */
  #isSeen = false;
  #hasEnded = false;

  constructor(parts: FeedParts, after: Cursor) {
    this.#parts = parts;
    this.#after = after;
    this.#beganMs = parts.clock.monotonic();
    this.#heardMs = this.#beganMs;
    this.#beatMs = this.#beganMs;
  }

  /** Goes on from the cursor. */
  start(): void {
    this.#parts.feeds.add(this);
    this.#poll();
  }

  get member(): Proof['member'] {
    return this.#parts.proof.member;
  }

  get address(): string | null {
    return this.#parts.address;
  }

  get tab(): string {
    return this.#parts.tab;
  }

  /** The browser has asked for a picture. */
  seen(): void {
    this.#isSeen = true;
    this.#heardMs = this.#parts.clock.monotonic();
  }

  /** The reader has said something. That shows pictures no more than it asks for them. */
  wrote(): void {
    if (!this.#isSeen) this.#heardMs = this.#parts.clock.monotonic();
  }

  tell(answer: PollAnswer): void {
    this.#held = null;
    if (this.#hasEnded) return;
    // Told among many, it must not throw.
    this.#orEnd(() => this.#take(answer));
  }

  #take(answer: PollAnswer): void {
    if (!answer.ok) {
      // What passes by is no reason to lose the place; a place in another history is none.
      const after = answer.retryMs === undefined ? '' : formatCursor(this.#after);
      const { out } = this.#parts.language.page.app;
      return this.#end(out(answer.code, answer.detail), after);
    }
    const shown = show(answer);
    const { reply } = shown;
    // What a slow reader is not given now stands behind the cursor, however much it becomes.
    const { isBehind } = this.#parts.stream;
    if (!isBehind) {
      const after = parseCursor(reply.cursor);
      if (after !== null) this.#after = after;
      const { stream, language, room } = this.#parts;
      stream.write(markupOf(shown, language, room.get()));
    }
    const why = this.#whyToEnd(reply);
    if (why !== null) return this.#end(why, formatCursor(this.#after));
    if (isBehind) return this.#waitForNetwork();
    this.#parts.stream.write(this.#beat());
    // It is told among many, and whoever goes on at once would be among them for ever.
    this.#later(reply.next.waitMs);
  }

  hungUp(): void {
    const held = this.#held;
    this.#close();
    if (held !== null) this.#parts.postOffice.get()?.hungUp(held);
  }

  /** The network has taken everything: whoever waited for it goes on. */
  caughtUp(): void {
    if (this.#cancel === null) return;
    this.#cancel();
    this.#cancel = null;
    this.#poll();
  }

  #poll(): void {
    if (this.#hasEnded) return;
    const office = this.#parts.postOffice.get();
    if (office === null) return this.#later(againMs);
    const { proof, tab } = this.#parts;
    // Who waits for the network asks all the same, at times: they are here, and the server may be
    // about to stop. The answer tells nothing else to them.
    const holdMs = this.#parts.stream.isBehind ? 0 : limits.plainBeatMs;
    const asked = { by: proof, after: this.#after, holdMs, extra: '' };
    this.#orEnd(() => {
      this.#held = office.poll({ ...asked, tab, turn: this.#turn++ }, this);
    });
  }

  /** Does what nobody waits for: what goes wrong in it ends the page. */
  #orEnd(go: () => void): void {
    try {
      go();
    } catch {
      // A service that broke has told its supervisor, and is back in a moment.
      this.#end(this.#ended.broken, formatCursor(this.#after));
    }
  }

  #later(delayMs: number): void {
    const { clock } = this.#parts;
    if (delayMs > 0) clock.after(delayMs, () => this.#poll());
    else clock.soon(() => this.#poll());
  }

  #waitForNetwork(): void {
    this.#cancel = this.#parts.clock.after(limits.plainBehindMs, () => {
      this.#cancel = null;
      this.#poll();
    });
  }

  #whyToEnd({ superseded, draining }: PollReply): string | null {
    const now = this.#parts.clock.monotonic();
    const unheardMs = this.#isSeen ? limits.plainUnheardMs : limits.plainUnseenMs;
    if (draining === true) return this.#ended.stopping;
    if (superseded === true) return this.#ended.openAgain;
    if (now - this.#heardMs > unheardMs) return this.#ended.unheard;
    return now - this.#beganMs > limits.plainStreamMs ? this.#ended.long : null;
  }

  get #ended(): Language['plain']['ended'] {
    return this.#parts.language.plain.ended;
  }

  /** A picture to ask for; nothing when there was one a moment ago. */
  #beat(): string {
    const now = this.#parts.clock.monotonic();
    if (now - this.#beatMs < limits.plainBeatMs / 2) return '';
    this.#beatMs = now;
    return `<img src="/plain/here?tab=${this.tab}&amp;n=${this.#beats++}" alt="">\n`;
  }

  #end(why: string, after: string): void {
    this.#parts.stream.write(endOfStream(why, after, this.#parts.language).toString());
    this.#close();
    this.#parts.stream.end();
  }

  #close(): void {
    this.#hasEnded = true;
    this.#cancel?.();
    this.#cancel = null;
    this.#held = null;
    this.#parts.feeds.remove(this);
  }
}

function show(answer: PollAnswer & { readonly ok: true }): Shown {
  const before = known.get(answer);
  if (before !== undefined) return before;
  const { body } = answer;
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const made = { reply: JSON.parse(text) as PollReply, markup: new Map<Language, string>() };
  known.set(answer, made);
  return made;
}

function markupOf({ reply, markup }: Shown, language: Language, room: Room | null): string {
  const before = markup.get(language);
  if (before !== undefined) return before;
  const messageAt = (seq: Seq): Message | null => room?.recentMessage(seq) ?? null;
  const { lines, cut } = newestLines(reply.entries, { language, messageAt });
  const last = reply.entries[cut - 1];
  const from = reply.gap?.from ?? reply.from;
  const gap = last === undefined ? reply.gap : { from, to: last.seq };
  const hole = gap === undefined ? '' : gapLine(gap.from, gap.to, language).toString();
  const made = hole + lines.join('');
  markup.set(language, made);
  return made;
}
