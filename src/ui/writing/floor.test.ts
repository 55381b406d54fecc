import { describe, expect, test } from 'bun:test';
import type { Line } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import type { RoomInfo } from '../../protocol/replies.ts';
import { Floor, hindranceNow } from './floor.ts';

const you: Who = { id: 'ada' as MemberId, nick: 'Ada', role: 'member' };
const room: RoomInfo = {
  title: '',
  topic: '',
  mode: 'open',
  slowMs: 0,
  limits: { textMax: 2_000, nickMax: 24 },
};

function said(seq: number, at: number): Message {
  return { type: 'message', id: `m${seq}`, seq: seq as Seq, at, by: you, text: 'Hello' };
}

/** A floor in a room that changes as it is told, at a time that stands still. */
function scene(now: number) {
  let state = { room, you, lines: [] as readonly Line[] };
  let told: (state: object) => void = () => {};
  let heard: (entry: object) => void = () => {};
  const client = {
    get state() {
      return state;
    },
    subscribe: (listener: (state: object) => void) => (told = listener),
    on: (_: string, listener: (entry: object) => void) => (heard = listener),
  };
  const floor = new Floor(client as never, () => now);
  return {
    floor,
    change(change: object): void {
      state = { ...state, ...change };
      told(state);
    },
    hear: (entry: object) => heard(entry),
  };
}

const slow = { room: { ...room, slowMs: 30_000 } };

describe('slow mode', () => {
  test('lasts from what was said last, also before the page was loaded', () => {
    const { floor, change } = scene(100_000);
    change({ ...slow, lines: [said(1, 80_000), said(2, 90_000)] });
    expect(floor.hindrance.value).toEqual({ kind: 'slow', until: 120_000 });
    floor.said(3 as Seq);
    expect(floor.hindrance.value).toEqual({ kind: 'slow', until: 130_000 });
  });

  test('lasts no longer where the clock of the server is ahead', () => {
    const { floor, change } = scene(100_000);
    change({ ...slow, lines: [said(1, 900_000)] });
    expect(floor.hindrance.value).toEqual({ kind: 'slow', until: 130_000 });
  });

  test('hinders no keeper, and nobody who has said nothing', () => {
    const { floor, change } = scene(100_000);
    change(slow);
    expect(hindranceNow(floor.hindrance.value, 100_000)).toBeNull();
    change({ lines: [said(1, 90_000)], you: { ...you, role: 'keeper' } });
    expect(floor.hindrance.value).toBeNull();
  });
});

test('a message that the server has asked to wait for says until when', () => {
  const { floor, change } = scene(100_000);
  change({ lines: [{ type: 'pending', id: 'a', text: 'Quick', retryAt: 101_000 }] });
  expect(floor.hindrance.value).toEqual({ kind: 'fast', until: 101_000 });
  expect(hindranceNow(floor.hindrance.value, 100_999)).not.toBeNull();
  expect(hindranceNow(floor.hindrance.value, 101_000)).toBeNull();
});

describe('who may not write', () => {
  test('in a quiet room is a member, not a keeper', () => {
    const { floor, change } = scene(0);
    change({ room: { ...room, mode: 'quiet' } });
    expect(floor.hindrance.value).toEqual({ kind: 'quiet' });
    change({ you: { ...you, role: 'keeper' } });
    expect(floor.hindrance.value).toBeNull();
  });

  test('since they are muted learns it from a refusal, and may try again after a notice', () => {
    const { floor, hear } = scene(0);
    floor.refused('TOO_MANY');
    expect(floor.hindrance.value).toBeNull();
    floor.refused('MUTED');
    expect(floor.hindrance.value).toEqual({ kind: 'muted' });
    hear({ type: 'notice', text: 'For everybody' });
    expect(floor.hindrance.value).toEqual({ kind: 'muted' });
    hear({ type: 'notice', text: 'For you', to: you.id });
    expect(floor.hindrance.value).toBeNull();
  });
});
