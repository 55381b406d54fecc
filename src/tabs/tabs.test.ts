import { expect, test } from 'bun:test';
import { whoIs } from '../client/testing/fake-room.ts';
import { pendingMax } from '../copy/outbox.ts';
import { textsOf } from '../copy/testing/scene.ts';
import type { Seq } from '../protocol/entries.ts';
import { FakeBrowser, type FakeTab, type Sharing } from './testing/fake-browser.ts';

/** A browser with so many tabs, in which somebody has joined. */
async function opened(
  sharing: Sharing,
  count: number,
): Promise<{ readonly browser: FakeBrowser; readonly tabs: FakeTab[] }> {
  const browser = new FakeBrowser(sharing);
  const tabs: FakeTab[] = [];
  for (let number = 0; number < count; number++) {
    const tab = browser.open();
    tabs.push(tab);
    void tab.copy.resume();
    await browser.settle();
    if (number === 0) await tab.copy.join('ada');
    await browser.settle();
  }
  return { browser, tabs };
}

function shown(tabs: readonly FakeTab[]): string[][] {
  return tabs.map(({ copy }) => textsOf(copy.state).filter((text) => !text.endsWith('join')));
}

for (const sharing of ['worker', 'locks'] as const) {
  const name = sharing === 'worker' ? 'with a worker' : 'with a host among them';

  test(`${name}, eight tabs hold one poll, and all show the same`, async () => {
    const { browser, tabs } = await opened(sharing, 8);
    const { room } = browser;
    expect(room.held).toBe(1);
    room.say('bob', 'to all');
    await browser.settle();
    void tabs[5]?.copy.say('from one');
    await browser.settle();
    expect(shown(tabs)).toEqual(tabs.map(() => ['to all', 'from one']));
    expect(new Set(room.sent('poll').map(({ query }) => query.get('tab'))).size).toBe(1);
    expect(room.held).toBe(1);
  });

  test(`${name}, a new tab begins with the room as it is, and asks nothing`, async () => {
    const { browser, tabs } = await opened(sharing, 1);
    const { room } = browser;
    for (const text of ['one', 'two']) room.say('bob', text);
    await browser.settle();
    const asked = room.heard.length;
    const late = browser.open();
    expect(await late.copy.resume()).toBe(true);
    await browser.settle();
    expect(shown([late])).toEqual([['one', 'two']]);
    expect(late.copy.state.you).toEqual(tabs[0]?.copy.state.you ?? null);
    expect(room.heard).toHaveLength(asked);
  });

  test(`${name}, what one says is pending in all until it is recorded`, async () => {
    const { browser, tabs } = await opened(sharing, 2);
    const { room, clock } = browser;
    room.weather = () => 'lost';
    const said = tabs[1]?.copy.say('mine');
    await browser.settle();
    expect(shown(tabs)).toEqual([['pending: mine'], ['pending: mine']]);
    room.weather = () => 'fair';
    await clock.advance(30_000);
    expect(await said).toMatchObject({ ok: true });
    expect(shown(tabs)).toEqual([['mine'], ['mine']]);
    expect(room.present()).toHaveLength(1);
  });

  test(`${name}, leaving in one is leaving in all`, async () => {
    const { browser, tabs } = await opened(sharing, 3);
    await tabs[1]?.copy.leave();
    await browser.settle();
    expect(tabs.map(({ copy }) => copy.state.status.kind)).toEqual(['idle', 'idle', 'idle']);
    expect(tabs.every(({ copy }) => copy.state.you === null)).toBe(true);
    expect(browser.room.held).toBe(0);
    expect(tabs.every(({ storage }) => storage.items.size === 0)).toBe(true);
  });

  test(`${name}, the first tab closed, the others miss nothing and still hold one poll`, async () => {
    const { browser, tabs } = await opened(sharing, 4);
    const { room, clock } = browser;
    room.say('bob', 'before');
    await browser.settle();
    const [first, ...others] = tabs;
    first?.close();
    room.say('bob', 'meanwhile');
    await clock.advance(1_000);
    room.say('bob', 'after');
    await clock.advance(1_000);
    expect(shown(others)).toEqual(others.map(() => ['before', 'meanwhile', 'after']));
    expect(room.held).toBe(1);
    // It was not the last: nobody has gone.
    expect(first?.pane.beacons).toEqual([]);
  });

  test(`${name}, the last tab to close says goodbye, and no poll is left`, async () => {
    const { browser, tabs } = await opened(sharing, 2);
    tabs[0]?.close();
    await browser.clock.advance(1_000);
    tabs[1]?.close();
    await browser.settle();
    expect(tabs.flatMap(({ pane }) => pane.beacons)).toMatchObject([{ url: '/v1/leave' }]);
    const [beacon] = (tabs[1]?.pane.beacons ?? []) as { body: { tab: string; token: string } }[];
    expect(beacon?.body.tab).toBe(browser.room.sent('poll').at(-1)?.query.get('tab') ?? '');
    expect([...browser.room.tokens.keys()]).toContain(beacon?.body.token ?? '');
    expect(browser.room.held).toBe(0);
  });

  test(`${name}, a tab that crashed is counted no more: the last one left says goodbye`, async () => {
    const { browser, tabs } = await opened(sharing, 3);
    tabs[1]?.crash();
    await browser.settle();
    tabs[2]?.close();
    await browser.clock.advance(1_000);
    tabs[0]?.close();
    expect(tabs.map(({ pane }) => pane.beacons.length)).toEqual([1, 0, 0]);
  });

  test(`${name}, what a tab had kept when it crashed is said when it is back, once`, async () => {
    const { browser, tabs } = await opened(sharing, 3);
    const [first, crashed] = tabs as [FakeTab, FakeTab, FakeTab];
    // Whoever hosts goes at the same moment: nobody has heard what was said.
    if (sharing === 'worker') browser.endWorker();
    else first.crash();
    void crashed.copy.say('my last words');
    crashed.crash();
    await browser.clock.advance(1_000);
    expect(shown(tabs.slice(2))).toEqual([[]]);
    const back = browser.open(crashed.storage);
    void back.copy.resume();
    await browser.settle();
    expect(shown([tabs[2]!, back])).toEqual([['my last words'], ['my last words']]);
    expect(browser.room.present()).toHaveLength(1);
  });

  test(`${name}, what was taken back is not said by a tab that had kept it`, async () => {
    const { browser, tabs } = await opened(sharing, 2);
    const { room } = browser;
    const [other, kept] = tabs as [FakeTab, FakeTab];
    room.weather = ({ method }) => (method === 'POST' ? 'lost' : 'fair');
    void kept.copy.say('never mind');
    await browser.settle();
    kept.pane.fire('pagehide', { persisted: true });
    const [pending] = other.copy.state.lines.filter(({ type }) => type === 'pending');
    other.copy.discard(pending && 'id' in pending ? pending.id : '');
    await browser.settle();
    room.weather = () => 'fair';
    kept.pane.fire('pageshow', { persisted: true });
    await browser.clock.advance(60_000);
    expect(shown(tabs)).toEqual([[], []]);
    expect(room.present()).toEqual([]);
  });

  test(`${name}, the room that a spectator looks at is not begun anew by another tab`, async () => {
    const browser = new FakeBrowser(sharing);
    const { room } = browser;
    for (let number = 1; number <= 60; number++) room.say('bob', `${number}`);
    const first = browser.open();
    await first.copy.resume();
    await first.copy.history();
    expect(shown([first])[0]).toHaveLength(60);
    room.say('bob', 'since then');
    room.append({ type: 'delete', of: 1 as Seq, by: whoIs('bob') });
    const second = browser.open();
    expect(await second.copy.resume()).toBe(false);
    await browser.settle();
    for (const texts of shown([first, second])) {
      expect(texts.slice(0, 2)).toEqual(['(deleted)', '2']);
      expect(texts.slice(-2)).toEqual(['60', 'since then']);
      expect(texts).toHaveLength(61);
    }
  });

  test(`${name}, a tab that is kept for the way back has caught up when it is back`, async () => {
    const { browser, tabs } = await opened(sharing, 1);
    const { room, clock } = browser;
    const [tab] = tabs as [FakeTab];
    tab.pane.fire('pagehide', { persisted: true });
    await browser.settle();
    expect(room.held).toBe(0);
    expect(tab.pane.beacons).toEqual([]);
    room.say('bob', 'while you were away');
    await clock.advance(5_000);
    expect(shown(tabs)).toEqual([[]]);
    tab.pane.fire('pageshow', { persisted: true });
    await browser.settle();
    expect(shown(tabs)).toEqual([['while you were away']]);
    expect(room.held).toBe(1);
  });

  test(`${name}, a tab that is kept for the way back holds no lock meanwhile`, async () => {
    const { browser, tabs } = await opened(sharing, 1);
    const [tab] = tabs as [FakeTab];
    const before = browser.locksHeld;
    for (let time = 0; time < 3; time++) {
      tab.pane.fire('pagehide', { persisted: true });
      tab.pane.fire('freeze');
      await browser.settle();
      // The worker's.
      expect(browser.locksHeld).toBe(sharing === 'worker' ? 1 : 0);
      tab.pane.fire('resume');
      tab.pane.fire('pageshow', { persisted: true });
      await browser.settle();
      expect(browser.locksHeld).toBe(before);
      expect(browser.room.held).toBe(1);
    }
  });

  test(`${name}, a sleep of the machine is noticed at the next look, and the poll asked anew`, async () => {
    const { browser } = await opened(sharing, 2);
    const { room, clock } = browser;
    // The connection died meanwhile, and nobody was told.
    room.weather = () => 'silent';
    room.say('bob', 'before');
    await browser.settle();
    room.weather = () => 'fair';
    const polls = room.sent('poll').length;
    clock.leap(3_600_000);
    await clock.advance(0);
    const since = room.sent('poll').slice(polls);
    expect(since.map(({ query }) => query.get('hold'))).toContain('0');
    expect(room.held).toBe(1);
  });
}

