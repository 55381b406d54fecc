/** Times as the language of the page writes them, in the reader's own time zone. */
import { dateFormat } from './words/formats.ts';
import { words } from './words/words.ts';

const clockTime = dateFormat({ hour: '2-digit', minute: '2-digit' });
const dayAndTime = dateFormat({ dateStyle: 'full', timeStyle: 'medium' });
const weekday = dateFormat({ weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = dateFormat({ dateStyle: 'long' });

/** `14:05` */
export function timeOf(at: number): string {
  return clockTime(at);
}

/** Day and time in full. */
export function momentOf(at: number): string {
  return dayAndTime(at);
}

/** When the day of a time begins, where the reader is. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** When the next day begins. A day has 23 or 25 hours when the clocks change. */
export function endOfDay(at: number): number {
  const end = new Date(startOfDay(at));
  return end.setDate(end.getDate() + 1);
}

/** `Today`, `Yesterday`, `Tuesday, 4 March`, or with the year when it is another one. */
export function nameOfDay(at: number, now: number): string {
  const day = startOfDay(at);
  if (day === startOfDay(now)) return words.reading.today;
  if (endOfDay(at) === startOfDay(now)) return words.reading.yesterday;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekday : dayOfYear)(day);
}
