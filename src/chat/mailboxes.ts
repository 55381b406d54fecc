/** Every mailbox, by its member, and those of the keepers once more. */
import type { MemberId, Seq, Who } from '../protocol/entries.ts';
import type { Mailbox } from './mailbox.ts';
import type { Poller } from './post-office-parts.ts';

export class Mailboxes {
  readonly #byMember = new Map<MemberId, Mailbox>();
  /** What is for keepers must not walk past everybody else. */
  readonly #ofKeepers = new Set<Mailbox>();

  get size(): number {
    return this.#byMember.size;
  }

  of(id: MemberId): Mailbox | undefined {
    return this.#byMember.get(id);
  }

  /**
   * The mailbox of somebody who polls. Of all that a poll costs, finding it among tens of thousands
   * is a tenth; so it is noted with whoever polls, and is theirs while it is in here.
   */
  ofPoller(by: Poller): Mailbox | null {
    if (by.mailbox?.place === this) return by.mailbox;
    by.mailbox = this.#byMember.get(by.member) ?? null;
    return by.mailbox;
  }

  all(): IterableIterator<Mailbox> {
    return this.#byMember.values();
  }

  ofKeepers(): Iterable<Mailbox> {
    return this.#ofKeepers;
  }

  /** Adds the mailbox of a member who has none. */
  add(mailbox: Mailbox): void {
    mailbox.place = this;
    this.#byMember.set(mailbox.id, mailbox);
    this.#sort(mailbox);
  }

  /** A member has another nick or role; harmless when they have no mailbox. */
  change(who: Who, changed: Seq): void {
    const mailbox = this.#byMember.get(who.id);
    if (mailbox === undefined) return;
    mailbox.change(who, changed);
    this.#sort(mailbox);
  }

  /** Takes out the mailbox of a member; the answer is that mailbox, if there was one. */
  remove(id: MemberId): Mailbox | undefined {
    const mailbox = this.#byMember.get(id);
    if (mailbox === undefined) return undefined;
    mailbox.place = null;
    this.#byMember.delete(id);
    this.#ofKeepers.delete(mailbox);
    return mailbox;
  }

  #sort(mailbox: Mailbox): void {
    if (mailbox.role === 'keeper') this.#ofKeepers.add(mailbox);
    else this.#ofKeepers.delete(mailbox);
  }
}
