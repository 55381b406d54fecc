import { describe, expect, test } from 'bun:test';
import { TestChat } from '../../../test/kit/chat.ts';
import { Stream } from '../../http/stream.ts';
import { parseCursor } from '../../protocol/cursor.ts';
import type { Who } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import { Proof } from '../proof.ts';
import { Feed } from './feed.ts';
import { Feeds } from './feeds.ts';
import { english } from './language.ts';

/** A reader whose network takes everything, or nothing for the moment. */
class Reader {
  isBehind = false;
  text = '';
  hasEnded = false;

  send(part: Uint8Array): void {
    this.text += Buffer.from(part).toString();
  }

  sendLast(): void {
    this.hasEnded = true;
  }
}

function open(chat: TestChat, by: Who, from = chat.cursor()): { reader: Reader; feed: Feed } {
  const reader = new Reader();
  const after = parseCursor(from);
  if (after === null) throw new Error('no cursor');
  const proof = new Proof({ member: by.id, expires: Number.POSITIVE_INFINITY }, 'cookie');
  const { clock, office: postOffice, room } = chat;
  const stream = new Stream(reader, false);
  const feeds = new Feeds();
  const own = { proof, stream, tab: 'tab', language: english, address: null };
  const feed = new Feed({ clock, postOffice, room, feeds, ...own }, after);
  feed.start();
  return { reader, feed };
}

describe('a page that goes on', () => {
  test('writes nothing to a reader who is behind, and all of it once they are not', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('ada'), await chat.join('bob')];
    const { reader, feed } = open(chat, ada);
    await chat.say(bob, 'one');
    await chat.clock.advance(1_000);
    expect(reader.text).toContain('>one<');
    reader.isBehind = true;
    // What had been waited for before they were behind is for later as well.
    await chat.say(bob, 'two');
    await chat.clock.advance(30_000);
    expect(reader.text).not.toContain('>two<');
    // Whoever reads slowly is here.
    expect(chat.room.now().who(ada.id)).not.toBeNull();
    reader.isBehind = false;
    feed.caughtUp();
    await chat.clock.settle();
    expect(reader.text.match(/>two</g)).toHaveLength(1);
    await chat.clock.advance(30_000);
    expect(reader.text.match(/>two</g)).toHaveLength(1);
    feed.hungUp();
  });

  test('ends for a reader who is behind with a link to what they have not read', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('ada'), await chat.join('bob')];
    const { reader } = open(chat, ada);
    await chat.clock.settle();
    reader.isBehind = true;
    const unread = chat.cursor();
    await chat.say(bob, 'one');
    await chat.clock.advance(1_000);
    chat.office.now().drain();
    await chat.clock.advance(limits.plainBehindMs);
    expect(reader.hasEnded).toBe(true);
    expect(reader.text).not.toContain('>one<');
    expect(reader.text).toContain(`href="/plain?after=${unread}"`);
  });

  test('writes no more at once than a part may have, and tells what is left out', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('ada');
    const before = chat.cursor();
    const long = '&'.repeat(limits.textMax - 10);
    const authors = await Promise.all(['b', 'c', 'd', 'e'].map((nick) => chat.join(nick)));
    for (let nr = 0; nr < 20; nr++) {
      const author = authors[nr % authors.length];
      if (author !== undefined) await chat.say(author, `${long} nr ${nr};`);
    }
    const { reader, feed } = open(chat, ada, before);
    await chat.clock.settle();
    expect(Buffer.byteLength(reader.text)).toBeLessThan(limits.plainPartBytesMax + 1_000);
    expect(reader.text).toContain('nr 19;');
    expect(reader.text).not.toContain('nr 0;');
    const shown = reader.text.match(/nr \d+;/g)?.length ?? 0;
    // Four came in, too.
    expect(reader.text).toContain(`${24 - shown} entries are not shown here`);
    feed.hungUp();
  });
});
