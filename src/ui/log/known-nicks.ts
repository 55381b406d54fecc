import type { Copy } from '../../copy/copy.ts';
import type { MemberId } from '../../protocol/entries.ts';

/** Nicks kept from reactions; the ones heard of first go first. */
const keptMax = 1_000;

/** Who ids belong to, as far as the page has met them: a reaction names only ids. */
export class KnownNicks {
  readonly #client: Pick<Copy, 'state' | 'on'>;
  readonly #met = new Map<MemberId, string>();

  constructor(client: Pick<Copy, 'state' | 'on'>) {
    this.#client = client;
    client.on('entry', (entry) => {
      if (entry.type !== 'reaction') return;
      this.#met.set(entry.by.id, entry.by.nick);
      for (const first of this.#met.keys()) {
        if (this.#met.size <= keptMax) break;
        this.#met.delete(first);
      }
    });
  }

  /** The nick of somebody here, or of somebody who wrote or reacted; null when never met. */
  of(id: MemberId): string | null {
    const { members, lines } = this.#client.state;
    const member = members?.find((who) => who.id === id);
    if (member) return member.nick;
    const line = lines.findLast((line) => line.type === 'message' && line.by.id === id);
    return line?.type === 'message' ? line.by.nick : (this.#met.get(id) ?? null);
  }
}
