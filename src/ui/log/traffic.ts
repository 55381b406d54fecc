import type { TrafficLine } from './rows.ts';

/** What a stretch of comings and goings comes to, by nick. */
export interface Traffic {
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** Came, and went again. */
  readonly passed: readonly string[];
  /** Went, and came again. */
  readonly returned: readonly string[];
}

/** Sums a stretch of comings and goings up. A nick stands in one of the lists at most. */
export function sumUp(lines: readonly TrafficLine[]): Traffic {
  const firstAndLast = new Map<string, { first: TrafficLine; last: TrafficLine }>();
  for (const line of lines) {
    const { nick } = line.member;
    firstAndLast.set(nick, { first: firstAndLast.get(nick)?.first ?? line, last: line });
  }
  const nicks = (first: TrafficLine['type'], last: TrafficLine['type']): readonly string[] =>
    [...firstAndLast]
      .filter(([, stretch]) => stretch.first.type === first && stretch.last.type === last)
      .map(([nick]) => nick);
  return {
    came: nicks('join', 'join'),
    went: nicks('leave', 'leave'),
    passed: nicks('join', 'leave'),
    returned: nicks('leave', 'join'),
  };
}
