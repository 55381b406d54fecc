/**
 * Ways to spoil a history that is right, each with the names that the checker must find then, and
 * no other. Each takes one of the places at which it applies; null when there is none.
 */
import type { AnomalyName, Delivered, HistoryRecord } from './record.ts';

export interface Mutation {
  readonly title: string;
  /** What is found in any case. */
  readonly names: readonly AnomalyName[];
  /** One of these is found as well. */
  readonly oneOf?: readonly AnomalyName[];
  /** What follows in some histories. */
  readonly maybe?: readonly AnomalyName[];
  readonly spoil: (records: readonly HistoryRecord[], nth: number) => HistoryRecord[] | null;
}

type Reply = Extract<HistoryRecord, { readonly do: 'poll'; readonly is: 'ok' }>;
type Snapshot = Extract<HistoryRecord, { readonly do: 'begin'; readonly is: 'ok' }>;
type Acknowledgement = Extract<HistoryRecord, { readonly do: 'say'; readonly is: 'ok' }>;

export const mutations: readonly Mutation[] = [
  {
    title: 'an entry is left out of a reply',
    names: ['skipped'],
    spoil: (records, nth) => inReply(records, nth, isPublic, () => []),
  },
  {
    title: 'two entries of a reply change places',
    names: ['disorder'],
    spoil: (records, nth) =>
      atNth(records, nth, isReply, (reply) => {
        const [first, second, ...rest] = reply.entries;
        if (first === undefined || second === undefined) return null;
        return [{ ...reply, entries: [second, first, ...rest] }];
      }),
  },
  {
    title: 'an entry of a reply comes twice',
    names: ['repeated'],
    spoil: (records, nth) => inReply(records, nth, isPublic, (entry) => [entry, entry]),
  },
  {
    title: 'an entry of a reply has another text',
    names: ['conflict'],
    spoil: (records, nth) =>
      inReply(records, nth, isPublic, (entry) => [{ ...entry, text: 'forged' }]),
  },
  {
    title: 'an entry of a reply is another message',
    names: ['conflict'],
    spoil: (records, nth) =>
      inReply(records, nth, isPublic, (entry) => [{ ...entry, key: 'mallory:1' }]),
  },
  {
    title: 'an entry of a reply stands behind its range',
    names: ['disorder', 'skipped'],
    maybe: ['unrecorded', 'repeated', 'conflict'],
    spoil: (records, nth) =>
      inReply(records, nth, isPublic, (entry) => [{ ...entry, seq: entry.seq + 1_000 }]),
  },
  {
    title: 'a reply begins behind its cursor',
    names: ['discontinuous'],
    spoil: (records, nth) =>
      atNth(records, nth, isReply, (reply) => {
        const [first] = reply.entries;
        if (first === undefined || !isPublic(first) || reply.gap !== undefined) return null;
        return [{ ...reply, from: first.seq, entries: reply.entries.slice(1) }];
      }),
  },
  {
    title: 'a cache may keep a reply',
    names: ['cacheable'],
    spoil: (records, nth) =>
      atNth(records, nth, isReply, (reply) => [{ ...reply, isFresh: false }]),
  },
  {
    title: 'a message is acknowledged at another position',
    names: ['misnumbered'],
    spoil: (records, nth) =>
      atNth(records, nth, isAcknowledgement, (end) => [{ ...end, seq: end.seq + 1_000 }]),
  },
  {
    title: 'a message is acknowledged and not recorded',
    names: [],
    oneOf: ['lost-prefix', 'lost-middle', 'lost-suffix'],
    maybe: ['unrecorded'],
    spoil: (records, nth) =>
      atNth(
        records,
        nth,
        isAcknowledgement,
        (end) => [end],
        (end) => without(records, end.seq),
      ),
  },
  {
    title: 'the end of the journal is lost',
    names: ['lost-suffix'],
    // Comings, goings and changes of role are lost with it.
    maybe: ['unrecorded', 'false-presence', 'leaked', 'skipped'],
    spoil: (records, nth) =>
      atNth(
        records,
        nth,
        isAcknowledgement,
        (end) => [end],
        (end) => upTo(records, end.seq - 1),
      ),
  },
  {
    title: 'an author was told that a recorded message failed',
    names: ['phantom'],
    spoil: (records, nth) =>
      atNth(records, nth, isAcknowledgement, (end) => {
        const { at, who, nr } = end;
        return isSaidOnce(records, end)
          ? [{ at, who, nr, do: 'say', is: 'fail', code: 'X' }]
          : null;
      }),
  },
  {
    title: 'an entry appears twice on a screen',
    names: ['repeated'],
    spoil: (records, nth) => atNth(records, nth, isShow, (show) => [show, show]),
  },
  {
    title: 'somebody who is not here stands in a snapshot',
    names: ['false-presence'],
    spoil: (records, nth) =>
      atNth(records, nth, isSnapshot, (begun) => {
        const isKnown = entriesOf(records).length > 0;
        return isKnown ? [{ ...begun, members: [...(begun.members ?? []), 'nobody'] }] : null;
      }),
  },
  {
    title: 'a snapshot lacks a message between others',
    names: ['skipped'],
    spoil: (records, nth) =>
      atNth(records, nth, isSnapshot, (begun) => {
        const [first, second, ...rest] = begun.entries;
        if (first === undefined || second === undefined) return null;
        return [{ ...begun, entries: [first, ...rest] }];
      }),
  },
  {
    title: 'a note for one member reaches another',
    names: ['leaked'],
    spoil: (records, nth) =>
      atNth(records, nth, isReply, (reply) => {
        const secret = entriesOf(records).find(
          ({ seq, to }) => to?.startsWith('m') && seq > reply.from && seq <= reply.to,
        );
        if (secret === undefined || reply.entries.some(({ seq }) => seq === secret.seq))
          return null;
        const entries = [...reply.entries, secret].sort((a, b) => a.seq - b.seq);
        return [{ ...reply, entries }];
      }),
  },
  {
    title: 'a client never catches up',
    names: ['stuck'],
    spoil: (records, nth) =>
      atNth(
        records,
        nth,
        (record) => record.do === 'healed',
        (healed) => [{ ...healed, clients: [...healed.clients, 'nobody'] }],
      ),
  },
  {
    title: 'an answer comes twice',
    names: ['malformed'],
    spoil: (records, nth) => atNth(records, nth, isReply, (reply) => [reply, reply]),
  },
];

