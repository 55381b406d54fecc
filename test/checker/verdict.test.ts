import { describe, expect, test } from 'bun:test';
import { Checker } from './checker.ts';
import { History, verdictOn } from './history.ts';

/** One message, said and read. */
function good(h = new History()): History {
  return h.say('a:1', 1).journal({ 1: 'a:1' }).begin('c', 0).poll('c', 0, 1, { 1: 'a:1' });
}

describe('the verdict', () => {
  test('is pass when nothing is wrong and enough was done', () => {
    expect(verdictOn(good().records)).toEqual({
      verdict: 'pass',
      doubts: [],
      anomalies: [],
      counts: {},
      records: 7,
      clients: 2,
      acknowledged: 1,
      delivered: 1,
      polls: 1,
      faults: {},
    });
  });

  test('is unknown when nothing happened', () => {
    const { verdict, doubts } = verdictOn([]);
    expect(verdict).toBe('unknown');
    expect(doubts).toHaveLength(2);
  });

  test('is unknown when less was acknowledged or delivered than was asked for', () => {
    const { records } = good();
    expect(verdictOn(records, { acknowledgedMin: 2 }).doubts).toEqual([
      '1 messages were acknowledged, of 2 at least',
    ]);
    expect(verdictOn(records, { deliveredMin: 2 }).doubts).toEqual([
      '1 entries were delivered, of 2 at least',
    ]);
    expect(verdictOn(records, { acknowledgedMin: 2 }).verdict).toBe('unknown');
  });

  test('is unknown when a fault is not known to have happened even once', () => {
    const h = new History();
    const fault = { do: 'fault', is: 'invoke', name: 'power cut' } as const;
    h.invoke('faults', fault)({ do: 'fault', is: 'fail', reason: 'The disk is not loop-mounted' });
    h.invoke('faults', fault);
    const { verdict, doubts, faults } = verdictOn(good(h).records);
    expect(verdict).toBe('unknown');
    expect(doubts).toEqual(['The fault "power cut" is not known to have happened']);
    expect(faults).toEqual({ 'power cut': 0 });
    h.invoke('faults', fault)({ do: 'fault', is: 'ok', evidence: 'The image was mounted' });
    expect(verdictOn(h.records).verdict).toBe('pass');
    expect(verdictOn(h.records).faults).toEqual({ 'power cut': 1 });
  });

  test('is unknown when nobody looked where a message was acknowledged', () => {
    const h = new History().say('a:1', 1).begin('c', 0).poll('c', 0, 1, { 1: 'a:1' });
    expect(verdictOn(h.records).verdict).toBe('pass');
    expect(verdictOn(h.say('a:2', 2).records).doubts).toEqual([
      '1 acknowledged messages stand where nobody has looked',
    ]);
  });

  test('is fail when something is wrong, whatever is in doubt', () => {
    const h = new History().say('a:1', 1).journal({ 1: 'a:1', 2: 'b:1' });
    expect(verdictOn(h.records).verdict).toBe('fail');
    expect(verdictOn(h.records).doubts).toHaveLength(1);
  });

  test('counts what a screen shows as delivered where polls are not recorded', () => {
    const h = new History().say('a:1', 1).begin('c', 0).show('c', { 1: 'a:1' });
    expect(verdictOn(h.records).delivered).toBe(1);
    expect(verdictOn(good().show('c', { 1: 'a:1' }).records).delivered).toBe(1);
  });

  test('names the line at which an anomaly became certain', () => {
    const h = good().say('a:2', null).journal({ 2: 'a:2' }).poll('c', 1, 2, {}).say('a:3', null);
    const [anomaly] = verdictOn(h.records).anomalies;
    expect(anomaly).toMatchObject({ name: 'skipped', line: 12 });
    expect(anomaly?.detail).toContain('"a:2" at 2');
  });

  test('tells the first of each kind, however many of another kind came before', () => {
    const h = good();
    for (let i = 0; i < 100; i++) h.note('c', { do: 'page', is: 'unknown' });
    h.journal({ 2: 'x:1' });
    const { anomalies, counts } = verdictOn(h.records, { anomaliesMax: 25 });
    expect(anomalies.length).toBeLessThanOrEqual(25);
    expect(anomalies.map(({ name }) => name)).toContain('phantom');
    expect(counts).toEqual({ malformed: 100, phantom: 1 });
  });

  test('before the end is never pass, and already fail', () => {
    const checker = new Checker();
    for (const record of good().records) checker.take(record);
    expect(checker.soFar()).toMatchObject({ verdict: 'unknown', acknowledged: 1 });
    const [stray] = new History().note('c', { do: 'page', is: 'unknown' }).records;
    if (stray) checker.take(stray);
    expect(checker.soFar()).toMatchObject({ verdict: 'fail', counts: { malformed: 1 } });
    expect(checker.verdict().counts).toEqual({ malformed: 1 });
  });
});

