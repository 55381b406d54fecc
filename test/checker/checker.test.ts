import { describe, expect, test } from 'bun:test';
import { Checker } from './checker.ts';
import { epoch, History, namesIn, verdictOn } from './history.ts';
import { anomalies, type AnomalyName } from './record.ts';

/** A smallest history that shows an anomaly, and the nearest one that does not. */
interface Pair {
  readonly name: AnomalyName;
  readonly when: string;
  readonly wrong: (history: History) => History;
  readonly right: (history: History) => History;
}

const pairs: readonly Pair[] = [
  {
    name: 'lost-prefix',
    when: 'an acknowledged message is not in the journal, and later ones are',
    wrong: (h) => h.say('a:1', 1).say('a:2', 2).journal({ 2: 'a:2' }),
    right: (h) => h.say('a:1', 1).say('a:2', 2).journal({ 1: 'a:1', 2: 'a:2' }),
  },
  {
    name: 'lost-middle',
    when: 'an acknowledged message is not in the journal, between two that are',
    wrong: (h) => threeSaid(h).journal({ 1: 'a:1', 3: 'a:3' }),
    right: (h) => threeSaid(h).journal({ 1: 'a:1', 2: 'a:2', 3: 'a:3' }),
  },
  {
    name: 'lost-middle',
    when: 'another message stands where one was acknowledged',
    wrong: (h) => threeSaid(h).say('b:1', null).journal({ 1: 'a:1', 2: 'b:1', 3: 'a:3' }),
    right: (h) =>
      threeSaid(h)
        .say('b:1', null)
        .journal({ ...three, 4: 'b:1' }),
  },
  {
    name: 'lost-suffix',
    when: 'the journal ends before an acknowledged message',
    wrong: (h) => threeSaid(h).journal({ 1: 'a:1', 2: 'a:2' }),
    right: (h) => threeSaid(h).journal({ 1: 'a:1', 2: 'a:2' }).journal({ 3: 'a:3' }),
  },
  {
    name: 'lost-suffix',
    when: 'what the journal had is gone when it is read again',
    wrong: (h) => threeSaid(h).journal(three).journal({ 1: 'a:1', 2: 'a:2' }),
    right: (h) => threeSaid(h).journal(three).journal({ 1: 'a:1', 2: 'a:2' }).journal({ 3: 'a:3' }),
  },
  {
    name: 'lost-middle',
    when: 'nobody reads the journal, and whoever reads past an acknowledged message has not got it',
    wrong: (h) => threeSaid(h).begin('c', 0).poll('c', 0, 3, { 1: 'a:1', 3: 'a:3' }),
    right: (h) => threeSaid(h).begin('c', 0).poll('c', 0, 3, three),
  },
  {
    name: 'lost-suffix',
    when: 'another history begins unannounced, without what was acknowledged',
    wrong: (h) => threeSaid(h).journal(three).journal({ 1: 'a:1', 2: 'a:2' }, 'F'),
    right: (h) => threeSaid(h).journal(three).journal(three, 'F'),
  },
  {
    name: 'phantom',
    when: 'a message is recorded that nobody said',
    wrong: (h) => h.say('a:1', 1).journal({ 1: 'a:1', 2: 'b:1' }),
    right: (h) => h.say('a:1', 1).say('b:1', null).journal({ 1: 'a:1', 2: 'b:1' }),
  },
  {
    name: 'phantom',
    when: 'a message is recorded although its author was told that it failed',
    wrong: (h) => h.say('a:1', 'MUTED').journal({ 1: 'a:1' }),
    right: (h) => h.say('a:1', 'MUTED').say('a:1', null).journal({ 1: 'a:1' }),
  },
  {
    name: 'phantom',
    when: 'a message is recorded in words that its author did not use, or was refused',
    wrong: (h) => h.say('a:1', 1).say('a:1', 'ID_REUSED', { text: 'x' }).journal(saying('x')),
    right: (h) => h.say('a:1', 1).say('a:1', 'ID_REUSED', { text: 'x' }).journal(saying('a:1')),
  },
  {
    name: 'unrecorded',
    when: 'the journal passes over what was delivered',
    wrong: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).journal({ 2: 'a:2' }),
    right: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).journal({ 1: 'a:1', 2: 'a:2' }),
  },
  {
    name: 'unrecorded',
    when: 'the journal ends before what was delivered',
    wrong: (h) => sent(h).journal({ 1: 'a:1' }).poll('c', 0, 2, { 1: 'a:1', 2: 'a:2' }),
    right: (h) => sent(h).journal({ 1: 'a:1' }).poll('c', 0, 2, { 1: 'a:1' }),
  },
  {
    name: 'unrecorded',
    when: 'what was delivered is gone when the journal is read again',
    wrong: (h) => sent(h).journal(two).poll('c', 0, 2, two).journal({ 1: 'a:1' }),
    right: (h) => sent(h).journal(two).poll('c', 0, 2, two).journal(two),
  },
  {
    name: 'repeated',
    when: 'the journal has one message twice',
    wrong: (h) => sent(h).journal({ 1: 'a:1', 2: 'a:1' }),
    right: (h) => sent(h).journal({ 1: 'a:1', 2: 'a:2' }),
  },
  {
    name: 'repeated',
    when: 'a message is delivered where it does not stand, and nothing else does',
    wrong: (h) => sent(h).journal({ 1: 'a:1', 3: 'a:2' }).poll('c', 1, 2, { 2: 'a:1' }),
    right: (h) => sent(h).journal({ 1: 'a:1', 3: 'a:2' }).poll('c', 1, 2, {}),
  },
  {
    name: 'repeated',
    when: 'nobody reads the journal, and a message is delivered at two positions',
    wrong: (h) => sent(h).poll('c', 0, 2, { 1: 'a:1', 2: 'a:1' }),
    right: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).poll('c', 0, 1, { 1: 'a:1' }),
  },
  {
    name: 'repeated',
    when: 'a reply has an entry twice',
    wrong: (h) => sent(h).poll('c', 0, 1, [entry(1, 'a:1'), entry(1, 'a:1')]),
    right: (h) => sent(h).poll('c', 0, 1, [entry(1, 'a:1')]),
  },
  {
    name: 'repeated',
    when: 'a screen shows an entry again',
    wrong: (h) => sent(h).begin('c', 0).journal(two).show('c', two).show('c', { 1: 'a:1' }),
    right: (h) => {
      return sent(h).begin('c', 0).journal(two).show('c', two).begin('c', 0).show('c', two);
    },
  },
  {
    name: 'conflict',
    when: 'two are given other messages at one position',
    wrong: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).poll('d', 0, 1, { 1: 'a:2' }),
    right: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).poll('d', 0, 1, { 1: 'a:1' }),
  },
  {
    name: 'conflict',
    when: 'one is given another text than stands in the journal',
    wrong: (h) =>
      sent(h)
        .journal(two)
        .poll('c', 0, 1, [entry(1, 'a:1', 'x')]),
    right: (h) =>
      sent(h)
        .journal(two)
        .poll('c', 0, 1, [{ seq: 1, key: 'a:1' }]),
  },
  {
    name: 'conflict',
    when: 'the journal has another entry than was delivered before',
    wrong: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).journal({ 1: 'a:2', 2: 'a:1' }),
    right: (h) => sent(h).poll('c', 0, 1, { 1: 'a:1' }).journal(two),
  },
  {
    name: 'conflict',
    when: 'the journal has another entry when it is read again',
    wrong: (h) => sent(h).journal({ 1: 'a:1' }).journal({ 1: 'a:2' }),
    right: (h) => sent(h).journal({ 1: 'a:1' }).journal(two),
  },
  {
    name: 'misnumbered',
    when: 'a message is acknowledged at one position and recorded at another',
    wrong: (h) => h.say('a:1', 2).journal({ 1: 'a:1', 2: 'join:a' }),
    right: (h) => h.say('a:1', 1).journal({ 1: 'a:1', 2: 'join:a' }),
  },
  {
    name: 'misnumbered',
    when: 'a message is acknowledged at one position and delivered at another',
    wrong: (h) => h.say('a:1', 2).begin('c', 0).poll('c', 0, 2, { 1: 'a:1' }),
    right: (h) => h.say('a:1', 1).begin('c', 0).poll('c', 0, 2, { 1: 'a:1' }),
  },
  {
    name: 'misnumbered',
    when: 'a retry is acknowledged at another position',
    wrong: (h) => h.say('a:1', 1).say('a:1', 2).begin('c', 0),
    right: (h) => h.say('a:1', 1).say('a:1', 1).begin('c', 0),
  },
  {
    name: 'disorder',
    when: 'a reply does not ascend',
    wrong: (h) => sent(h).poll('c', 0, 2, [entry(2, 'a:2'), entry(1, 'a:1')]),
    right: (h) => sent(h).poll('c', 0, 2, [entry(1, 'a:1'), entry(2, 'a:2')]),
  },
  {
    name: 'disorder',
    when: 'a reply has an entry from before its range, as with ">=" in place of ">"',
    wrong: (h) => sent(h).poll('c', 1, 2, two),
    right: (h) => sent(h).poll('c', 0, 2, two),
  },
  {
    name: 'disorder',
    when: 'a reply has an entry from behind its range',
    wrong: (h) => sent(h).poll('c', 0, 1, two),
    right: (h) => sent(h).poll('c', 0, 2, two),
  },
  {
    name: 'disorder',
    when: 'a snapshot has an entry from after its position',
    wrong: (h) => sent(h).begin('c', 1, { entries: two }),
    right: (h) => sent(h).begin('c', 2, { entries: two }),
  },
  {
    name: 'disorder',
    when: 'a screen shows an older entry below a newer one',
    wrong: (h) => sent(h).show('c', { 2: 'a:2' }).show('c', { 1: 'a:1' }),
    right: (h) => sent(h).show('c', { 1: 'a:1' }).show('c', { 2: 'a:2' }),
  },
  {
    name: 'disorder',
    when: 'the journal is recorded in another order than its own',
    wrong: (h) => sent(h).journal([entry(2, 'a:2'), entry(1, 'a:1')]),
    right: (h) => sent(h).journal([entry(1, 'a:1'), entry(2, 'a:2')]),
  },
  {
    name: 'author-order',
    when: 'a message stands before one that its author had seen acknowledged',
    wrong: (h) => h.say('a:1', 2).say('a:2', 1).journal({ 1: 'a:2', 2: 'a:1' }),
    right: (h) => h.say('a:1', 2).say('b:2', 1).journal({ 1: 'b:2', 2: 'a:1' }),
  },
  {
    name: 'author-order',
    when: 'the later one was not even acknowledged',
    wrong: (h) => h.say('a:1', 2).say('a:2', null).journal({ 1: 'a:2', 2: 'a:1' }),
    right: (h) => overlapping(h).journal({ 1: 'a:2', 2: 'a:1' }),
  },
  {
    name: 'skipped',
    when: 'a reply leaves out what its range covers',
    wrong: (h) => sent(h).journal(two).poll('c', 0, 2, { 2: 'a:2' }),
    right: (h) => sent(h).journal(two).poll('c', 1, 2, { 2: 'a:2' }),
  },
  {
    name: 'skipped',
    when: 'the journal is read later than the reply that leaves something out',
    wrong: (h) => sent(h).poll('c', 0, 2, { 2: 'a:2' }).journal({ 1: 'a:1' }).journal({ 2: 'a:2' }),
    right: (h) => sent(h).poll('c', 0, 2, two).journal({ 1: 'a:1' }).journal({ 2: 'a:2' }),
  },
  {
    name: 'skipped',
    when: 'nobody reads the journal, and one is not given what another was given',
    wrong: (h) => sent(h).poll('c', 0, 2, two).poll('d', 0, 2, { 2: 'a:2' }),
    right: (h) => sent(h).poll('c', 0, 2, two).poll('d', 1, 2, { 2: 'a:2' }),
  },
  {
    name: 'skipped',
    when: 'a cursor passes over something, and nothing explains it',
    wrong: (h) => begun(h).poll('c', 1, 2, { 2: 'a:2' }),
    right: (h) => begun(h).poll('c', 1, 2, { 2: 'a:2' }).page('c', 0, 1, { 1: 'a:1' }),
  },
  {
    name: 'skipped',
    when: 'what is addressed to a member does not reach them',
    wrong: (h) => told(h, 'm').begin('c', 0, { member: 'm' }).poll('c', 0, 1, {}),
    right: (h) => told(h, 'x').begin('c', 0, { member: 'm' }).poll('c', 0, 1, {}),
  },
  {
    name: 'skipped',
    when: 'what is for keepers does not reach one',
    wrong: (h) => told(h, 'keepers').begin('c', 0, keeper).poll('c', 0, 1, {}),
    right: (h) => {
      return told(h, 'keepers')
        .journal({ 2: 'member:m' })
        .begin('c', 0, keeper)
        .poll('c', 0, 1, {});
    },
  },
  {
    name: 'skipped',
    when: 'a snapshot has a hole among its messages',
    wrong: (h) =>
      threeSaid(h)
        .journal(three)
        .begin('c', 3, { entries: { 1: 'a:1', 3: 'a:3' } }),
    right: (h) =>
      threeSaid(h)
        .journal(three)
        .begin('c', 3, { entries: { 2: 'a:2', 3: 'a:3' } }),
  },
  {
    name: 'skipped',
    when: 'a page leaves something out',
    wrong: (h) => begun(h).page('c', 0, 2, { 1: 'a:1' }),
    right: (h) => begun(h).page('c', 0, 1, { 1: 'a:1' }),
  },
  {
    name: 'skipped',
    when: 'a screen goes on without a message that a reply brought',
    wrong: (h) => begun(h).poll('c', 0, 2, two).show('c', { 2: 'a:2' }),
    right: (h) => begun(h).poll('c', 0, 2, two).show('c', { 1: 'a:1' }),
  },
  {
    name: 'skipped',
    when: 'it was in a history that was cut, where the journal had not been read',
    wrong: (h) => onlyRead(h).poll('c', 0, 2, two).poll('d', 0, 2, { 1: 'a:1' }).cut(1, 'F'),
    right: (h) => onlyRead(h).poll('c', 0, 2, two).poll('d', 0, 2, two).cut(1, 'F'),
  },
  {
    name: 'discontinuous',
    when: 'a reply begins behind the cursor',
    wrong: (h) => begun(h).poll('c', 1, 2, { 2: 'a:2' }, { after: 0 }),
    right: (h) => begun(h).poll('c', 1, 2, { 2: 'a:2' }, { after: 0, gap: { from: 0, to: 1 } }),
  },
  {
    name: 'discontinuous',
    when: 'a gap is announced, and does not begin at the cursor',
    wrong: (h) => begun(h).poll('c', 2, 2, {}, { after: 0, gap: { from: 1, to: 2 } }),
    right: (h) => begun(h).poll('c', 2, 2, {}, { after: 0, gap: { from: 0, to: 2 } }),
  },
  {
    name: 'leaked',
    when: 'what is addressed to one member reaches another',
    wrong: (h) => told(h, 'x').begin('c', 0, { member: 'm' }).poll('c', 0, 1, { 1: 'notice' }),
    right: (h) => told(h, 'm').begin('c', 0, { member: 'm' }).poll('c', 0, 1, { 1: 'notice' }),
  },
  {
    name: 'leaked',
    when: 'what is addressed to one member reaches a spectator, on a page',
    wrong: (h) => told(h, 'x').begin('c', 0).page('c', 0, 1, { 1: 'notice' }),
    right: (h) => told(h, 'x').begin('c', 0).page('c', 0, 1, {}),
  },
  {
    name: 'leaked',
    when: 'what is for keepers reaches a member',
    wrong: (h) => told(h, 'keepers').begin('c', 0, member).poll('c', 0, 1, { 1: 'notice' }),
    right: (h) => {
      told(h, 'keepers').begin('c', 0, member).poll('c', 0, 1, { 1: 'notice' });
      return h.journal({ 2: 'member:m' });
    },
  },
  {
    name: 'leaked',
    when: 'what is quiet is sent',
    wrong: (h) =>
      sent(h)
        .journal([{ seq: 1, key: 'join:x', quiet: true }])
        .poll('c', 0, 1, joined),
    right: (h) =>
      sent(h)
        .journal([{ seq: 1, key: 'join:x' }])
        .poll('c', 0, 1, joined),
  },
  {
    name: 'leaked',
    when: 'what was sent turns out to be quiet',
    wrong: (h) =>
      sent(h)
        .poll('c', 0, 1, joined)
        .journal([{ seq: 1, key: 'join:x', quiet: true }]),
    right: (h) =>
      sent(h)
        .poll('c', 0, 1, joined)
        .journal([{ seq: 1, key: 'join:x' }]),
  },
  {
    name: 'false-presence',
    when: 'a snapshot has somebody who had left',
    wrong: (h) => h.journal({ 1: 'join:x', 2: 'leave:x' }).begin('c', 2, { members: ['x'] }),
    right: (h) => h.journal({ 1: 'join:x', 2: 'leave:x' }).begin('c', 1, { members: ['x'] }),
  },
  {
    name: 'false-presence',
    when: 'a snapshot lacks somebody who is here, as the journal says later',
    wrong: (h) => h.begin('c', 2, { members: ['x'] }).journal({ 1: 'join:x', 2: 'join:y' }),
    right: (h) => h.begin('c', 1, { members: ['x'] }).journal({ 1: 'join:x', 2: 'join:y' }),
  },
  {
    name: 'false-presence',
    when: 'a view has somebody who never came',
    wrong: (h) => h.journal({ 1: 'join:x' }).view('c', 1, {}, { members: ['x', 'y'] }),
    right: (h) => h.journal({ 1: 'join:x' }).view('c', 1, {}, { members: ['x'] }),
  },
  {
    name: 'false-presence',
    when: 'somebody leaves twice',
    wrong: (h) => h.journal({ 1: 'join:x', 2: 'leave:x', 3: 'leave:x' }),
    right: (h) => h.journal({ 1: 'join:x', 2: 'leave:x', 3: 'join:x', 4: 'leave:x' }),
  },
  {
    name: 'false-presence',
    when: 'somebody comes who is here',
    wrong: (h) => h.journal({ 1: 'join:x', 2: 'join:y', 3: 'join:x' }),
    right: (h) => h.journal({ 1: 'join:x', 2: 'join:y', 3: 'leave:x', 4: 'join:x' }),
  },
  {
    name: 'false-presence',
    when: 'somebody comes who is here, as they were before the room went back',
    wrong: (h) => h.journal({ 1: 'join:x', 2: 'leave:x' }).cut(1, epoch).journal({ 2: 'join:x' }),
    right: (h) => h.journal({ 1: 'join:x', 2: 'leave:x' }).cut(2, epoch).journal({ 3: 'join:x' }),
  },
  {
    name: 'false-presence',
    when: 'somebody leaves who never came',
    wrong: (h) => h.journal({ 1: 'join:y', 2: 'leave:x' }),
    // What was before is not known.
    right: (h) => h.journal({ 2: 'join:y', 3: 'leave:x' }),
  },
  {
    name: 'false-presence',
    when: 'somebody leaves whose coming was cut off',
    wrong: (h) =>
      h.journal({ 1: 'join:y', 2: 'join:x' }).cut(1, 'F').journal({ 2: 'leave:x' }, 'F'),
    right: (h) =>
      h.journal({ 1: 'join:y', 2: 'join:x' }).cut(2, 'F').journal({ 3: 'leave:x' }, 'F'),
  },
  {
    name: 'diverged',
    when: 'two views of one position differ in a line',
    wrong: (h) => h.view('c', 2, { 1: 'one', 2: 'two' }).view('d', 2, { 2: 'deux' }),
    right: (h) => h.view('c', 2, { 1: 'one', 2: 'two' }).view('d', 2, { 2: 'two' }),
  },
  {
    name: 'diverged',
    when: 'a view lacks a line that the other has',
    wrong: (h) => h.view('c', 2, { 1: 'one', 2: 'two' }).view('d', 2, { 1: 'one' }),
    right: (h) => h.view('c', 2, { 1: 'one', 2: 'two' }).view('d', 1, { 1: 'one' }),
  },
  {
    name: 'overheld',
    when: 'a poll is answered long after its hold',
    wrong: (h) => heldFor(h, 2_100),
    right: (h) => heldFor(h, 1_900),
  },
  {
    name: 'overheld',
    when: 'a poll is refused long after its hold, and what was broken was mended before',
    wrong: (h) => heldFor(broken(h).passes(1_100), 2_100),
    right: (h) => heldFor(broken(h), 2_100),
  },
  {
    name: 'stale',
    when: 'a cursor behind a cut is answered',
    wrong: (h) => begun(h).poll('c', 0, 2, two).cut(1, 'E').poll('c', 2, 2, {}),
    right: (h) => begun(h).poll('c', 0, 2, two).cut(2, 'E').poll('c', 2, 2, {}),
  },
  {
    name: 'stale',
    when: 'a cursor of another history is answered, wherever it stands',
    wrong: (h) => begun(h).poll('c', 0, 2, two).cut(2, 'F').poll('c', 2, 2, {}),
    right: (h) => begun(h).poll('c', 0, 2, two).cut(2, 'F').begin('c', 2, { in: 'F' }),
  },
  {
    name: 'stale',
    when: 'a poll that was held while the history was cut is answered from what came after',
    wrong: (h) => heldOverCut(h, 1),
    right: (h) => heldOverCut(h, 2),
  },
  {
    name: 'stale',
    when: 'a reply is of another history than the cursor',
    wrong: (h) => begun(h).poll('c', 0, 2, {}, { epoch: 'F' }),
    right: (h) => begun(h).poll('c', 0, 2, two),
  },
  {
    name: 'stuck',
    when: 'all is well, and a client stands where it stood',
    wrong: (h) => begun(h).poll('c', 0, 1, { 1: 'a:1' }).healed(2, 'c'),
    right: (h) => begun(h).poll('c', 0, 1, { 1: 'a:1' }).healed(1, 'c'),
  },
  {
    name: 'stuck',
    when: 'all is well, and a screen lacks the last message',
    wrong: (h) => begun(h).show('c', { 1: 'a:1' }).healed(2, 'c'),
    right: (h) => begun(h).show('c', two).healed(2, 'c'),
  },
  {
    name: 'stuck',
    when: 'what an earlier life had asked for is all that came',
    wrong: (h) => askedBefore(h).healed(2, 'c'),
    right: (h) => askedBefore(h).poll('c', 0, 2, two).healed(2, 'c'),
  },
  {
    name: 'stuck',
    when: 'all is well, and somebody was never heard of',
    wrong: (h) => begun(h).poll('c', 0, 2, two).healed(2, 'c', 'd'),
    right: (h) => begun(h).poll('c', 0, 2, two).healed(2, 'c'),
  },
  {
    name: 'cacheable',
    when: 'a reply may be kept by a cache',
    wrong: (h) => begun(h).poll('c', 0, 2, two, { isFresh: false }),
    right: (h) => begun(h).poll('c', 0, 2, two, { isFresh: true }),
  },
  {
    name: 'malformed',
    when: 'something ends that never began',
    wrong: (h) => sent(h).note('c', { do: 'page', is: 'unknown' }),
    right: (h) => h.say('a:1', null).invoke('c', { do: 'page', is: 'invoke' })(lostPage),
  },
  {
    name: 'malformed',
    when: 'something ends twice',
    wrong: (h) => {
      const ends = h.invoke('c', { do: 'page', is: 'invoke' });
      ends(lostPage);
      return ends(lostPage);
    },
    right: (h) => h.invoke('c', { do: 'page', is: 'invoke' })(lostPage),
  },
  {
    name: 'malformed',
    when: 'something begins that is under way',
    wrong: (h) => {
      h.note('c', { do: 'page', is: 'invoke' }, 7);
      return h.note('c', { do: 'page', is: 'invoke' }, 7);
    },
    right: (h) => {
      h.note('c', { do: 'page', is: 'invoke' }, 7);
      return h.note('d', { do: 'page', is: 'invoke' }, 7);
    },
  },
  {
    name: 'malformed',
    when: 'a seq is no positive integer',
    wrong: (h) => sent(h).journal([entry(1.5, 'a:1')]),
    right: (h) => sent(h).journal([entry(1, 'a:1')]),
  },
  {
    name: 'malformed',
    when: 'a range ends before it begins',
    wrong: (h) => begun(h).poll('c', 2, 1, {}),
    right: (h) => begun(h).poll('c', 0, 0, {}),
  },
];