test('what a tab has said survives the closing of the tab that hosts, and is recorded once', async () => {
  const { browser, tabs } = await opened('locks', 3);
  const { room, clock } = browser;
  room.weather = ({ method, path }) => (method === 'POST' && path === 'messages' ? 'cut' : 'fair');
  room.refusal = ({ path }) => (path === 'poll' ? 'BUSY' : null);
  room.settleAll();
  await browser.settle();
  const said = tabs[2]?.copy.say('did it arrive');
  await browser.settle();
  tabs[0]?.close();
  await browser.settle();
  room.weather = () => 'fair';
  room.refusal = () => null;
  await clock.advance(60_000);
  expect(await said).toMatchObject({ ok: true });
  expect(shown(tabs.slice(1))).toEqual([['did it arrive'], ['did it arrive']]);
  expect(room.present()).toHaveLength(1);
});

test('what was said survives a reload of the only tab, and the end of its worker', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const { room, clock } = browser;
  room.weather = () => 'lost';
  void tabs[0]?.copy.say('into the dark');
  await browser.settle();
  tabs[0]?.close();
  browser.endWorker();
  const reloaded = browser.open(tabs[0]?.storage);
  void reloaded.copy.resume();
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(shown([reloaded])).toEqual([['into the dark']]);
  expect(room.present()).toHaveLength(1);
});

