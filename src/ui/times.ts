/** Times as the language of the page writes them, in the reader's own time zone. */
import { dateFormat } from './words/formats.ts';
import { words } from './words/words.ts';

const clockTime = dateFormat({ hour: '2-digit', minute: '2-digit' });
const dayAndTime = dateFormat({ dateStyle: 'full', timeStyle: 'medium' });
const weekday = dateFormat({ weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = dateFormat({ dateStyle: 'long' });

const dayMs = 24 * 60 * 60 * 1000;

/** `14:05` */
export function timeOf(at: number): string {
  return clockTime(at);
}

/** Day and time in full. */
export function momentOf(at: number): string {
  return dayAndTime(at);
}

/** The day as a value to compare: the same for two times of one day where the reader is. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** `Today`, `Yesterday`, `Tuesday, 4 March`, or with the year when it is another one. */
export function nameOfDay(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return words.reading.today;
  // Noon, because a day has 23 or 25 hours when the clocks change.
  const noon = new Date(now).setHours(12);
  if (dayOf(at) === dayOf(noon - dayMs)) return words.reading.yesterday;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekday : dayOfYear)(at);
}
