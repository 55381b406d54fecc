/** The room at one instant, written: what `GET /v1/room` and `POST /v1/join` answer. */
import type { PostOffice } from '../chat/post-office.ts';
import type { Room } from '../chat/room.ts';
import { limits } from '../protocol/limits.ts';
import type { Snapshot } from '../protocol/replies.ts';

/** The snapshot as it was last written, for as long as it is true. */
export class SnapshotText {
  #key = '';
  #text = '';

  /**
   * The snapshot in JSON, without its closing brace: what is each reader's own is written behind
   * it. All of it is read in one turn of the event loop, in which no entry can be applied, so
   * nothing falls between the snapshot and the first poll with its cursor.
   */
  take(room: Room, office: PostOffice): string {
    const cursor = office.cursor();
    const live = office.live();
    const key = `${cursor} ${JSON.stringify(live)}`;
    if (key === this.#key) return this.#text;
    const members = room.roster();
    const snapshot: Snapshot = {
      cursor,
      room: room.info(),
      entries: room.recent(limits.snapshotEntries),
      live,
      ...(members === null ? {} : { members }),
    };
    this.#key = key;
    this.#text = JSON.stringify(snapshot).slice(0, -1);
    return this.#text;
  }
}