const two = { 1: 'a:1', 2: 'a:2' };
const three = { ...two, 3: 'a:3' };
const joined = [{ seq: 1, key: 'join:x' }];
const member = { member: 'm', role: 'member' } as const;
const keeper = { member: 'm', role: 'keeper' } as const;
const lostPage = { do: 'page', is: 'unknown' } as const;

describe('is found', () => {
  test.each(pairs.map((pair) => [`${pair.name}: ${pair.when}`, pair] as const))(
    '%s',
    (_title, { name, wrong }) => {
      expect(namesIn(wrong(new History()).records)).toEqual([name]);
    },
  );
});

describe('is not found', () => {
  test.each(pairs.map((pair) => [`${pair.name}, not when ${pair.when}`, pair] as const))(
    '%s',
    (_title, { right }) => {
      expect(verdictOn(right(new History()).records).anomalies).toEqual([]);
    },
  );
});

test('every anomaly that has a name has a history that shows it', () => {
  const shown = new Set(pairs.map(({ name }) => name));
  expect(Object.keys(anomalies).filter((name) => !shown.has(name as AnomalyName))).toEqual([]);
});

function entry(seq: number, key: string, text = key) {
  return { seq, key, text };
}

function saying(text: string) {
  return [entry(1, 'a:1', text)];
}

