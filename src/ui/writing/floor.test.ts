import { describe, expect, test } from 'bun:test';
import type { Line } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import type { RoomInfo } from '../../protocol/replies.ts';
import { FakeStorage } from '../../copy/testing/scene.ts';
import { notices } from '../../protocol/notices.ts';
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

function noticed(seq: number, text: string, to?: string): Line {
  const whom = to === undefined ? {} : { to: to as MemberId };
  return { type: 'notice', seq: seq as Seq, at: seq, text, ...whom };
}

/** A floor in a room that changes as it is told, at a time that stands still. */
function scene(now: number) {
  let state = { room, you, lines: [] as readonly Line[] };
  let told: (state: object) => void = () => {};
  let reset: () => void = () => {};
  const client = {
    get state() {
      return state;
    },
    subscribe: (listener: (state: object) => void) => (told = listener),
    on: (_: 'reset', listener: () => void) => (reset = listener),
  };
  const floor = new Floor(client as never, () => now);
  return {
    floor,
    change(change: object): void {
      state = { ...state, ...change };
      told(state);
    },
    reset: () => reset(),
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

  test('since they are muted is told by a notice, and by another one that it is over', () => {
    const { floor, change } = scene(0);
    change({ lines: [noticed(1, notices.muted, 'bo'), noticed(2, 'For everybody')] });
    expect(floor.hindrance.value).toBeNull();
    const muted = noticed(3, notices.muted, you.id);
    change({ lines: [muted, noticed(4, 'For everybody')] });
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: false });
    change({ lines: [muted, noticed(5, notices.unmuted, you.id)] });
    expect(floor.hindrance.value).toBeNull();
    // A message that was under way says nothing about what came after it.
    change({
      lines: [muted, noticed(5, notices.unmuted, you.id), noticed(7, notices.muted, you.id)],
    });
    floor.said(6 as Seq);
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: false });
    floor.said(8 as Seq);
    expect(floor.hindrance.value).toBeNull();
  });

  test('learns it from a refusal where no notice has told it, and may try again', () => {
    const { floor, change } = scene(0);
    change({ lines: [noticed(1, notices.unmuted, you.id)] });
    floor.refused('TOO_MANY');
    expect(floor.hindrance.value).toBeNull();
    floor.refused('MUTED');
    change({ lines: [noticed(1, notices.unmuted, you.id), noticed(2, 'For everybody')] });
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: true });
    expect(hindranceNow(floor.hindrance.value)).toBeNull();
    floor.said(3 as Seq);
    expect(floor.hindrance.value).toBeNull();
    floor.refused('MUTED');
    change({ lines: [noticed(4, 'In words of another time', you.id)] });
    expect(floor.hindrance.value).toBeNull();
  });

  test('may try again where the end of it may stand in what was left out', () => {
    const { floor, change } = scene(0);
    const muted = noticed(5, notices.muted, you.id);
    const gap = (from: number, to: number): Line => {
      return { type: 'gap', from: from as Seq, to: to as Seq };
    };
    change({ lines: [gap(1, 4), muted] });
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: false });
    change({ lines: [gap(1, 4), muted, gap(6, 300), noticed(301, 'For everybody')] });
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: true });
    expect(hindranceNow(floor.hindrance.value)).toBeNull();
  });

  test('is not taken for muted since the room was quiet, whichever of them is heard first', () => {
    const { floor, change } = scene(0);
    const mode = (seq: number, to: 'quiet' | 'open'): Line => {
      return { type: 'mode', mode: to, slowMs: 0, by: you, seq: seq as Seq, at: seq };
    };
    floor.refused('MUTED');
    change({ room: { ...room, mode: 'quiet' }, lines: [mode(1, 'quiet')] });
    floor.refused('MUTED');
    change({ room, lines: [mode(1, 'quiet'), mode(2, 'open')] });
    expect(floor.hindrance.value).toBeNull();
    // Somebody who was told so stays muted in a room that opens.
    change({ lines: [noticed(3, notices.muted, you.id), mode(4, 'open')] });
    expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: false });
    expect(hindranceNow(floor.hindrance.value)).not.toBeNull();
  });

  test('is not forgotten over a reload, unless the room begins anew', () => {
    const sessionStorage = new FakeStorage();
    Object.assign(globalThis, { window: { sessionStorage } });
    try {
      const first = scene(0);
      first.change({ lines: [noticed(3, notices.muted, you.id)] });
      const { floor, reset } = scene(0);
      expect(floor.hindrance.value).toEqual({ kind: 'muted', mayTry: false });
      reset();
      expect(floor.hindrance.value).toBeNull();
      expect(scene(0).floor.hindrance.value).toBeNull();
    } finally {
      Reflect.deleteProperty(globalThis, 'window');
    }
  });
});
