/** Who is typing: told while it is true, kept nowhere. */
import type { MemberId } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';

export class Typing {
  readonly #since = new Map<MemberId, { nick: string; untilMs: number }>();

  /** Somebody types. True when others did not know. */
  started(id: MemberId, nick: string, nowMs: number): boolean {
    const known = this.#since.get(id);
    const isNews = known === undefined || known.nick !== nick;
    if (known === undefined && this.#since.size >= limits.typingMax) return false;
    this.#since.set(id, { nick, untilMs: nowMs + limits.typingMs });
    return isNews;
  }

  /** Somebody stopped: they wrote, or left. True when others thought they typed. */
  stopped(id: MemberId): boolean {
    return this.#since.delete(id);
  }

  /** Forgets those who have given no sign. True when there were any. */
  expire(nowMs: number): boolean {
    let isNews = false;
    for (const [id, { untilMs }] of this.#since) {
      if (untilMs > nowMs) continue;
      this.#since.delete(id);
      isNews = true;
    }
    return isNews;
  }

  nicks(): readonly string[] {
    return Array.from(this.#since.values(), ({ nick }) => nick);
  }
}
