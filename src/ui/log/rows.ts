/**
 * The lines of the room as the page lays them out: what one author says in a row stands together,
 * a new day is announced, and a stretch of comings and goings is one row.
 */
import type { LeaveReason, Message, Seq, Who } from '../../protocol/entries.ts';
import type { GapLine, Line, PendingLine, RecordedLine, ReplyLine } from '../../copy/room-state.ts';
import { endOfDay, startOfDay } from '../times.ts';

/** Where a message stands in what its author says in a row. */
export interface Stand {
  /** It shows who speaks. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type TrafficLine = Extract<RecordedLine, { type: 'join' | 'leave' }>;
export type EventLine = Exclude<RecordedLine, Message | { type: 'join' }>;

export type Row = { readonly key: string } & (
  | { readonly kind: 'day'; readonly at: number; readonly seq: Seq }
  | { readonly kind: 'unread'; readonly seq: Seq }
  | { readonly kind: 'message'; readonly message: Message; readonly stand: Stand }
  | { readonly kind: 'pending'; readonly line: PendingLine; readonly stand: Stand }
  | { readonly kind: 'traffic'; readonly lines: readonly TrafficLine[] }
  | { readonly kind: 'event'; readonly line: EventLine }
  | { readonly kind: 'reply'; readonly line: ReplyLine }
  | { readonly kind: 'gap'; readonly gap: GapLine }
);

/** A row that is neither a message nor stands between messages. */
export type OtherRow = Exclude<Row, { readonly kind: 'day' | 'unread' | 'message' }>;

/** Messages of one author stand together when no more time than this lies between two of them. */
const pauseMsMax = 5 * 60 * 1000;

/** What the layout depends on beside the lines. */
export interface Reader {
  /** Whose the pending messages are. */
  readonly you: Who | null;
  /** The first message that the reader has not seen: the divider stands before it. */
  readonly unread: Seq | null;
}

/** Lays the lines out. */
export function arrange(lines: readonly Line[], { you, unread }: Reader): readonly Row[] {
  const rows: Row[] = [];
  /** The lines of the row of comings and goings that was begun last. */
  let traffic: TrafficLine[] = [];
  let [dayFrom, dayTo] = [0, 0];
  for (const line of lines) {
    if ('at' in line && (line.at < dayFrom || line.at >= dayTo)) {
      [dayFrom, dayTo] = [startOfDay(line.at), endOfDay(line.at)];
      // Not by the day: a clock that was set back makes the same day begin twice.
      rows.push({ kind: 'day', key: `d${line.seq}`, at: line.at, seq: line.seq });
    }
    if ('seq' in line && line.seq === unread) {
      rows.push({ kind: 'unread', key: `u${line.seq}`, seq: line.seq });
    }
    const previous = rows.at(-1);
    if (isTraffic(line)) {
      if (previous?.kind === 'traffic') traffic.push(line);
      else rows.push({ kind: 'traffic', key: `t${line.seq}`, lines: (traffic = [line]) });
      continue;
    }
    const row = rowOf(line, previous, you);
    if ('stand' in row && !row.stand.isFirst && previous && 'stand' in previous) {
      rows[rows.length - 1] = { ...previous, stand: { ...previous.stand, isLast: false } };
    }
    rows.push(row);
  }
  return rows;
}

/** Somebody sent out is an event of its own; who merely comes and goes is traffic. */
function isTraffic(line: Line): line is TrafficLine {
  if (line.type === 'join') return true;
  return line.type === 'leave' && !isForced(line.reason);
}

function isForced(reason: LeaveReason): boolean {
  return reason === 'kicked' || reason === 'banned';
}

function rowOf(
  line: Exclude<Line, { type: 'join' }>,
  previous: Row | undefined,
  you: Who | null,
): Row {
  switch (line.type) {
    case 'message':
      return {
        kind: 'message',
        key: `m${line.seq}`,
        message: line,
        stand: { isFirst: !goesOn(line, previous), isLast: true },
      };
    case 'pending': {
      const goesOnHere = previous?.kind === 'pending' || isBy(previous, you);
      const isFirst = line.replyTo !== undefined || !goesOnHere;
      return { kind: 'pending', key: `p${line.id}`, line, stand: { isFirst, isLast: true } };
    }
    case 'gap':
      return { kind: 'gap', key: `g${line.to}`, gap: line };
    case 'reply':
      return { kind: 'reply', key: `r${line.id}`, line };
    default:
      return { kind: 'event', key: `e${line.seq}`, line };
  }
}

/** Whether a message belongs to what its author has just been saying. */
function goesOn(message: Message, previous: Row | undefined): boolean {
  if (previous?.kind !== 'message' || message.action || previous.message.action) return false;
  // What is answered stands between the name and the words, so an answer names its author again.
  if (message.replyTo !== undefined && !message.deleted) return false;
  const { by, at } = previous.message;
  const isSame = by.id === message.by.id && by.nick === message.by.nick;
  return isSame && message.at - at <= pauseMsMax;
}

function isBy(row: Row | undefined, who: Who | null): boolean {
  return row?.kind === 'message' && !row.message.action && row.message.by.id === who?.id;
}
