/** The room at one instant, written: what `GET /v1/room` and `POST /v1/join` answer. */
import type { PostOffice } from '../chat/post-office.ts';
import type { Room } from '../chat/room.ts';
import { limits } from '../protocol/limits.ts';
import type { Snapshot } from '../protocol/replies.ts';

/**
 * The snapshot as it was last written, for as long as it is true, and its parts, each for as long
 * as that part is. When ten thousand join, each moves the cursor and the count, and so needs a
 * snapshot of its own; what was said, which is nearly all of it, is written once for all of them.
 */
export class SnapshotText {
  readonly #entries = new WrittenList();
  readonly #members = new WrittenList();
  #key = '';
  #text = '';

  /**
   * The snapshot in JSON, without its closing brace: what is each reader's own is written behind
   * it. All of it is read in one turn of the event loop, in which no entry can be applied, so
   * nothing falls between the snapshot and the first poll with its cursor.
   */
  take(room: Room, office: PostOffice): string {
    const cursor = office.cursor();
    const live = JSON.stringify(office.live());
    const key = `${cursor} ${live}`;
    if (key === this.#key) return this.#text;
    const members = room.roster();
    const written: { readonly [Part in keyof Snapshot]: string } = {
      cursor: JSON.stringify(cursor),
      room: JSON.stringify(room.info()),
      entries: this.#entries.write(room.recent(limits.snapshotEntries)),
      live,
      ...(members === null ? {} : { members: this.#members.write(members) }),
    };
    const parts = Object.entries(written).map(([name, json]) => `"${name}":${json}`);
    this.#key = key;
    this.#text = `{${parts.join(',')}`;
    return this.#text;
  }
}

/** A list in JSON. The room gives the same list for as long as nothing in it has changed. */
class WrittenList {
  #list: readonly unknown[] = [];
  #json = '[]';

  write(list: readonly unknown[]): string {
    if (list !== this.#list) {
      this.#list = list;
      this.#json = JSON.stringify(list);
    }
    return this.#json;
  }
}
