/** How long ago something was. */
import { startOfDay } from './times.ts';
import { formatAgo } from './words/formats-aside.ts';

/** `3 minutes ago`, in the largest unit of which there is at least one. */
export function agoOf(at: number, now: number): string {
  const pastMs = Math.max(0, now - at);
  const unit = units.find(({ ms }) => pastMs >= ms) ?? shortest;
  // "Yesterday" is a day of the calendar, however many hours ago it was.
  if (unit.name === 'day') {
    return formatAgo(-Math.round((startOfDay(now) - startOfDay(at)) / unit.ms), unit.name);
  }
  return formatAgo(-Math.floor(pastMs / unit.ms), unit.name);
}

const shortest = { name: 'second', ms: 1_000 } as const;
const units = [
  { name: 'year', ms: 31_557_600_000 },
  { name: 'month', ms: 2_629_800_000 },
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
] as const;
