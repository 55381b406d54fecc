/**
 * A process full of clients, started by the torture run. It writes down what they ask and hear, and
 * sends that to the run in the order in which it happened.
 */
import { randomOf } from '../contract/journal-kit.ts';
import type { HistoryRecord } from '../checker/record.ts';
import type { CrowdOrder, FromCrowd, ToCrowd } from './crowd-messages.ts';
import { Guest } from './guest.ts';
import { Reader } from './reader.ts';

/** Records are sent in batches: a message between processes costs more than what is in it. */
const sendEveryMs = 50;

/** Of what people do, and of the time that they are here to do it. */
const sayingShare = 0.75;

const guests: Guest[] = [];
const readers: Reader[] = [];
const ends: Record<string, number> = {};
let records: HistoryRecord[] = [];

/** The same clock in every process, or nearly: it orders what they write down. */
const nowMs = (): number => performance.timeOrigin + performance.now();

process.on('message', (message) => obey(message as ToCrowd));
// Ctrl-C in a terminal reaches everybody at once. When it is over, the run says so.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (reason: unknown) => {
    const text = reason instanceof Error ? `${reason.stack}` : String(reason);
    tell({ kind: 'broken', reason: text });
  });
}
setInterval(flush, sendEveryMs);

function obey(order: ToCrowd): void {
  switch (order.do) {
    case 'begin':
      begin(order);
      return;
    case 'calm':
    case 'go':
      for (const guest of guests) guest.calm(order.do === 'calm');
      return;
    case 'tell': {
      const following = [...guests, ...readers].filter((one) => one.isFollowing);
      flush();
      tell({
        kind: 'told',
        following: following.map(({ who, isAtRest }) => ({ who, isAtRest })),
        ends,
      });
      return;
    }
    case 'show':
      for (const guest of guests) guest.show();
      flush();
      tell({ kind: 'shown' });
      return;
    case 'end':
      for (const one of [...guests, ...readers]) one.end();
      flush();
      tell({ kind: 'ended' });
      return;
    default:
      throw new Error(`A crowd does not know "${String(order satisfies never)}"`);
  }
}

function begin(order: CrowdOrder): void {
  const { url, name, seed, guests: count, readers: others, rate, keeperCode } = order;
  const random = randomOf(seed);
  const write = (record: HistoryRecord): void => void records.push(record);
  const lost = (how: string): void => {
    ends[how] = (ends[how] ?? 0) + 1;
  };
  const pauseMs = (count / rate) * 1_000 * sayingShare;
  for (let nr = 0; nr < count; nr++) {
    const parts = { url, name: `${name}${nr}`, random, pauseMs, nowMs, write, lost };
    const guest = new Guest(nr === 0 ? { ...parts, keeperCode } : parts);
    guests.push(guest);
    void guest.live();
  }
  for (let nr = 0; nr < others; nr++) {
    const reader = new Reader({ url, name: `${name}r${nr}`, random, nowMs, write });
    readers.push(reader);
    void reader.live();
  }
}

function flush(): void {
  if (records.length === 0) return;
  tell({ kind: 'records', records });
  records = [];
}

function tell(message: FromCrowd): void {
  process.send?.(message);
}