/** Two messages, of which it is not known whether they were recorded. */
function sent(h: History): History {
  return h.say('a:1', null).say('a:2', null);
}

/** Both are, and a client begins before them. */
function begun(h: History): History {
  return sent(h).journal(two).begin('c', 0);
}

function threeSaid(h: History): History {
  return h.say('a:1', 1).say('a:2', 2).say('a:3', 3);
}

/** Of two messages the journal was read up to the first. */
function onlyRead(h: History): History {
  return sent(h).journal({ 1: 'a:1' });
}

/** A client begins anew before its poll is answered. */
function askedBefore(h: History): History {
  const poll = { do: 'poll', is: 'invoke', epoch: 'E', after: 0, holdMs: 1_000 } as const;
  const ends = begun(h).invoke('c', poll);
  const entries = [entry(1, 'a:1'), entry(2, 'a:2')];
  h.begin('c', 0);
  return ends({ do: 'poll', is: 'ok', epoch: 'E', from: 0, to: 2, entries });
}

/** An entry for some eyes only. */
function told(h: History, to: string): History {
  return h.journal([{ seq: 1, key: 'notice', to }]);
}

/** Both are said before either is acknowledged. */
function overlapping(h: History): History {
  const first = h.invoke('a', { do: 'say', is: 'invoke', key: 'a:1', text: 'a:1' });
  const second = h.invoke('a', { do: 'say', is: 'invoke', key: 'a:2', text: 'a:2' });
  first({ do: 'say', is: 'ok', epoch: 'E', seq: 2 });
  return second({ do: 'say', is: 'unknown' });
}