test('a worker that was killed is replaced at once, also for tabs that nobody looks at', async () => {
  const { browser, tabs } = await opened('worker', 3);
  const { room } = browser;
  for (const { pane } of tabs) pane.document.visibilityState = 'hidden';
  browser.endWorker();
  await browser.settle();
  room.say('bob', 'to the next one');
  await browser.settle();
  expect(shown(tabs)).toEqual(tabs.map(() => ['to the next one']));
  expect(room.held).toBe(1);
});

test('a tab that goes over to another host takes it that something passed by untold', async () => {
  const { browser, tabs } = await opened('worker', 2);
  let missed = 0;
  tabs[1]?.copy.on('missed', () => (missed += 1));
  browser.endWorker();
  await browser.settle();
  expect(missed).toBe(1);
});

test('what is said into a dead worker is shown at once, and recorded once by the next', async () => {
  const { browser, tabs } = await opened('worker', 2);
  browser.endWorker();
  const said = tabs[0]?.copy.say('is anybody there');
  expect(shown(tabs)[0]).toEqual(['pending: is anybody there']);
  await browser.settle();
  expect(await said).toMatchObject({ ok: true });
  await browser.settle();
  expect(shown(tabs)).toEqual([['is anybody there'], ['is anybody there']]);
  expect(browser.room.present()).toHaveLength(1);
});

