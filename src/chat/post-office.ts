/**
 * The post office holds every mailbox and every held poll. It follows the journal, and answers
 * those who wait: all of them with an entry for everyone, one mailbox with one addressed to it.
 *
 * Answering a poll changes nothing here. The client's cursor is the only record of what it has
 * read, so an answer that is lost on the way is asked for again and is the same again.
 */
import type { Committed, Position } from '../journal/journal.ts';
import { audienceOf, isQuiet } from '../protocol/entries.ts';
import type { LeaveReason, MemberId, Seq, Who } from '../protocol/entries.ts';
import { refuse } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Live } from '../protocol/replies.ts';
import { Collection } from './collection.ts';
import { Dismissals } from './dismissals.ts';
import { Farewells } from './farewells.ts';
import { Leases, tickMs } from './leases.ts';
import { HeldPoll, Mailbox, type PollAnswer, type Waiter } from './mailbox.ts';
import { Mailboxes } from './mailboxes.ts';
import type { Member } from './member.ts';
import { gone, Replies } from './replies.ts';
import { encode } from './ring.ts';
import { uncounted } from './post-office-parts.ts';
import type { PollRequest, PostOfficeLoad, PostOfficeParts } from './post-office-parts.ts';
import type { Presence } from './room.ts';
import { Typing } from './typing.ts';
import { Waking } from './waking.ts';

export class PostOffice {
  readonly #parts: PostOfficeParts;
  readonly #mailboxes = new Mailboxes();
  readonly #farewells = new Farewells();
  readonly #replies: Replies;
  readonly #dismissals: Dismissals;
  readonly #waking: Waking;
  readonly #leases: Leases;
  readonly #collection: Collection;
  readonly #typing = new Typing();
  /** The room's last word on who is here, for when it is being restarted. */
  #presence: Presence = { online: 0, roster: 'full' };
  #held = 0;
  #isDraining = false;
  #isClosed = false;
  #cancelTick: () => void = () => undefined;
  #unfollow: () => void = () => undefined;