/** Puts something else in the place of one of the records that are meant, and perhaps of all. */
function atNth<R extends HistoryRecord>(
  records: readonly HistoryRecord[],
  nth: number,
  isMeant: (record: HistoryRecord) => record is R,
  put: (record: R) => HistoryRecord[] | null,
  within: (record: R) => readonly HistoryRecord[] = () => records,
): HistoryRecord[] | null {
  const places = records.flatMap((record) => {
    const instead = isMeant(record) ? put(record) : null;
    return isMeant(record) && instead !== null ? [{ record, instead }] : [];
  });
  const place = places[nth % places.length];
  if (place === undefined) return null;
  return within(place.record).flatMap((record) => {
    return record === place.record ? place.instead : [record];
  });
}

/** Puts something else in the place of an entry of a reply. */
function inReply(
  records: readonly HistoryRecord[],
  nth: number,
  isMeant: (entry: Delivered) => boolean,
  put: (entry: Delivered) => Delivered[],
): HistoryRecord[] | null {
  return atNth(records, nth, isReply, (reply) => {
    const places = reply.entries.filter(isMeant);
    const place = places[nth % places.length];
    if (place === undefined) return null;
    const entries = reply.entries.flatMap((entry) => (entry === place ? put(entry) : [entry]));
    return [{ ...reply, entries }];
  });
}

function without(records: readonly HistoryRecord[], seq: number): readonly HistoryRecord[] {
  return journalWith(records, (entry) => entry.seq !== seq);
}

function upTo(records: readonly HistoryRecord[], seq: number): readonly HistoryRecord[] {
  return journalWith(records, (entry) => entry.seq <= seq);
}

function journalWith(
  records: readonly HistoryRecord[],
  isKept: (entry: Delivered) => boolean,
): readonly HistoryRecord[] {
  return records.map((record) => {
    return record.do === 'journal' ? { ...record, entries: record.entries.filter(isKept) } : record;
  });
}

function entriesOf(records: readonly HistoryRecord[]): readonly Delivered[] {
  return records.flatMap((record) => (record.do === 'journal' ? record.entries : []));
}

/** Whether nobody but this attempt has said the message. */
function isSaidOnce(records: readonly HistoryRecord[], end: Acknowledgement): boolean {
  const said = records.flatMap((record) => {
    return record.do === 'say' && record.is === 'invoke' ? [record] : [];
  });
  const key = said.find(({ who, nr }) => who === end.who && nr === end.nr)?.key;
  return said.filter((other) => other.key === key).length === 1;
}

function isPublic({ key, to }: Delivered): boolean {
  return to === undefined && /^m\d:/.test(key);
}

function isReply(record: HistoryRecord): record is Reply {
  return record.do === 'poll' && record.is === 'ok';
}

function isSnapshot(record: HistoryRecord): record is Snapshot {
  return record.do === 'begin' && record.is === 'ok';
}

function isAcknowledgement(record: HistoryRecord): record is Acknowledgement {
  return record.do === 'say' && record.is === 'ok';
}

function isShow(record: HistoryRecord): record is HistoryRecord & { readonly do: 'show' } {
  return record.do === 'show';
}
