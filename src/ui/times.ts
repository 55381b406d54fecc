/** Times as the reader's own locale and time zone write them. */
const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const weekday = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const whole = new Intl.NumberFormat();

const dayMs = 24 * 60 * 60 * 1000;

/** `14:05` */
export function timeOf(at: number): string {
  return clockTime.format(at);
}

/** Day and time in full. */
export function momentOf(at: number): string {
  return dayAndTime.format(at);
}

/** The day as a value to compare: the same for two times of one day where the reader is. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** `Today`, `Yesterday`, `Tuesday, 4 March`, or with the year when it is another one. */
export function nameOfDay(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return 'Today';
  // Noon, because a day has 23 or 25 hours when the clocks change.
  const noon = new Date(now).setHours(12);
  if (dayOf(at) === dayOf(noon - dayMs)) return 'Yesterday';
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekday : dayOfYear).format(at);
}

/** `12,345` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `1 message`, `12,345 messages` */
export function formatMany(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
