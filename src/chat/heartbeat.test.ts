import { expect, test } from 'bun:test';
import { TestChat } from '../../test/kit/chat.ts';
import { aliveEveryMs, Heartbeat, workEveryMs, type Beat } from './heartbeat.ts';

async function setup() {
  const chat = await TestChat.open();
  const beats: Beat[] = [];
  const heartbeat = new Heartbeat({
    journal: chat.journal,
    postOffice: chat.office,
    clock: chat.clock,
    tell: (beat) => beats.push(beat),
  });
  heartbeat.start();
  await chat.clock.settle();
  const worked = () => beats.filter((beat) => beat === 'worked').length;
  const alive = () => beats.filter((beat) => beat === 'alive').length;
  return { chat, heartbeat, worked, alive };
}

test('beats while a row can be written and a poll woken', async () => {
  const { chat, worked, alive } = await setup();
  await chat.clock.advance(workEveryMs * 5);
  expect(worked()).toBeGreaterThanOrEqual(5);
  expect(alive()).toBeGreaterThanOrEqual((workEveryMs * 5) / aliveEveryMs);
});

test('proves no work while the post office is away, and does again when it is back', async () => {
  const { chat, worked, alive } = await setup();
  const office = chat.office.now();
  chat.office.set(null);
  const before = [worked(), alive()] as const;
  await chat.clock.advance(workEveryMs * 3);
  expect(worked()).toBe(before[0]);
  expect(alive()).toBeGreaterThan(before[1]);
  chat.office.set(office);
  await chat.clock.advance(workEveryMs * 2);
  expect(worked()).toBeGreaterThan(before[0]);
});

test('a full disk is no reason to be killed', async () => {
  const { chat, worked } = await setup();
  chat.journal.isFull = true;
  const before = worked();
  await chat.clock.advance(workEveryMs * 3);
  expect(worked()).toBeGreaterThan(before);
});

test('stops when it is told to', async () => {
  const { chat, heartbeat, worked, alive } = await setup();
  heartbeat.stop();
  const before = [worked(), alive()];
  await chat.clock.advance(workEveryMs * 3);
  expect([worked(), alive()]).toEqual(before);
});
