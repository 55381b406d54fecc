import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { MemberId, Seq, Who } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { HeldPoll, Mailbox } from './mailbox.ts';

const ada: Who = { id: 'aaaaaaaaaaaaaaaa' as MemberId, nick: 'Ada', role: 'member' };
const deaf = { tell: (): void => undefined };
const mailboxOf = (changed = 1, floor = 1): Mailbox =>
  new Mailbox(ada, changed as Seq, floor as Seq, 0);
const pollOf = (mailbox: Mailbox, tab: string): HeldPoll =>
  new HeldPoll(mailbox, 1 as Seq, deaf, { tab, turn: 0, extra: '' });
const notice = (seq: number) => ({ seq: seq as Seq, json: '{}', bytes: 2 });

describe('the held polls of a member', () => {
  test('are kept and let go of in any order, one a tab', () => {
    const tabs = fc.array(fc.nat({ max: limits.tabsPerMemberMax - 1 }), { maxLength: 40 });
    fc.assert(
      fc.property(tabs, (visits) => {
        const mailbox = mailboxOf();
        const kept = new Map<string, HeldPoll>();
        for (const visit of visits) {
          const tab = `tab${visit}`;
          const held = kept.get(tab);
          expect(mailbox.pollOf(tab)).toBe(held ?? null);
          if (held === undefined) {
            const poll = pollOf(mailbox, tab);
            mailbox.keep(poll);
            kept.set(tab, poll);
          } else {
            expect(mailbox.letGo(held)).toBe(true);
            expect(mailbox.letGo(held)).toBe(false);
            kept.delete(tab);
          }
          expect(new Set(mailbox.polls())).toEqual(new Set(kept.values()));
          expect(mailbox.hasPolls()).toBe(kept.size > 0);
          expect(mailbox.isFull()).toBe(kept.size === limits.tabsPerMemberMax);
        }
      }),
    );
  });
});

describe('what is for a member alone', () => {
  test('is an entry for them, or another nick, and only what comes after the cursor', () => {
    const mailbox = mailboxOf(3);
    expect([2, 3].map((from) => mailbox.hasOwnSince(from as Seq))).toEqual([true, false]);
    mailbox.address(notice(5));
    expect([4, 5].map((from) => mailbox.hasOwnSince(from as Seq))).toEqual([true, false]);
    expect(mailbox.addressedAfter(4 as Seq)).toEqual([notice(5)]);
    expect(mailbox.addressedAfter(5 as Seq)).toEqual([]);
    mailbox.change({ ...ada, nick: 'Ada L' }, 7 as Seq);
    expect([6, 7].map((from) => mailbox.hasOwnSince(from as Seq))).toEqual([true, false]);
  });

  test('is bounded: what falls out moves the floor', () => {
    const mailbox = mailboxOf();
    for (let seq = 2; seq <= limits.addressedMax + 11; seq++) mailbox.address(notice(seq));
    expect(mailbox.addressedAfter(0 as Seq)).toHaveLength(limits.addressedMax);
    expect(mailbox.addressedFloor()).toBe(11 as Seq);
  });
});