test('what is said while the next worker finds its way into the room waits for that', async () => {
  for (let moment = 0; moment < 40; moment++) {
    const { browser, tabs } = await opened('worker', 1);
    browser.endWorker();
    for (let turn = 0; turn < moment; turn++) await Promise.resolve();
    const said = tabs[0]?.copy.say('in between');
    await browser.settle();
    expect(await said).toMatchObject({ ok: true });
    expect(shown(tabs)).toEqual([['in between']]);
  }
});

test('what is said into a dead worker survives a reload, and no code is kept', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const [tab] = tabs as [FakeTab];
  browser.endWorker();
  void tab.copy.say('in a hurry');
  void tab.copy.say('/keeper secret');
  expect([...tab.storage.items.values()].join()).not.toContain('secret');
  tab.close();
  const reloaded = browser.open(tab.storage);
  void reloaded.copy.resume();
  await browser.clock.advance(1_000);
  expect(shown([reloaded])).toEqual([['in a hurry']]);
});

test('workers that the system ends after a while of good service are replaced each time', async () => {
  const { browser, tabs } = await opened('worker', 1);
  for (let deaths = 0; deaths < 5; deaths++) {
    await browser.clock.advance(120_000);
    browser.endWorker();
    await browser.settle();
  }
  const names = browser.room.sent('poll').map(({ query }) => query.get('tab'));
  expect(names.at(-1)).toBe('worker 6');
  expect(tabs[0]?.copy.state.status.kind).toBe('live');
});

test('a tab whose worker finds its way into the room can have the server asked at once', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const { room, clock } = browser;
  const [tab] = tabs as [FakeTab];
  room.weather = () => 'lost';
  browser.endWorker();
  await clock.advance(60_000);
  expect(tab.copy.state.status.kind).not.toBe('live');
  room.weather = () => 'fair';
  tab.copy.reconnect();
  await browser.settle();
  expect(tab.copy.state.status.kind).toBe('live');
});

test('what was refused, or taken back at once, is not kept: a reload would say it', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const [tab] = tabs as [FakeTab];
  const keptText = (): string => [...tab.storage.items.values()].join();
  browser.room.weather = () => 'lost';
  for (let count = 0; count < pendingMax; count++) void tab.copy.say(`${count}`);
  await browser.settle();
  const spoken = tab.copy.say('one too many');
  expect(keptText()).toContain('one too many');
  expect(await spoken).toMatchObject({ code: 'TOO_MANY' });
  expect(keptText()).not.toContain('one too many');
  void tab.copy.say('never mind');
  const line = tab.copy.state.lines.at(-1);
  tab.copy.discard(line && 'id' in line ? line.id : '');
  expect(keptText()).not.toContain('never mind');
});

test('what a tab was closed over is kept for the reload', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const [tab] = tabs as [FakeTab];
  void tab.copy.say('in a hurry');
  tab.copy.close();
  await browser.settle();
  expect([...tab.storage.items.values()].join()).toContain('in a hurry');
});

test('what was said as somebody who has left meanwhile is not said as somebody else', async () => {
  const { browser, tabs } = await opened('locks', 2);
  const [other, frozen] = tabs as [FakeTab, FakeTab];
  frozen.isFrozen = true;
  void frozen.copy.say('under my name');
  frozen.crash();
  await other.copy.leave();
  const back = browser.open(frozen.storage);
  void back.copy.resume();
  await browser.settle();
  await back.copy.join('eve');
  await browser.settle();
  expect(browser.room.present()).toEqual([]);
  expect(shown([back])).toEqual([['failed: under my name']]);
});

