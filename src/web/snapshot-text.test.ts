import { expect, test } from 'bun:test';
import { TestChat } from '../../test/kit/chat.ts';
import { limits } from '../protocol/limits.ts';
import type { Snapshot } from '../protocol/replies.ts';
import { SnapshotText } from './snapshot-text.ts';

/** What stands in the text, and what should. */
function compare(text: SnapshotText, chat: TestChat): { told: unknown; true: unknown } {
  const [room, office] = [chat.room.now(), chat.office.now()];
  const snapshot: Snapshot = {
    cursor: office.cursor(),
    room: room.info(),
    entries: room.recent(limits.snapshotEntries),
    live: office.live(),
  };
  const members = room.roster();
  return {
    told: JSON.parse(`${text.take(room, office)}}`),
    true: { ...snapshot, ...(members === null ? {} : { members }) },
  };
}

test('the snapshot is true after whatever happens in the room', async () => {
  const chat = await TestChat.open();
  const text = new SnapshotText();
  const ada = await chat.join('Ada');
  const room = (): ReturnType<typeof chat.room.now> => chat.room.now();
  const seq = await chat.say(ada, 'Hello');
  const happenings: (() => Promise<unknown>)[] = [
    async () => await chat.say(ada, 'And more'),
    async () => await room().edit(ada.id, seq, 'Hello all'),
    async () => await room().react(ada.id, seq, '👍', true),
    async () => await room().remove(ada.id, seq),
    async () => await chat.command(ada, '/topic Comets'),
    async () => await chat.join('Bob'),
    async () => await room().rename(ada.id, 'Countess'),
    async () => chat.office.now().typing(ada.id),
    async () => await chat.restart('office'),
    async () => await chat.restart('room'),
    async () => await room().leave(ada.id, 'left'),
  ];
  for (const happen of happenings) {
    await happen();
    const snapshot = compare(text, chat);
    expect(snapshot.told).toEqual(snapshot.true);
  }
});

test('in a large room it names nobody, and again when the room has become small', async () => {
  const chat = await TestChat.open();
  const text = new SnapshotText();
  const guests = [];
  for (let nr = 0; nr <= limits.rosterMax; nr++) guests.push(await chat.join(`guest ${nr}`));
  expect(compare(text, chat).told).not.toHaveProperty('members');
  for (const { id } of guests.slice(limits.rosterAgain)) await chat.room.now().leave(id, 'left');
  const snapshot = compare(text, chat);
  expect(snapshot.told).toEqual(snapshot.true);
  expect(snapshot.told).toHaveProperty('members');
});
