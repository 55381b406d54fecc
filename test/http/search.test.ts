/** `GET /v1/search`: what was said, by its words. */
import { describe, expect, test } from 'bun:test';
import type { HistoryPage } from '../../src/protocol/replies.ts';
import { limits } from '../../src/protocol/limits.ts';
import { codeOf, RoomServer, type Answer } from '../kit/room-server.ts';

async function search(room: RoomServer, q: string, more = ''): Promise<Answer<HistoryPage>> {
  return await room.call<HistoryPage>('GET', `/v1/search?q=${encodeURIComponent(q)}${more}`);
}

async function textsOf(room: RoomServer, q: string): Promise<string[]> {
  const { body } = await search(room, q);
  return body.entries.map((entry) => (entry.type === 'message' ? entry.text : entry.type));
}

function seqsOf({ entries }: HistoryPage): number[] {
  return entries.map(({ seq }) => seq);
}

describe('a search', () => {
  test('finds what was said a moment ago, in its present form, and nothing deleted', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const first = await ada.say('Die Grüße kommen später');
    const second = await ada.say('日本語も話します');
    expect(await textsOf(room, 'spater grussen')).toEqual([]);
    expect(await textsOf(room, 'spater gruSSe')).toEqual(['Die Grüße kommen später']);
    expect(await textsOf(room, '日本語')).toEqual(['日本語も話します']);
    await ada.call('PATCH', `/v1/messages/${first.seq}`, { body: { text: 'They come now' } });
    await ada.call('DELETE', `/v1/messages/${second.seq}`);
    expect(await textsOf(room, 'grüße')).toEqual([]);
    expect(await textsOf(room, '日本語')).toEqual([]);
    const { body } = await search(room, 'now');
    expect(body).toMatchObject({ more: false, entries: [{ seq: first.seq, rev: second.seq + 1 }] });
  });

  test('pages backwards from the newest', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const seqs: number[] = [];
    for (let nr = 0; nr < 5; nr++) seqs.push((await ada.say(`comet ${nr}`)).seq);
    const newest = (await search(room, 'comet', '&limit=2')).body;
    expect(seqsOf(newest)).toEqual(seqs.slice(3));
    expect(newest.more).toBe(true);
    const older = (await search(room, 'comet', `&limit=3&before=${seqs[3]}`)).body;
    expect(seqsOf(older)).toEqual(seqs.slice(0, 3));
    expect(older.more).toBe(false);
  });

  test('does not find what is addressed to somebody, whoever asks', async () => {
    await using room = await RoomServer.open();
    const kim = await room.joinKeeper('kim');
    const ada = await room.join('ada');
    // Ada gets a notice of it, and keepers an entry of their own.
    await kim.command('/mute ada');
    const { entries } = await ada.poll(ada.cursor);
    expect(JSON.stringify(entries)).toContain('muted');
    for (const token of [ada.token, kim.token]) {
      const { body } = await ada.room.call<HistoryPage>('GET', '/v1/search?q=muted', { token });
      expect(body).toEqual({ entries: [], more: false });
    }
  });

  test('is for members alone where the room has a passcode', async () => {
    await using room = await RoomServer.open({ passcode: 'halley' });
    const ada = await room.join('ada', { passcode: 'halley' });
    await ada.say('a comet');
    expect(codeOf(await search(room, 'comet'))).toBe('NO_SESSION');
    const { body } = await ada.call<HistoryPage>('GET', '/v1/search?q=comet');
    expect(body.entries).toHaveLength(1);
  });

  test('keeps to the pace of its address', async () => {
    await using room = await RoomServer.open({ addressLimits: true });
    room.clock.freeze();
    const atOnce = limits.searchesMax / 2;
    for (let asked = 0; asked < limits.readBurst; asked += atOnce) {
      const some = Array.from({ length: atOnce }, () => search(room, 'comet'));
      expect((await Promise.all(some)).every(({ status }) => status === 200)).toBe(true);
    }
    expect(codeOf(await search(room, 'comet'))).toBe('TOO_FAST');
    room.clock.leap(limits.readMs);
    expect((await search(room, 'comet')).status).toBe(200);
  });

  test('is whole after the journal was restarted in the middle', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    await ada.say('before the crash');
    expect(await textsOf(room, 'crash')).toHaveLength(1);
    room.server.crash('journal');
    await ada.say('after the crash');
    expect(await textsOf(room, 'crash')).toEqual(['before the crash', 'after the crash']);
  });
});
