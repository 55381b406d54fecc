/** The plain pages that go on, by member and by network address. Their number is bounded. */
import type { MemberId } from '../../protocol/entries.ts';
import { refuse, type Refusal } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Feed } from './feed.ts';

export class Feeds {
  readonly #byMember = new Map<MemberId, Set<Feed>>();
  readonly #countByAddress = new Map<string, number>();
  #count = 0;

  /**
   * Why no further one may begin; null where it may. Refuses with BUSY when there are as many as
   * the server may have, and with TOO_MANY when one network address has its share.
   */
  refusal(address: string | null): Refusal | null {
    if (this.#count >= limits.plainStreamsMax) return full;
    return this.#of(address) >= limits.plainStreamsPerAddressMax ? crowded : null;
  }

  add(feed: Feed): void {
    const others = this.#byMember.get(feed.member) ?? new Set();
    this.#byMember.set(feed.member, others.add(feed));
    this.#count++;
    if (feed.address !== null) this.#countByAddress.set(feed.address, this.#of(feed.address) + 1);
  }

  remove(feed: Feed): void {
    const others = this.#byMember.get(feed.member);
    if (others?.delete(feed) !== true) return;
    if (others.size === 0) this.#byMember.delete(feed.member);
    this.#count--;
    if (feed.address === null) return;
    const left = this.#of(feed.address) - 1;
    if (left === 0) this.#countByAddress.delete(feed.address);
    else this.#countByAddress.set(feed.address, left);
  }

  /** A page of a member has asked for its picture. */
  seen(member: MemberId, tab: string): void {
    for (const feed of this.#byMember.get(member) ?? []) if (feed.tab === tab) feed.seen();
  }

  /** A member has said something, from one of their pages: which of them, nobody knows. */
  wrote(member: MemberId): void {
    for (const feed of this.#byMember.get(member) ?? []) feed.wrote();
  }

  #of(address: string | null): number {
    return address === null ? 0 : (this.#countByAddress.get(address) ?? 0);
  }
}

const full = refuse('BUSY', 'The server has as many pages that go on as it may', 5_000);
const crowded = refuse(
  'TOO_MANY',
  `Your network has ${limits.plainStreamsPerAddressMax} pages that go on, close one`,
  5_000,
);