  private constructor(parts: PostOfficeParts, at: Position) {
    this.#parts = parts;
    const { clock, crashed, journal, random, telling } = parts;
    const live = (): Live => this.live();
    this.#replies = new Replies({ journal, live, awayMs: () => this.#waking.awayMs() }, at);
    this.#dismissals = new Dismissals(this.#replies, random);
    this.#waking = new Waking({
      clock,
      crashed,
      telling,
      newest: () => this.#replies.newest(),
      // Almost everybody has one tab.
      crowd: () => Math.max(this.#held, this.#mailboxes.size),
      answer: (poll, nowMs) => this.#answerHeld(poll, nowMs),
    });
    this.#leases = new Leases(parts, (poll, nowMs) => this.#answerHeld(poll, nowMs));
    this.#collection = new Collection(parts.memory);
  }

  /** Opens the post office at the journal's head, with a mailbox for everybody in the room. */
  static async open(parts: PostOfficeParts): Promise<PostOffice> {
    const { journal, crashed } = parts;
    const from = Math.max(0, journal.head().seq - limits.ringEntriesMax) as Seq;
    const hash = await journal.hashAt(from, 'wait');
    if (hash === null) throw new Error(`The journal has no entry ${from}`);
    const office = new PostOffice(parts, { seq: from, hash });
    parts.room.whenRunning((room) => {
      // What was addressed to them before this moment is the journal's to tell.
      const floor = office.#replies.head().seq;
      for (const member of room.members()) office.#openMailbox(member, floor);
      office.#farewells.isComplete = true;
    });
    office.#unfollow = await journal.follow(from, (entry) => office.#publish(entry), crashed);
    office.#tick();
    return office;
  }

  /**
   * Closes it. Polls that are held get an empty answer at their own cursor, so that nobody waits
   * for a post office that is no more; what they missed, their next poll brings.
   */
  close(): void {
    this.#isClosed = true;
    this.#unfollow();
    this.#cancelTick();
    this.#waking.stop();
    this.disperse();
  }

  /** Sends everybody away who waits, and who comes, because the process is about to stop. */
  drain(): void {
    this.#isDraining = true;
    this.#releaseAll((poll) => this.#dismissals.drained(poll.from));
  }

  /** Sends everybody away who waits, to come back at once: a part of the server is restarted. */
  disperse(): void {
    this.#releaseAll((poll) => this.#dismissals.dispersed(poll.from));
  }

  // --- Polls ----------------------------------------------------------------------------------

  /**
   * Answers a poll: at once when there is something to say, otherwise when there is, or when its
   * hold is over. Refuses with NO_SESSION, FORBIDDEN or BANNED (who left or was sent out), GONE,
   * TOO_MANY, BUSY. The held poll is what `hungUp` is told; null when the waiter has been told
   * already, or will be by the journal.
   */
  poll(request: PollRequest, waiter: Waiter): HeldPoll | null {
    const { after, holdMs, extra, by } = request;
    const mailbox = this.#mailboxes.ofPoller(by);
    if (mailbox === null) return answered(waiter, this.#farewells.whyNot(by.member));
    const { seq } = after;
    const standing = this.#replies.judge(after);
    if (standing === 'gone') return answered(waiter, gone(seq));
    const now = this.#parts.clock.monotonic();
    touch(mailbox, now + holdMs + limits.leaseMs);
    const older = mailbox.pollOf(request.tab);
    if (older !== null) {
      // The newest poll wins. A browser that changed networks opens a second poll before we hear
      // that the first one died; refusing it would lock the member out until a time-out.
      if (request.turn < older.turn) return answered(waiter, this.#dismissals.superseded(seq));
      this.#supersede(older, request.turn, now);
    }
    if (this.#isDraining) return answered(waiter, this.#dismissals.drained(seq));
    if (standing === 'unknown' || this.#replies.reachesBack(mailbox, seq)) {
      this.#askJournal(request, mailbox, waiter);
      return null;
    }
    if (holdMs === 0 || this.#replies.hasOwnNews(mailbox, after)) {
      return answered(waiter, this.#replies.reply(seq, mailbox, extra));
    }
    if (this.#replies.newest() > seq && this.#waking.admits(now)) {
      return answered(waiter, this.#replies.reply(seq, mailbox, extra));
    }
    return this.#hold(request, mailbox, waiter, now);
  }

  /**
   * The connection of a held poll has ended before it was answered: nobody is told, and the
   * member's lease runs from now. Harmless when the poll has been answered or superseded.
   */
  hungUp(poll: HeldPoll): void {
    if (poll.cohort === null) return;
    this.#release(poll, this.#parts.clock.monotonic());
    const { mailbox } = poll;
    if (!mailbox.hasPolls()) this.#leases.lookBy(mailbox, mailbox.presentUntilMs);
  }

  /** A sign of life that is not a poll, and for how long it is good. */
  seen(id: MemberId, forMs: number = limits.leaseMs): void {
    const mailbox = this.#mailboxes.of(id);
    if (mailbox === undefined) return;
    touch(mailbox, this.#parts.clock.monotonic() + forMs);
    if (forMs > limits.leaseMs) mailbox.stillUntilMs = mailbox.presentUntilMs;
  }

  /**
   * A tab was closed, says the browser. The member stays a moment, for it may be a reload, and
   * longer if another of their tabs polls.
   */
  tabClosed(id: MemberId, tab: string): void {
    const mailbox = this.#mailboxes.of(id);
    if (mailbox === undefined) return;
    const now = this.#parts.clock.monotonic();
    const poll = mailbox.pollOf(tab);
    if (poll !== null) {
      this.#release(poll, now);
      poll.waiter.tell(this.#dismissals.superseded(poll.from));
    }
    if (mailbox.hasPolls()) return;
    mailbox.presentUntilMs = Math.max(now + limits.closingMs, mailbox.stillUntilMs);
    this.#leases.lookBy(mailbox, mailbox.presentUntilMs);
  }

  /** A member is typing. Told at once in a small room; in a larger one, with the next reply. */
  typing(id: MemberId): void {
    const mailbox = this.#mailboxes.of(id);
    if (mailbox === undefined) return;
    const now = this.#parts.clock.monotonic();
    if (this.#typing.started(id, mailbox.who.nick, now)) this.#liveChanged();
  }

  // --- What is told of it -----------------------------------------------------------------------

  /** The cursor of somebody who knows everything up to now. */
  cursor(): string {
    return this.#replies.cursor();
  }

  live(): Live {
    this.#presence = this.#parts.room.get()?.presence() ?? this.#presence;
    return { ...this.#presence, typing: this.#typing.nicks() };
  }

  load(): PostOfficeLoad {
    return {
      mailboxes: this.#mailboxes.size,
      held: this.#held,
      cohorts: this.#waking.cohorts(),
      ringBytes: this.#replies.ringBytes(),
    };
  }

  /** Holds a poll of nobody and wakes it by the ordinary path: proof that waking works. */
  async probe(): Promise<void> {
    const { seq } = this.#replies.head();
    const nobody: Who = { id: '' as MemberId, nick: '', role: 'member' };
    const mailbox = new Mailbox(nobody, 0 as Seq, seq, 0);
    const { promise, resolve } = Promise.withResolvers<void>();
    const unnamed = { tab: '', turn: 0, extra: '' };
    this.#waking.wakeAlone(new HeldPoll(mailbox, seq, { tell: () => resolve() }, unnamed));
    await promise;
  }

  // --- Entries ----------------------------------------------------------------------------------

  #publish(committed: Committed): void {
    const { entry } = committed;
    this.#replies.push(committed);
    this.#waking.written();
    switch (entry.type) {
      case 'join':
        this.#openMailbox({ ...entry.member, changed: entry.seq }, entry.seq);
        break;
      case 'member':
        this.#mailboxes.change(entry.member, entry.seq);
        break;
      case 'leave':
        this.#closeMailbox(entry.member.id, entry.reason);
        break;
      case 'message':
        this.#typing.stopped(entry.by.id);
        break;
      default:
        break;
    }
    const audience = audienceOf(entry);
    if (audience === 'everyone') {
      if (!isQuiet(entry)) this.#waking.wake();
      return;
    }
    const encoded = encode(entry);
    if (audience === 'keepers') {
      this.#replies.pushForKeepers(encoded);
      for (const mailbox of this.#mailboxes.ofKeepers()) this.#answerAll(mailbox);
      return;
    }
    const mailbox = this.#mailboxes.of(audience);
    if (mailbox === undefined) return;
    mailbox.address(encoded);
    this.#answerAll(mailbox);
  }

  #openMailbox(member: Who & Pick<Member, 'changed'>, floor: Seq): void {
    const who: Who = { id: member.id, nick: member.nick, role: member.role };
    if (this.#mailboxes.of(who.id) !== undefined) {
      return this.#mailboxes.change(who, member.changed);
    }
    const until = this.#parts.clock.monotonic() + limits.holdMsMax + limits.leaseMs;
    const mailbox = new Mailbox(who, member.changed, floor, until);
    this.#farewells.joined(who.id);
    this.#mailboxes.add(mailbox);
    this.#leases.lookBy(mailbox, until);
  }

  #closeMailbox(id: MemberId, reason: LeaveReason): void {
    this.#farewells.left(id, reason);
    const mailbox = this.#mailboxes.remove(id);
    if (mailbox === undefined) return;
    this.#leases.end(mailbox);
    if (this.#typing.stopped(id)) this.#liveChanged();
    this.#releaseOf(mailbox, () => this.#farewells.whyNot(id));
  }

  // --- Holding ----------------------------------------------------------------------------------

  #hold(request: PollRequest, mailbox: Mailbox, waiter: Waiter, now: number): HeldPoll | null {
    if (mailbox.isFull()) {
      const most = limits.tabsPerMemberMax;
      const detail = `You have ${most} tabs here already, close one`;
      return answered(waiter, refuse('TOO_MANY', detail, 10_000));
    }
    const { heldPollsMax, random } = this.#parts;
    if (this.#held >= heldPollsMax) {
      return answered(waiter, refuse('BUSY', 'The server holds as many polls as it may', 5_000));
    }
    const { after, holdMs } = request;
    const poll = new HeldPoll(mailbox, after.seq, waiter, request);
    mailbox.keep(poll);
    this.#held++;
    poll.dueMs = now + holdMs * (1 - limits.holdJitter * random());
    this.#leases.lookBy(mailbox, poll.dueMs);
    // Whoever has nothing new to read stands where the last entry for everyone is, even when the
    // cursor is further on: the quiet entries in between make no difference to what comes next.
    this.#waking.add(poll, Math.min(after.seq, this.#replies.newest()) as Seq);
    return poll;
  }

  /** Lets go of a poll that is about to be answered. */
  #release(poll: HeldPoll, now: number): void {
    const { mailbox } = poll;
    this.#waking.remove(poll);
    // The probe's poll stands in no mailbox, and is not among those that are held.
    if (mailbox.letGo(poll)) this.#held--;
    // From now on the lease runs: the next poll is expected at once.
    mailbox.presentUntilMs = Math.max(now + limits.leaseMs, mailbox.stillUntilMs);
  }

  #answerHeld(poll: HeldPoll, now: number): void {
    this.#release(poll, now);
    poll.waiter.tell(this.#replies.reply(poll.from, poll.mailbox, poll.extra));
  }

  #supersede(older: HeldPoll, turn: number, now: number): void {
    this.#release(older, now);
    const { from } = older;
    const isCopy = turn === older.turn && turn !== uncounted;
    older.waiter.tell(isCopy ? this.#dismissals.copied(from) : this.#dismissals.superseded(from));
  }

  #answerAll(mailbox: Mailbox): void {
    this.#releaseOf(mailbox, ({ from, extra }) => this.#replies.reply(from, mailbox, extra));
  }

  #releaseAll(answerTo: (poll: HeldPoll) => PollAnswer): void {
    for (const mailbox of this.#mailboxes.all()) this.#releaseOf(mailbox, answerTo);
  }

  #releaseOf(mailbox: Mailbox, answerTo: (poll: HeldPoll) => PollAnswer): void {
    const now = this.#parts.clock.monotonic();
    for (const poll of mailbox.polls()) {
      // A waiter that is told may ask again at once, and take the place of one that comes later.
      if (poll.cohort === null) continue;
      this.#release(poll, now);
      poll.waiter.tell(answerTo(poll));
    }
  }

  #askJournal({ after, extra }: PollRequest, mailbox: Mailbox, waiter: Waiter): void {
    this.#replies.replyFromJournal(after, mailbox, extra).then(
      (answer) => waiter.tell(answer),
      (reason: unknown) => {
        this.#parts.log.warn('A poll could not be answered', { reason: String(reason) });
        waiter.tell(refuse('BUSY', 'The journal could not be read just now', 1_000));
      },
    );
  }

  /** Something that is not an entry changed; a small room hears of it at once. */
  #liveChanged(): void {
    const isSmall = this.#mailboxes.size <= limits.typingMembersMax;
    this.#replies.liveChanged(isSmall);
    if (isSmall) this.#waking.wakeAll();
  }

  // --- Time -------------------------------------------------------------------------------------

  #tick(): void {
    this.#cancelTick = this.#parts.clock.after(tickMs, () => {
      if (this.#isClosed) return;
      try {
        const now = this.#parts.clock.monotonic();
        if (this.#typing.expire(now)) this.#liveChanged();
        this.#leases.turn(now);
        this.#collection.look(now, this.#waking.restedMs(now));
        this.#tick();
      } catch (reason) {
        this.#parts.crashed(reason);
      }
    });
  }
}

/** Extends the time for which a member counts as present. */
function touch(mailbox: Mailbox, untilMs: number): void {
  if (untilMs > mailbox.presentUntilMs) mailbox.presentUntilMs = untilMs;
}

/** Tells a waiter its answer; there is nothing to hold. */
function answered(waiter: Waiter, answer: PollAnswer): null {
  waiter.tell(answer);
  return null;
}
