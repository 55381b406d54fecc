/**
 * A history: what was asked, what was answered, what was delivered, one JSON record a line. It is
 * the only thing that the checker knows, so whoever writes one may have another chat checked: the
 * simulator, the torture run and the chats beside it write the same.
 *
 *     {"at":12.5,"who":"c7","nr":3,"do":"say","is":"invoke","key":"kJ8x:m1","text":"hello"}
 *     {"at":15.1,"who":"c7","nr":3,"do":"say","is":"ok","epoch":"f3Qm","seq":42}
 *
 * Each operation is invoked and then ends in one of three ways. **ok**: it was done. **fail**: it
 * was certainly not done. **unknown**: nobody answered, so it may have been done or not. What never
 * ends is unknown as well. The words are those of Jepsen (jepsen.io), whose idea this is.
 *
 * Records stand in the order in which they were observed. Seqs are positive integers; a chat that
 * has none of its own may be given one by whoever records it, as long as all receivers agree.
 */

/** What every record says. */
interface Observed {
  /** When, in milliseconds of the recorder's monotonic clock. Used for durations only. */
  readonly at: number;
  /** Whose operation: one client, from its start to its reload; `journal`, `faults` or `run`. */
  readonly who: string;
  /** Which of its operations: the same at invocation and end, never used again by the same. */
  readonly nr: number;
}

/** An entry as somebody was given it. */
export interface Delivered {
  readonly seq: number;
  /**
   * What it is, the same for everybody and for ever: `author:id` of a message, `join:MEMBER`,
   * `leave:MEMBER`, `edit:SEQ` ... Two messages never share one; other kinds, which are those of
   * `otherKinds`, may repeat.
   */
  readonly key: string;
  /**
   * What it says, as it was written, or a digest of that. Absent where only its form now is known.
   */
  readonly text?: string;
  /** Whom it is for: a member, or `keepers`. Absent for everybody. */
  readonly to?: string;
  /** Part of the history, and sent to nobody. Only the journal's own records say so. */
  readonly quiet?: true;
}

/** What is no message: the word before the first colon of its key. No author may be called so. */
const otherKinds: ReadonlySet<string> = new Set([
  ...['join', 'leave', 'member', 'edit', 'delete', 'reaction', 'topic', 'mode', 'pin', 'notice'],
  ...['sanction', 'ban', 'unban', 'mute', 'unmute'],
]);

/** Whether a key is that of a message. */
export function isMessageKey(key: string): boolean {
  const colon = key.indexOf(':');
  return !otherKinds.has(colon < 0 ? key : key.slice(0, colon));
}

/** A range that a reply leaves out and says so: after `from`, up to and including `to`. */
export interface Left {
  readonly from: number;
  readonly to: number;
}

/** A member says something. `key` is `author:id`. The same key may be invoked again. */
export type Say =
  | { readonly do: 'say'; readonly is: 'invoke'; readonly key: string; readonly text: string }
  | { readonly do: 'say'; readonly is: 'ok'; readonly epoch: string; readonly seq: number }
  | { readonly do: 'say'; readonly is: 'fail'; readonly code: string }
  | { readonly do: 'say'; readonly is: 'unknown' };

/**
 * A client begins anew: it joined, or took a snapshot. Everything up to `seq` is behind it, of
 * which `entries` are the newest messages; from here on it must be given everything.
 */
export type Begin =
  | { readonly do: 'begin'; readonly is: 'invoke' }
  | {
      readonly do: 'begin';
      readonly is: 'ok';
      readonly epoch: string;
      readonly seq: number;
      /** Whose eyes these are; absent for a spectator. */
      readonly member?: string;
      readonly role?: 'member' | 'keeper';
      /** The newest messages up to `seq`, ascending, without a hole. */
      readonly entries: readonly Delivered[];
      /** Who is here at `seq`, where names are told. */
      readonly members?: readonly string[];
    }
  | { readonly do: 'begin'; readonly is: 'fail'; readonly code: string }
  | { readonly do: 'begin'; readonly is: 'unknown' };

/**
 * A client asks for what comes after its position. The reply covers everything that it may see
 * after `from`, up to and including `to`, except the range that it leaves out.
 */
export type Poll =
  | {
      readonly do: 'poll';
      readonly is: 'invoke';
      readonly epoch: string;
      readonly after: number;
      /** How long it may be held, in milliseconds. */
      readonly holdMs: number;
    }
  | {
      readonly do: 'poll';
      readonly is: 'ok';
      readonly epoch: string;
      readonly from: number;
      readonly to: number;
      readonly entries: readonly Delivered[];
      readonly gap?: Left;
      /** False when a cache on the way might have kept it. */
      readonly isFresh?: boolean;
    }
  | { readonly do: 'poll'; readonly is: 'fail'; readonly code: string }
  | { readonly do: 'poll'; readonly is: 'unknown' };

/** A client reads a part of the history: the whole range after `from`, up to and including `to`. */
export type Page =
  | { readonly do: 'page'; readonly is: 'invoke' }
  | {
      readonly do: 'page';
      readonly is: 'ok';
      readonly epoch: string;
      readonly from: number;
      readonly to: number;
      readonly entries: readonly Delivered[];
    }
  | { readonly do: 'page'; readonly is: 'fail'; readonly code: string }
  | { readonly do: 'page'; readonly is: 'unknown' };

