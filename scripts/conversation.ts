/** What is said in the pictures of the page: three evenings of people who watch a comet. */
import type { Seq } from '../src/protocol/entries.ts';
import { connect, type Client } from '../src/client/client.ts';
import type { RoomServer } from '../test/kit/room-server.ts';

const hourMs = 60 * 60 * 1000;
/** Before everything that is said. */
export const longAgoMs = 72 * hourMs;
const minuteMs = 60 * 1000;
/** From one evening to the next: less than a session lasts. */
const eveningMs = 23 * hourMs;

const nicks = ['Johann', 'Ines', 'Sami', 'Caroline', 'ليلى', '美咲'];

/** Long ago, for whoever scrolls back. */
const before: readonly (readonly [nick: string, text: string])[] = [
  ['Johann', 'Is anybody measuring the tail? I get a little over two degrees.'],
  ['Ines', 'Two and a half from here, but the Moon was up.'],
  ['Ines', 'I try again when it has set.'],
  ['Sami', 'What do you use?'],
  ['Ines', '8×56 binoculars, on a chair, with tea.'],
  ['Johann', 'The tea is what makes the difference'],
  ['Caroline', 'My sketch from Tuesday is on the wall of the reading room.'],
  ['Sami', 'Saw it! How long did you look before you drew?'],
  ['Caroline', 'Twenty minutes. The longer one looks, the longer the tail.'],
  ['Johann', 'That should be on a poster.'],
  ['Ines', 'Clouds until Thursday, it says here.'],
  ['Caroline', 'It has said that for a week.'],
];

/** A room with a conversation in it, and those who hold it. */
export class Conversation {
  readonly room: RoomServer;
  readonly #people = new Map<string, Client>();
  #backMs = longAgoMs;

  /** `room`: one whose clock was set `longAgoMs` back before it began. */
  constructor(room: RoomServer) {
    this.room = room;
  }

  get url(): string {
    return this.room.url;
  }

  /** Somebody of the conversation, for what is neither said nor a reaction. */
  of(nick: string): Client {
    const client = this.#people.get(nick);
    if (client === undefined) throw new Error(`${nick} is not in the room`);
    return client;
  }

  async come(nick: string): Promise<Client> {
    const client = connect({ url: this.room.url });
    const joined = await client.join(nick);
    if (!joined.ok) throw new Error(joined.detail);
    this.#people.set(nick, client);
    return client;
  }

  async say(nick: string, text: string, replyTo?: Seq): Promise<Seq> {
    const said = await this.of(nick).say(text, { replyTo });
    if (!said.ok) throw new Error(said.detail);
    return 'seq' in said ? said.seq : (0 as Seq);
  }

  async react(seq: Seq, emoji: string, ...nicks: readonly string[]): Promise<void> {
    for (const nick of nicks) await this.of(nick).react(seq, emoji, true);
  }

