/**
 * Many who come at once, say more than anybody reads in one reply, and go: whoever sleeps meanwhile
 * is left behind. A large crowd fills the room beyond the number up to which names are told.
 */
import { Person } from './person.ts';
import type { World } from './world.ts';

const smallSize = 28;
const largeSize = 210;
const wordsEach = 9;

export class Crowd {
  readonly #world: World;
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  come(): void {
    const { chance, trace } = this.#world;
    const isLarge = chance.happens(0.1);
    trace.note('crowd', isLarge ? 'large' : 'small');
    trace.count(isLarge ? 'a large crowd' : 'a crowd');
    const size = isLarge ? largeSize : smallSize;
    for (let index = 0; index < size; index++) void this.#visit(isLarge ? 0 : wordsEach);
  }

  async #visit(words: number): Promise<void> {
    const { network, timeline, chance } = this.#world;
    const name = `v${++this.#count}`;
    const address = `198.18.${this.#count % 7}.${this.#count % 250}`;
    const visitor = new Person(this.#world, name, network.line(name, address, false));
    const joined = await visitor.ask({ method: 'POST', path: '/v1/join', body: { nick: name } });
    if (joined?.status !== 201) return;
    const { token, you } = joined.body as Pick<Person, 'token'> & { you: Person['who'] };
    visitor.token = token;
    visitor.who = you;
    const said: Promise<unknown>[] = [];
    for (let index = 0; index < words; index++) {
      said.push(visitor.say(visitor.newMessage(`${name} says ${index}`), name));
    }
    await Promise.all(said);
    // Some go without a word.
    if (chance.happens(0.2)) return;
    await new Promise<void>((resolve) => {
      timeline.after(chance.waiting(3_000), resolve);
    });
    await visitor.ask({ method: 'POST', path: '/v1/leave', body: {} });
  }
}
