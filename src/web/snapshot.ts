/** The room at one instant: what `GET /v1/room` and `POST /v1/join` answer. */
import type { MemberId } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Snapshot } from '../protocol/replies.ts';
import type { Call } from './call.ts';
import { noQuery } from './requests.ts';
import { send } from './responses.ts';
import { checkSpectator } from './spectator.ts';

/**
 * Takes the snapshot. All of it is read in one turn of the event loop, in which no entry can be
 * applied: so nothing falls between the snapshot and the first poll with its cursor.
 */
export function takeSnapshot(call: Call, viewer: MemberId | null): Snapshot {
  const room = call.parts.room.now();
  const office = call.parts.postOffice.now();
  const members = room.roster();
  const you = viewer === null ? null : room.who(viewer);
  return {
    cursor: office.cursor(),
    room: room.info(),
    entries: room.recent(limits.snapshotEntries),
    live: office.live(),
    ...(members === null ? {} : { members }),
    ...(you === null ? {} : { you }),
  };
}

export function getRoom(call: Call): Response {
  const query = call.query(noQuery);
  if (!query.ok) return call.refuse(query);
  const spectator = checkSpectator(call);
  if (!spectator.ok) return call.refuse(spectator);
  return send(takeSnapshot(call, spectator.viewer?.id ?? null), 200, call.cors);
}