/**
 * An entry appears on a screen. What one `who` is shown, in the order of records, is one screen; a
 * screen that begins anew (`begin`) forgets what it had.
 */
export interface Show extends Delivered {
  readonly do: 'show';
  readonly is: 'ok';
  readonly epoch: string;
}

/**
 * What the room looks like at a position: each message in its present form, in one line of text. A
 * client's own fold (`screen`), a fresh fetch (`fetch`), and the fold of the journal must agree.
 */
export interface View {
  readonly do: 'view';
  readonly is: 'ok';
  readonly of: 'screen' | 'fetch' | 'journal';
  readonly epoch: string;
  readonly seq: number;
  readonly lines: readonly { readonly seq: number; readonly form: string }[];
  readonly members?: readonly string[];
}

/**
 * The journal itself, read by whoever records: entries in order, each once, no hole, to its end.
 * Each record goes on where the one before it stopped; after a cut, there or at the cut, whichever
 * is earlier. It may also be read from its first entry again, to its end and without going on in
 * between: then what it had and has no more is gone.
 */
export interface Journalled {
  readonly do: 'journal';
  readonly is: 'ok';
  readonly epoch: string;
  readonly entries: readonly Delivered[];
}

/**
 * The history was cut on purpose: from now on the room has what it had up to `seq` of `epoch`, and
 * goes on as `next`, which may be the same name (an older copy was put back by hand). Whoever had
 * read further must hear so before anything else; what was acknowledged beyond is no loss. It is
 * recorded before anything that comes after it. `seq` is that of the last entry that is left.
 */
export interface Cut {
  readonly do: 'cut';
  readonly is: 'ok';
  readonly epoch: string;
  readonly seq: number;
  readonly next: string;
}

/** Something is broken on purpose. **ok** says how it is known that it happened. */
export type Fault =
  | { readonly do: 'fault'; readonly is: 'invoke'; readonly name: string; readonly detail?: string }
  | { readonly do: 'fault'; readonly is: 'ok'; readonly evidence: string }
  | { readonly do: 'fault'; readonly is: 'fail'; readonly reason: string };

/**
 * All is well again and everybody had the time to catch up: whoever is in `clients` must have read
 * everything up to `seq`.
 */
export interface Healed {
  readonly do: 'healed';
  readonly is: 'ok';
  readonly epoch: string;
  readonly seq: number;
  readonly clients: readonly string[];
}

export type Operation = Say | Begin | Poll | Page | Show | View | Journalled | Cut | Fault | Healed;

export type HistoryRecord = Observed & Operation;

/** What can be wrong, each with the invariant of ARCHITECTURE.md that it breaks. */
export const anomalies = {
  'lost-prefix': 'I1: acknowledged, and missing before the first entry that is left',
  'lost-middle': 'I1: acknowledged, and missing between others',
  'lost-suffix': 'I1: acknowledged, and missing after the last entry that is left',
  phantom: 'I1: delivered or recorded, and nobody said it, or its author was told that it failed',
  unrecorded: 'I1: delivered, and not in the journal',
  repeated: 'I5: one message stands at two positions, or came twice to one screen',
  conflict: 'I3: two values at one position',
  misnumbered: 'I3: acknowledged at one position, delivered at another',
  disorder: 'I3: not ascending, in a reply or on a screen, or out of its range',
  'author-order': 'I3: two messages of one author stand the other way round than acknowledged',
  skipped:
    'I2, I4: a reply covers a position and leaves out what stands there, and does not say so',
  discontinuous: 'I4: a reply begins elsewhere than the cursor, and does not say so',
  leaked: 'I7: an entry reached somebody whom it is not for',
  'false-presence': 'I9: who is here is not the fold of the journal',
  diverged: 'I3: two views of one position differ',
  overheld: 'a poll was held for longer than it agreed to',
  stale: 'I4: a cursor of a history that was cut was answered as if nothing had happened',
  stuck: 'I2: all is well again, and a client did not catch up',
  cacheable: 'a reply that a cache may keep',
  malformed: 'a record contradicts itself: the recorder is wrong, or the chat is',
} as const;

export type AnomalyName = keyof typeof anomalies;

export interface Anomaly {
  readonly name: AnomalyName;
  /** What exactly, with everything needed to find it in the history. */
  readonly detail: string;
  /** The line of the history at which it became certain, from 1. */
  readonly line: number;
}

/**
 * The checker's word. Unknown, never pass, when a fault did not happen, or too little was
 * acknowledged or delivered to prove anything.
 */
export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** Why it is unknown. */
  readonly doubts: readonly string[];
  /** The first of each kind, at most `anomaliesMax` in all. */
  readonly anomalies: readonly Anomaly[];
  /** How often each kind was found. */
  readonly counts: Partial<Readonly<Record<AnomalyName, number>>>;
  readonly records: number;
  readonly clients: number;
  readonly acknowledged: number;
  /** Entries that reached somebody. */
  readonly delivered: number;
  readonly polls: number;
  readonly faults: Readonly<Record<string, number>>;
}
