import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Entry, EntryBody, MemberId, Seq, Who } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { RoomState } from './room-state.ts';

const who = (at: number, nick = `member ${at}`): Who => ({
  id: `id${String(at).padStart(14, '0')}` as MemberId,
  nick,
  role: 'member',
});
const at = (seq: number, body: EntryBody): Entry => ({ seq: seq as Seq, at: seq, ...body });

const bodies: fc.Arbitrary<EntryBody> = fc.integer({ min: 0, max: 12 }).chain((one) => {
  const member = who(one);
  return fc.constantFrom<EntryBody>(
    { type: 'join', member },
    { type: 'leave', member, reason: 'left' },
    { type: 'leave', member, reason: 'timeout' },
    { type: 'member', member: { ...member, role: 'keeper' }, was: member },
    { type: 'member', member: { ...member, nick: `other ${one}` }, was: member },
    { type: 'topic', topic: `topic ${one}`, by: member },
    { type: 'mode', mode: one % 2 === 0 ? 'open' : 'quiet', slowMs: one * 1_000, by: member },
    { type: 'sanction', what: 'ban', member, by: who(99), for: 'keepers' },
    { type: 'sanction', what: 'unban', member, by: who(99), for: 'keepers' },
    { type: 'sanction', what: 'mute', member, by: who(99), for: 'keepers' },
    { type: 'sanction', what: 'unmute', member, by: who(99), for: 'keepers' },
    { type: 'message', id: 'm', by: member, text: 'x' },
  );
});

describe('the fold', () => {
  test('saved at any point and continued, gives the state of the whole', () => {
    fc.assert(
      fc.property(fc.array(bodies, { maxLength: 60 }), fc.nat(), (all, cut) => {
        const entries = all.map((body, index) => at(index + 1, body));
        const whole = new RoomState();
        for (const entry of entries) whole.apply(entry);
        const first = new RoomState();
        const middle = entries.length === 0 ? 0 : cut % entries.length;
        for (const entry of entries.slice(0, middle)) first.apply(entry);
        const second = RoomState.load(first.save());
        for (const entry of entries.slice(middle)) second?.apply(entry);
        expect(second?.save()).toBe(whole.save());
      }),
    );
  });

  test('finds members by what their nick looks like, also after they changed it', () => {
    const state = new RoomState();
    const ada = who(1, 'Ada');
    state.apply(at(1, { type: 'join', member: ada }));
    const found = state.members.get(ada.id);
    expect(state.findBySkeleton(found?.skeleton ?? '')?.id).toBe(ada.id);
    state.apply(at(2, { type: 'member', member: { ...ada, nick: 'Grace' }, was: ada }));
    expect(state.findBySkeleton(found?.skeleton ?? '')).toBeNull();
  });

  test('who lapsed comes back as a keeper, who left does not', () => {
    const state = new RoomState();
    const ada = who(1, 'Ada');
    const keeper: Who = { ...ada, role: 'keeper' };
    state.apply(at(1, { type: 'join', member: ada }));
    state.apply(at(2, { type: 'member', member: keeper, was: ada }));
    state.apply(at(3, { type: 'leave', member: keeper, reason: 'timeout' }));
    expect(state.roleOf(ada.id)).toBe('keeper');
    state.apply(at(4, { type: 'leave', member: keeper, reason: 'left' }));
    expect(state.roleOf(ada.id)).toBe('member');
  });

  test('a room that grew large tells names again only when it is well below the limit', () => {
    const state = new RoomState();
    let seq = 0;
    for (let one = 0; one <= limits.rosterMax; one++) {
      state.apply(at(++seq, { type: 'join', member: who(one) }));
    }
    expect(state.roster).toBe('count');
    for (let one = limits.rosterMax; one >= limits.rosterAgain; one--) {
      expect(state.roster).toBe('count');
      state.apply(at(++seq, { type: 'leave', member: who(one), reason: 'left' }));
    }
    expect(state.roster).toBe('full');
  });

  test('sanctions are bounded: the oldest is forgotten first', () => {
    const state = new RoomState();
    for (let one = 0; one <= limits.bansMax; one++) {
      const member = who(one);
      state.bans.impose(member);
    }
    expect(state.bans.holds(who(0).id, 'nothing like it')).toBe(false);
    expect(state.bans.holds(who(1).id, 'nothing like it')).toBe(true);
    expect(state.bans.all()).toHaveLength(limits.bansMax);
  });
});
