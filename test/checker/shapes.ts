/**
 * The shape of each record. A history may come from anywhere; what does not have the shape is no
 * record, and a checker that guessed what was meant would prove nothing. Unknown members are let
 * be: a recorder may note more than the checker reads.
 */
import * as v from 'valibot';
import type { HistoryRecord } from './record.ts';

const seq = v.number();
const epoch = v.string();
const ok = v.literal('ok');

const delivered = v.looseObject({
  seq,
  key: v.pipe(v.string(), v.nonEmpty('A key says what an entry is')),
  text: v.exactOptional(v.string()),
  to: v.exactOptional(v.string()),
  quiet: v.exactOptional(v.literal(true)),
});
const entries = v.array(delivered);
const range = { from: seq, to: seq };
const names = v.array(v.string());

const observed = { at: v.number(), who: v.string(), nr: v.number() };

function shape<const D extends string, E extends v.ObjectEntries>(name: D, members: E) {
  return v.looseObject({ ...observed, do: v.literal(name), ...members });
}

/** An operation that begins and ends. */
function operation<const D extends string, I extends v.ObjectEntries, O extends v.ObjectEntries>(
  name: D,
  invoked: I,
  done: O,
  failed: v.ObjectEntries = { code: v.string() },
) {
  return v.variant('is', [
    shape(name, { is: v.literal('invoke'), ...invoked }),
    shape(name, { is: ok, ...done }),
    shape(name, { is: v.literal('fail'), ...failed }),
    shape(name, { is: v.literal('unknown') }),
  ]);
}

const begun = {
  epoch,
  seq,
  entries,
  member: v.exactOptional(v.string()),
  role: v.exactOptional(v.picklist(['member', 'keeper'])),
  members: v.exactOptional(names),
};

const reply = {
  ...range,
  epoch,
  entries,
  gap: v.exactOptional(v.looseObject(range)),
  isFresh: v.exactOptional(v.boolean()),
};

const view = {
  is: ok,
  of: v.picklist(['screen', 'fetch', 'journal']),
  epoch,
  seq,
  lines: v.array(v.looseObject({ seq, form: v.string() })),
  members: v.exactOptional(names),
};

const record = v.variant('do', [
  operation('say', { key: delivered.entries.key, text: v.string() }, { epoch, seq }),
  operation('begin', {}, begun),
  operation('poll', { epoch, after: seq, holdMs: v.number() }, reply),
  operation('page', {}, { ...range, epoch, entries }),
  operation(
    'fault',
    { name: v.string(), detail: v.exactOptional(v.string()) },
    { evidence: v.string() },
    { reason: v.string() },
  ),
  v.looseObject({ ...observed, ...delivered.entries, do: v.literal('show'), is: ok, epoch }),
  shape('view', view),
  shape('journal', { is: ok, epoch, entries }),
  shape('cut', { is: ok, epoch, seq, next: v.string() }),
  shape('healed', { is: ok, epoch, seq, clients: names }),
]);

/** The record that a value is, or what keeps it from being one. */
export function recordOf(
  value: unknown,
): { readonly ok: true; readonly record: HistoryRecord } | { readonly ok: false; why: string } {
  const parsed = v.safeParse(record, value);
  if (parsed.success) return { ok: true, record: value as HistoryRecord };
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  return { ok: false, why: path === null ? issue.message : `${path}: ${issue.message}` };
}
