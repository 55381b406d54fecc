import { expect, test } from 'bun:test';
import { listeners } from './listeners.ts';

interface Events {
  readonly said: string;
  readonly counted: number;
}

test('everybody is told what they asked for, at once and in order, until they have had enough', () => {
  const heard: string[] = [];
  const { on, tell } = listeners<Events>();
  const end = on('said', (value) => heard.push(`first ${value}`));
  on('said', (value) => heard.push(`second ${value}`));
  tell('said', 'a');
  tell('counted', 1);
  end();
  tell('said', 'b');
  expect(heard).toEqual(['first a', 'second a', 'second b']);
});

test('the same listener added twice hears twice, and each of the two ends by itself', () => {
  let count = 0;
  const { on, tell } = listeners<Events>();
  const listener = (): void => void count++;
  const end = on('counted', listener);
  on('counted', listener);
  tell('counted', 1);
  end();
  end();
  tell('counted', 2);
  expect(count).toBe(3);
});

test('who is ended by one before them does not hear any more', () => {
  const heard: string[] = [];
  const { on, tell } = listeners<Events>();
  on('said', () => end());
  const end = on('said', (value) => heard.push(value));
  tell('said', 'late');
  expect(heard).toEqual([]);
});

test('one that throws stops neither the others nor whoever tells', async () => {
  // In a process of its own: the error is meant to come out where the program would see it.
  const program = `
    import { listeners } from ${JSON.stringify(`${import.meta.dir}/listeners.ts`)};
    process.on('uncaughtException', (error) => console.log('thrown', error.message));
    const { on, tell } = listeners();
    on('said', () => { throw new Error('a bug of the page'); });
    on('said', (value) => console.log('heard', value));
    tell('said', 'one');
    tell('said', 'two');
    console.log('told');
  `;
  const run = Bun.spawn([process.execPath, '-e', program], { stdout: 'pipe' });
  const lines = (await new Response(run.stdout).text()).trim().split('\n');
  expect(lines.toSorted()).toEqual([
    'heard one',
    'heard two',
    'thrown a bug of the page',
    'thrown a bug of the page',
    'told',
  ]);
});
