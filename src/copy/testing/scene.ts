/** A client in front of a fake room, on a clock that the test moves. */
import { FakeClock } from '../../../test/kit/fake-clock.ts';
import { openCopy, type CopyOptions, type OwnCopy } from '../copy.ts';
import type { CopyStorage } from '../kept.ts';
import type { Pane, PaneEventType, PaneListener } from '../pane.ts';
import type { RoomState } from '../room-state.ts';
import { FakeRoom } from '../../client/testing/fake-room.ts';

export interface Scene {
  readonly clock: FakeClock;
  readonly room: FakeRoom;
  readonly client: OwnCopy;
}

export function scene(options: Partial<CopyOptions> = {}): Scene {
  const clock = new FakeClock();
  const room = new FakeRoom(clock);
  return { clock, room, client: clientOf(room, clock, options) };
}

/** Another client of the same room. */
export function clientOf(
  room: FakeRoom,
  clock: FakeClock,
  options: Partial<CopyOptions> = {},
): OwnCopy {
  return openCopy({
    url: '',
    fetch: room.fetch,
    clock,
    // No jitter, so that a test can say when things happen.
    random: halves(),
    token: '',
    ...options,
  });
}

/** A member whose first poll is held. */
export async function joined(options: Partial<CopyOptions> = {}): Promise<Scene> {
  const made = scene(options);
  await made.client.join('ada');
  await made.clock.settle();
  return made;
}

/** Things happen while the client hears nothing; then it does. */
export async function deaf({ clock, room }: Scene, happen: () => void): Promise<void> {
  room.weather = () => 'lost';
  room.say('bob', 'the last heard');
  await clock.settle();
  happen();
  room.weather = () => 'fair';
}

/** Bob says so many things; the answer is what. */
export function say(room: FakeRoom, count: number, text = 'm'): string[] {
  return Array.from({ length: count }, (_, index) => {
    room.say('bob', `${text}${index}`);
    return `${text}${index}`;
  });
}

/** Random enough for ids, and on average one half, as jitter. */
function halves(): () => number {
  let count = 0;
  return () => {
    count = (count * 75 + 74) % 65_537;
    return 0.5 + (count / 65_537 - 0.5) * 0.001 + (count % 64) / 1e6;
  };
}

/** What stands in the list, briefly. */
export function textsOf({ lines }: RoomState): string[] {
  return lines.map((line) => {
    switch (line.type) {
      case 'message':
        return line.deleted ? '(deleted)' : line.text;
      case 'pending':
        return `${line.failure ? 'failed' : 'pending'}: ${line.text}`;
      case 'gap':
        return `(${line.from}, ${line.to}]`;
      case 'reply':
      case 'notice':
        return `${line.type}: ${line.text}`;
      case 'join':
      case 'leave':
      case 'member':
      case 'sanction':
        return `${line.member.nick} ${line.type}`;
      case 'topic':
        return `topic: ${line.topic}`;
      case 'mode':
        return `mode: ${line.mode}`;
      default:
        throw new Error('A line of an unknown type');
    }
  });
}

export class FakePane implements Pane {
  readonly document = { visibilityState: 'visible' };
  readonly beacons: { url: string; body: unknown }[] = [];
  readonly navigator = {
    onLine: true,
    sendBeacon: (url: string, body: string) => this.beacons.push({ url, body: JSON.parse(body) }),
  };
  readonly #listeners = new Map<PaneEventType, Set<PaneListener>>();

  addEventListener(type: PaneEventType, listener: PaneListener): void {
    const all = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, all.add(listener));
  }

  removeEventListener(type: PaneEventType, listener: PaneListener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  fire(type: PaneEventType, fields: { persisted?: boolean } = {}): void {
    const event = Object.assign(new Event(type), fields);
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  get listening(): number {
    let count = 0;
    for (const all of this.#listeners.values()) count += all.size;
    return count;
  }
}

export class FakeStorage implements CopyStorage {
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}