describe('a history that is cut', () => {
  test('loses what was acknowledged beyond the cut, and nothing before it', () => {
    const h = new History().say('a:1', 1).say('a:2', 2).journal({ 1: 'a:1', 2: 'a:2' });
    h.begin('c', 2, { entries: { 1: 'a:1', 2: 'a:2' } }).cut(1, 'F');
    expect(verdictOn(h.records).verdict).toBe('pass');
    expect(verdictOn(h.journal({ 1: 'a:1' }, 'F').records).verdict).toBe('pass');
    const lost = new History().say('a:1', 1).journal({ 1: 'a:1' }).cut(1, 'F');
    lost.journal({ 1: 'join:x' }, 'F').journal({ 2: 'join:y' }, 'F');
    expect(Object.keys(verdictOn(lost.records).counts)).toContain('conflict');
  });

  test('may give a lost message another position when it is said again', () => {
    const h = new History().say('a:1', 1).say('a:2', 2).journal({ 1: 'a:1', 2: 'a:2' });
    h.cut(1, 'F').say('a:3', 2, { in: 'F' }).say('a:2', 3, { in: 'F' });
    h.journal({ 2: 'a:3', 3: 'a:2' }, 'F').begin('c', 3, { entries: { 3: 'a:2' }, in: 'F' });
    expect(verdictOn(h.records)).toMatchObject({ verdict: 'pass', acknowledged: 3 });
  });

  test('may be heard of before the cut is recorded', () => {
    const h = new History().say('a:1', 1).say('a:2', 2).journal({ 1: 'a:1', 2: 'a:2' });
    h.begin('c', 1, { in: 'F', entries: { 1: 'a:1' } })
      .cut(1, 'F')
      .journal({ 1: 'a:1' }, 'F');
    expect(verdictOn(h.records).anomalies).toEqual([]);
  });

  test('leaves a reply that was on its way undecided when it may be of either history', () => {
    const h = good().say('b:1', null);
    const poll = { do: 'poll', is: 'invoke', epoch: 'E', after: 0, holdMs: 1_000 } as const;
    const ends = h.invoke('c', poll);
    h.cut(1, 'E');
    const entries = [
      { seq: 1, key: 'a:1' },
      { seq: 2, key: 'b:1' },
    ];
    ends({ do: 'poll', is: 'ok', epoch: 'E', from: 0, to: 2, entries });
    h.poll('c', 2, 2, {}).journal({ 2: 'join:x' });
    expect(verdictOn(h.records).anomalies).toEqual([]);
  });

  test('lets an answer from before the cut arrive after one from behind it', () => {
    const h = good().say('b:1', null).say('b:2', null);
    const poll = { do: 'poll', is: 'invoke', epoch: 'E', after: 1, holdMs: 1_000 } as const;
    const ends = h.invoke('c', poll);
    h.cut(1, 'E').journal({ 2: 'b:2' }).poll('c', 1, 2, { 2: 'b:2' });
    ends({ do: 'poll', is: 'ok', epoch: 'E', from: 1, to: 2, entries: [{ seq: 2, key: 'b:1' }] });
    expect(verdictOn(h.poll('c', 2, 2, {}).records).anomalies).toEqual([]);
  });

  test('is judged as ever where both histories have what an answer speaks of', () => {
    const h = good().say('b:1', null);
    const poll = { do: 'poll', is: 'invoke', epoch: 'E', after: 0, holdMs: 1_000 } as const;
    const ends = h.invoke('c', poll);
    h.cut(1, 'E').journal({ 2: 'b:1' });
    ends({ do: 'poll', is: 'ok', epoch: 'E', from: 0, to: 1, entries: [] });
    expect(verdictOn(h.records).counts).toEqual({ skipped: 1 });
  });

  test('says nothing of the role that somebody had in the history before', () => {
    const h = good().begin('d', 1, { member: 'd', role: 'member' }).cut(0, 'E');
    h.journal([
      { seq: 1, key: 'member:d' },
      { seq: 2, key: 'notice', to: 'keepers' },
    ]);
    h.poll('d', 0, 2, { 1: 'member:d', 2: 'notice' });
    expect(verdictOn(h.records).anomalies).toEqual([]);
  });
});