test('in another history what was said into a dead worker is said without what it answers', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const [tab] = tabs as [FakeTab];
  const { room, clock } = browser;
  const seq = room.say('bob', 'a question');
  await browser.settle();
  // It is full: the next host takes in nothing from it, and is asked.
  tab.storage.setItem = () => {};
  room.weather = () => 'lost';
  browser.endWorker();
  void tab.copy.say('an answer', { replyTo: seq });
  room.restore(room.entries.length - 1);
  for (let count = 0; count < 9; count++) room.say('eve', `Another ${count}`);
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(room.sent('messages').map(({ body }) => body['replyTo'])).toEqual([undefined]);
});

test('where workers die again and again the tabs find a host among themselves', async () => {
  const { browser, tabs } = await opened('worker', 2);
  for (let deaths = 0; deaths < 5; deaths++) {
    browser.endWorker();
    await browser.settle();
  }
  browser.room.say('bob', 'hello');
  await browser.settle();
  expect(shown(tabs)).toEqual([['hello'], ['hello']]);
  expect(browser.room.held).toBe(1);
});

test('a worker that was only kept waiting is shared again once it answers', async () => {
  const { browser, tabs } = await opened('worker', 2);
  const { room, clock } = browser;
  browser.stallWorker();
  await clock.advance(30_000);
  room.say('bob', 'meanwhile');
  await clock.advance(1_000);
  void tabs[0]?.copy.say('is anybody there');
  await clock.advance(1_000);
  expect(shown(tabs)).toEqual(tabs.map(() => ['meanwhile', 'is anybody there']));
  browser.resumeWorker();
  await clock.advance(1_000);
  // One that opens goes to the worker, and finds the others there.
  tabs.push(browser.open());
  await clock.advance(1_000);
  expect(room.held).toBe(1);
  room.say('bob', 'welcome back');
  await clock.advance(1_000);
  const all = ['meanwhile', 'is anybody there', 'welcome back'];
  expect(shown(tabs)).toEqual(tabs.map(() => all));
  expect(room.present()).toHaveLength(all.length);
});

test('a tab whose worker was silent looks for the worker first when it is back from elsewhere', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const { room, clock } = browser;
  const [tab] = tabs as [FakeTab];
  browser.stallWorker();
  await clock.advance(30_000);
  tab.pane.fire('pagehide', { persisted: true });
  await clock.advance(1_000);
  browser.resumeWorker();
  tab.pane.fire('pageshow', { persisted: true });
  await clock.advance(1_000);
  browser.open();
  await clock.advance(1_000);
  expect(room.held).toBe(1);
});

test('a tab that comes back often at the same moment does not take its worker for dead', async () => {
  const { browser, tabs } = await opened('worker', 1);
  browser.stallWorker();
  for (let time = 0; time < 5; time++) tabs[0]?.pane.fire('visibilitychange');
  await browser.settle();
  browser.resumeWorker();
  await browser.clock.advance(60_000);
  const names = browser.room.sent('poll').map(({ query }) => query.get('tab'));
  expect(new Set(names).size).toBe(1);
});

test('time in which the whole machine stood still is not counted against a worker', async () => {
  const { browser } = await opened('worker', 1);
  const { room, clock } = browser;
  await clock.advance(4_999);
  // It is asked at the fifth second, and both of them go on nine seconds later.
  browser.stallWorker();
  await clock.advance(1);
  clock.leap(9_000);
  await clock.advance(0);
  browser.resumeWorker();
  await clock.advance(60_000);
  expect(new Set(room.sent('poll').map(({ query }) => query.get('tab'))).size).toBe(1);
});

test('a host that is frozen is passed by, and steps down when it is thawed', async () => {
  const { browser, tabs } = await opened('locks', 3);
  const { room, clock } = browser;
  const [frozen, ...others] = tabs as [FakeTab, ...FakeTab[]];
  frozen.pane.document.visibilityState = 'hidden';
  frozen.isFrozen = true;
  await clock.advance(20_000);
  room.say('bob', 'to the others');
  await clock.advance(1_000);
  expect(shown(others)).toEqual([['to the others'], ['to the others']]);
  frozen.isFrozen = false;
  room.say('bob', 'to all');
  await clock.advance(1_000);
  expect(shown(tabs)).toEqual(tabs.map(() => ['to the others', 'to all']));
  expect(room.held).toBe(1);
  // Each is counted once, however often it came: the last to close knows that it is the last.
  for (const tab of tabs) {
    tab.close();
    await clock.advance(1_000);
  }
  expect(tabs.map(({ pane }) => pane.beacons.length)).toEqual([0, 0, 1]);
});

