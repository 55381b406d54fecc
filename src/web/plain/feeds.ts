/** The plain pages that go on, by member. Their number is bounded. */
import type { MemberId } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import type { Feed } from './feed.ts';

export class Feeds {
  readonly #byMember = new Map<MemberId, Set<Feed>>();
  #count = 0;

  get isFull(): boolean {
    return this.#count >= limits.plainStreamsMax;
  }

  add(feed: Feed): void {
    const others = this.#byMember.get(feed.member) ?? new Set();
    this.#byMember.set(feed.member, others.add(feed));
    this.#count++;
  }

  remove(feed: Feed): void {
    const others = this.#byMember.get(feed.member);
    if (others?.delete(feed) !== true) return;
    this.#count--;
    if (others.size === 0) this.#byMember.delete(feed.member);
  }

  /** A member's browser was heard from. */
  seen(member: MemberId): void {
    for (const feed of this.#byMember.get(member) ?? []) feed.seen();
  }
}