function heldFor(h: History, ms: number): History {
  const ends = h.invoke('c', { do: 'poll', is: 'invoke', epoch: 'E', after: 0, holdMs: 1_000 });
  h.passes(ms);
  return ends({ do: 'poll', is: 'fail', code: 'BUSY' });
}

function broken(h: History): History {
  const ends = h.invoke('faults', { do: 'fault', is: 'invoke', name: 'stop' });
  return ends({ do: 'fault', is: 'ok', evidence: 'It answered nothing for a second' });
}

/** A poll after 2 is answered with what a history has that was cut at `seq` meanwhile. */
function heldOverCut(h: History, seq: number): History {
  begun(h).poll('c', 0, 2, two);
  const ends = h.invoke('c', { do: 'poll', is: 'invoke', epoch: 'E', after: 2, holdMs: 1_000 });
  h.cut(seq, 'E').say('b:1', null);
  h.journal({ ...(seq < 2 && { 2: 'join:x' }), 3: 'b:1' });
  return ends({ do: 'poll', is: 'ok', epoch: 'E', from: 2, to: 3, entries: [entry(3, 'b:1')] });
}

test('the checker refuses to go on after its verdict', () => {
  const checker = new Checker();
  const [record] = new History().say('a:1', 1).records;
  checker.verdict();
  expect(() => record && checker.take(record)).toThrow('nothing can be added');
});
