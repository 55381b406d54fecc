/** `GET /v1/messages` and `/v1/members`: what was said, and who is here. */
import type { Answer } from '../http/answer.ts';
import type { PageQuery } from '../journal/journal.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Call } from './call.ts';
import { checkHistory } from './position.ts';
import { historyQuery, membersQuery } from './requests.ts';
import { send } from './responses.ts';
import { checkSpectator } from './spectator.ts';

export async function getMessages(call: Call): Promise<Answer> {
  const query = call.query(historyQuery);
  if (!query.ok) return call.refuse(query);
  const spectator = checkSpectator(call);
  if (!spectator.ok) return call.refuse(spectator);
  const range = rangeOf(query.value);
  if (!range.ok) return call.refuse(range);
  const limit = query.value.limit ?? limits.pageDefault;
  const { viewer } = spectator;
  const { cursor } = query.value;
  const { journal } = call.parts;
  if (cursor !== undefined) {
    const history = await checkHistory(journal, cursor);
    if (!history.ok) return call.refuse(history);
  }
  const page = await journal.page({ ...range.range, limit, viewer });
  if (!page.ok) return call.refuse(page);
  return send({ entries: page.entries, more: page.more }, 200, call.cors);
}

export function getMembers(call: Call): Answer {
  const query = call.query(membersQuery);
  if (!query.ok) return call.refuse(query);
  const spectator = checkSpectator(call);
  if (!spectator.ok) return call.refuse(spectator);
  const { after = '', prefix = '', limit = limits.membersPageMax } = query.value;
  return send(call.parts.room.now().membersPage({ after, prefix, limit }), 200, call.cors);
}

type Range = { before: Seq } | { after: Seq } | { around: Seq };

function rangeOf(asked: {
  readonly before?: Seq | undefined;
  readonly after?: Seq | undefined;
  readonly around?: Seq | undefined;
}): Outcome<{ range: Range & Partial<PageQuery> }> {
  const { before, after, around } = asked;
  const given = [before, after, around].filter((seq) => seq !== undefined).length;
  if (given > 1) return refuse('BAD_REQUEST', 'Give one of "before", "after" and "around"');
  if (after !== undefined) return { ok: true, range: { after } };
  if (around !== undefined) return { ok: true, range: { around } };
  // Without a place to start from: the newest.
  return { ok: true, range: { before: before ?? (Number.MAX_SAFE_INTEGER as Seq) } };
}