  /** Sets the room's clock: so long before now. */
  goBack(ms: number): void {
    this.room.clock.setForward(this.#backMs - ms);
    this.#backMs = ms;
  }

  /** What was said on the days before, and in the hour before now. */
  async fill(): Promise<void> {
    this.goBack(2 * eveningMs);
    for (const nick of nicks) await this.come(nick);
    for (let round = 0; round < 12; round += 1) {
      for (const [nick, text] of before) {
        this.goBack(this.#backMs - 2 * minuteMs);
        await this.say(nick, text);
      }
    }
    // A session lasts a day: who comes back on the next evening is somebody new.
    for (const client of this.#people.values()) await client.leave();
    this.close();
    this.goBack(eveningMs);
    for (const nick of nicks) await this.come(nick);
    await this.#yesterday();
    await this.#today();
  }

  /** What a few of them said in the last half hour. */
  async few(): Promise<void> {
    this.goBack(30 * minuteMs);
    for (const nick of ['Johann', 'Ines', 'Sami', 'Caroline']) await this.come(nick);
    await this.say('Johann', '/topic 2P/Encke tonight: low in the west from 21:40, north roof');
    this.goBack(20 * minuteMs);
    const clear = await this.say('Caroline', 'Clear sky after all! Who comes up to the roof?');
    await this.react(clear, '🎉', 'Johann', 'Ines', 'Sami');
    await this.say('Johann', 'On my way, with the small refractor and two thermos flasks.');
    await this.say('Johann', 'Where exactly do we look?');
    this.goBack(9 * minuteMs);
    await this.say(
      'Caroline',
      'A hand’s width above the water tower, left of the bright star.',
      clear,
    );
    await this.say('Sami', 'I bring the chart, and the red lamp.');
    this.goBack(minuteMs);
    await this.say('Ines', 'Ten minutes, I am still on the tram');
    this.goBack(0);
  }

  close(): void {
    for (const client of this.#people.values()) client.close();
  }

  async #yesterday(): Promise<void> {
    await this.say('Johann', '/topic 2P/Encke tonight: low in the west from 21:40, north roof');
    const clear = await this.say('Caroline', 'Clear sky after all! Who comes up to the roof?');
    await this.react(clear, '🎉', 'Johann', 'Ines', 'Sami', 'ليلى');
    await this.react(clear, '🔭', 'Johann', '美咲');
    await this.say('Johann', 'On my way, with the small refractor and two thermos flasks.');
    this.goBack(this.#backMs - minuteMs);
    await this.say('Johann', 'Where exactly do we look?');
    await this.say(
      'Caroline',
      'A hand’s width above the water tower, left of the bright star.',
      clear,
    );
    this.goBack(this.#backMs - 4 * minuteMs);
    await this.say('ليلى', 'رأيته الآن من الشرفة، ذيله أطول مما توقعت!');
    await this.say('美咲', '東京は曇りです。写真を楽しみにしています 📷');
    this.goBack(this.#backMs - hourMs / 2);
    await this.say('Sami', '/me packs the star chart as well, just in case');
    const wrong = await this.say('Caroline', 'wrong window, sorry');
    await this.of('Caroline').remove(wrong);
  }

  async #today(): Promise<void> {
    this.goBack(40 * minuteMs);
    const chart = await this.say(
      'Ines',
      'The new elements are out: https://minorplanetcenter.net/iau/MPEph/MPEph.html?comet=2P&epoch=2026-11-22&format=long',
    );
    this.goBack(34 * minuteMs);
    const quote = await this.say(
      'Caroline',
      '> It comes back more often than some of my friends.\nThat one stays on the wall.',
    );
    await this.react(quote, '😂', 'Johann', 'Ines', 'Sami');
    await this.react(quote, '❤️', 'Ines');
    this.goBack(26 * minuteMs);
    const size = await this.say(
      'Ines',
      'The next passage comes **3.3 years** later, give or take _a few days_. In short:\n' +
        '```ts\nconst semiMajorAxisAu = 2.215;\nconst periodYears = semiMajorAxisAu ** 1.5; // 3.30\n```',
    );
    await this.react(size, '👍', 'Sami', 'Caroline');
    this.goBack(21 * minuteMs);
    const late = await this.say('Sami', 'Is there still a place tonight?', chart);
    await this.of('Sami').edit(late, 'Is there still a place on the roof tonight, for two?');
  }

  /** Lets somebody write for some seconds. */
  typing(nick: string): void {
    this.of(nick).typing();
  }

  /** What comes while the reader is away. */
  async goOn(reader: string): Promise<void> {
    this.goBack(6 * minuteMs);
    await this.say('Johann', `@${reader} can you bring the red lamp?`);
    await this.say('Johann', 'The white one wakes the neighbours.');
    this.goBack(2 * minuteMs);
    await this.say('ليلى', '🌠');
    this.goBack(0);
    const ready = await this.say('Caroline', 'Roof is open from eight. Wear something *warm*.');
    await this.react(ready, '🧣', 'Sami', 'Johann');
  }
}