test('a host that goes on before it hears that it was robbed is listened to by nobody', async () => {
  const { browser, tabs } = await opened('locks', 3);
  const { room, clock } = browser;
  const [robbed, ...others] = tabs as [FakeTab, ...FakeTab[]];
  robbed.robbed = [];
  robbed.pane.document.visibilityState = 'hidden';
  robbed.isFrozen = true;
  await clock.advance(20_000);
  robbed.isFrozen = false;
  for (const text of ['one', 'two']) {
    room.say('bob', text);
    await clock.advance(1_000);
  }
  expect(shown(others)).toEqual(others.map(() => ['one', 'two']));
  void others[0]?.copy.say('three');
  for (const hear of robbed.robbed) hear();
  await clock.advance(1_000);
  room.say('bob', 'four');
  await clock.advance(1_000);
  expect(shown(tabs)).toEqual(tabs.map(() => ['one', 'two', 'three', 'four']));
  expect(room.held).toBe(1);
});

test('a host that answers is never passed by', async () => {
  const { browser } = await opened('locks', 3);
  await browser.clock.advance(600_000);
  const names = browser.room.sent('poll').map(({ query }) => query.get('tab'));
  expect(new Set(names).size).toBe(1);
});

test('a hidden tab sets no timer', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const [tab] = tabs as [FakeTab];
  tab.pane.document.visibilityState = 'hidden';
  await browser.clock.advance(6_000);
  // The room's hold and the deadline of the poll.
  expect(browser.clock.pending).toBe(2);
});

for (const sharing of ['a broken worker', 'a dead worker', 'a refused worker'] as const) {
  test(`instead of ${sharing} the tabs find a host among themselves`, async () => {
    const browser = new FakeBrowser(sharing);
    const tabs = [browser.open(), browser.open()];
    for (const { copy } of tabs) void copy.resume();
    await browser.clock.advance(30_000);
    expect(await tabs[0]?.copy.join('ada')).toMatchObject({ ok: true });
    await browser.settle();
    browser.room.say('bob', 'hello');
    await browser.settle();
    expect(shown(tabs)).toEqual([['hello'], ['hello']]);
    expect(browser.room.held).toBe(1);
  });
}

for (const sharing of ['locks', 'nothing'] as const) {
  test(`a tab that could not load its host asks again: ${sharing} to share by`, async () => {
    const browser = new FakeBrowser(sharing);
    browser.isLoading = false;
    const tab = browser.open();
    void tab.copy.resume();
    await browser.clock.advance(12_000);
    browser.isLoading = true;
    await browser.clock.advance(5_000);
    expect(await tab.copy.join('ada')).toMatchObject({ ok: true });
  });
}

test('a tab that was left while its host could not be loaded asks for it no more', async () => {
  const browser = new FakeBrowser('nothing');
  browser.isLoading = false;
  const tab = browser.open();
  await browser.settle();
  tab.close();
  await browser.settle();
  expect(browser.clock.pending).toBe(0);
});

test('a room that is closed to strangers is not shown any more once the session is over', async () => {
  const { browser, tabs } = await opened('worker', 1);
  const { room, clock } = browser;
  const [tab] = tabs as [FakeTab];
  room.say('bob', 'between us');
  await browser.settle();
  room.refusal = ({ path }) => (path === 'room' || path === 'poll' ? 'NO_SESSION' : null);
  browser.endWorker();
  await clock.advance(30_000);
  expect(tab.copy.state).toMatchObject({ you: null, room: null, lines: [] });
});

test('where nothing can be shared each tab has a room of its own', async () => {
  const { browser, tabs } = await opened('nothing', 1);
  browser.room.say('bob', 'hello');
  await browser.settle();
  expect(shown(tabs)).toEqual([['hello']]);
  tabs[0]?.copy.close();
  await browser.settle();
  expect(browser.room.held).toBe(0);
  expect(browser.clock.pending).toBe(0);
});
