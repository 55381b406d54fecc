/** `GET /v1/room`: the room without joining it. */
import type { Answer } from '../http/answer.ts';
import type { Call } from './call.ts';
import { noQuery } from './requests.ts';
import { sendJson } from './responses.ts';
import { checkSpectator } from './spectator.ts';

export function getRoom(call: Call): Answer {
  const query = call.query(noQuery);
  if (!query.ok) return call.refuse(query);
  const spectator = checkSpectator(call);
  if (!spectator.ok) return call.refuse(spectator);
  const { viewer } = spectator;
  const you = viewer === null ? '' : `,"you":${JSON.stringify(viewer)}`;
  const { snapshot, room, postOffice } = call.parts;
  return sendJson(`${snapshot.take(room.now(), postOffice.now())}${you}}`, 200, call.cors);
}
