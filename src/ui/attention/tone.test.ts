import { afterAll, beforeEach, expect, spyOn, test } from 'bun:test';
import { ring } from './tone.ts';

let nowMs = 0;
/** How many partials began to sound. */
let begun = 0;
/** What lets a player sound that the browser keeps silent; null while it may sound. */
let touch: (() => void) | null = null;

class FakeNode {
  readonly gain = { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
  readonly frequency = { value: 0 };
  connect = (node: FakeNode): FakeNode => node;
  start(): void {
    begun += 1;
  }
  stop = nothing;
}

class FakePlayer {
  state: 'running' | 'suspended' = 'running';
  readonly currentTime = 0;
  readonly destination = new FakeNode();
  createGain = (): FakeNode => new FakeNode();
  createOscillator = (): FakeNode => new FakeNode();
  readonly #touched: (() => void)[] = [];

  constructor() {
    players.push(this);
  }

  resume(): Promise<void> {
    touch = () => {
      this.state = 'running';
      for (const goOn of this.#touched.splice(0)) goOn();
    };
    return new Promise((resolve) => this.#touched.push(resolve));
  }
}

function nothing(): void {}

const players: FakePlayer[] = [];
const clock = spyOn(performance, 'now').mockImplementation(() => nowMs);
Object.assign(globalThis, { AudioContext: FakePlayer });

beforeEach(() => {
  begun = 0;
});

afterAll(() => {
  clock.mockRestore();
  Reflect.deleteProperty(globalThis, 'AudioContext');
});

test('a tone sounds once, with its two partials, from one player', async () => {
  await ring();
  await ring();
  expect(begun).toBe(4);
  expect(players).toHaveLength(1);
});

test('of the tones that a browser kept waiting only those sound that are for now', async () => {
  for (const player of players) player.state = 'suspended';
  const early = [ring(), ring()];
  nowMs += 60_000;
  const late = ring();
  touch?.();
  await Promise.all([...early, late]);
  expect(begun).toBe(2);
});
