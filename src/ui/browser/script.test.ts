import { expect, test } from 'bun:test';
import { laterScript } from './script.ts';

const script = { name: 'part' };

test('a script that could not be had is asked for under another address each time', async () => {
  const asked: string[] = [];
  let isAway = true;
  // As in a browser that remembers for each address what came of it.
  const answers = new Map<string, Promise<typeof script>>();
  const ask = async (address: string): Promise<typeof script> => {
    asked.push(address);
    const came = isAway
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(script);
    const answer = answers.get(address) ?? came;
    came.catch(() => {});
    answers.set(address, answer);
    return await answer;
  };
  const load = laterScript(
    async () => await ask('part.js'),
    () => 'part.js',
    ask,
  );
  for (let times = 0; times < 2; times += 1) {
    expect(await load().catch((why: unknown) => why)).toBeInstanceOf(TypeError);
  }
  isAway = false;
  expect(await load()).toBe(script);
  // And once more: it is the same one.
  expect(await load()).toBe(script);
  expect(asked).toEqual(['part.js', 'part.js?1', 'part.js?2', 'part.js?2']);
});

test('a script that was had is asked for as before', async () => {
  const load = laterScript(
    async () => await Promise.resolve(script),
    () => 'part.js',
    async () => await Promise.reject(new Error('There is no need of another address')),
  );
  expect(await load()).toBe(script);
  expect(await load()).toBe(script);
});
