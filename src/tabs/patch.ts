/**
 * What has changed between two states of the room. A state holds ten thousand lines, and each
 * message makes another one; what travels to each tab is only the stretch of lines that differs.
 * Values that are the same stay the same for whoever draws them.
 */
import type { Line, RoomState } from '../copy/room-state.ts';

export interface Patch {
  /** Parts of the state that have changed, without the lines. */
  readonly parts: Partial<Omit<RoomState, 'lines'>>;
  /** From here on, so many lines give way to these. */
  readonly at: number;
  readonly removed: number;
  readonly lines: readonly Line[];
}

export function patchBetween(was: RoomState, now: RoomState): Patch {
  const { lines: _was, ...before } = was;
  const { lines: _now, ...after } = now;
  const parts = Object.fromEntries(
    Object.entries(after).filter(
      ([name, part]) => !isSame(before[name as keyof typeof before], part),
    ),
  );
  let at = 0;
  while (at < was.lines.length && at < now.lines.length) {
    if (!isSameLine(was.lines[at], now.lines[at])) break;
    at++;
  }
  let end = 0;
  while (end < was.lines.length - at && end < now.lines.length - at) {
    if (!isSameLine(was.lines.at(-1 - end), now.lines.at(-1 - end))) break;
    end++;
  }
  return {
    parts,
    at,
    removed: was.lines.length - at - end,
    lines: now.lines.slice(at, now.lines.length - end),
  };
}

export function patched(was: RoomState, { parts, at, removed, lines }: Patch): RoomState {
  const isSameLines = removed === 0 && lines.length === 0;
  return {
    ...was,
    ...parts,
    lines: isSameLines ? was.lines : was.lines.toSpliced(at, removed, ...lines),
  };
}

/** Lists are built anew for each state, mostly of the same things. */
function isSame(was: unknown, now: unknown): boolean {
  if (!Array.isArray(was) || !Array.isArray(now)) return was === now;
  return was.length === now.length && was.every((one, index) => one === now[index]);
}

/** So are the lines of gaps and of what is pending; what is recorded is not. */
function isSameLine(was: Line | undefined, now: Line | undefined): boolean {
  if (was === now || !was || !now) return was === now;
  if (was.type === 'gap') return now.type === 'gap' && was.from === now.from && was.to === now.to;
  if (was.type !== 'pending' || now.type !== 'pending') return false;
  const { id, replyTo, failure, retryAt } = was;
  // Of a pending line the rest is as it was said.
  return (
    id === now.id && replyTo === now.replyTo && failure === now.failure && retryAt === now.retryAt
  );
}
