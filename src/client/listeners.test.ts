import { expect, test } from 'bun:test';
import { listeners } from './listeners.ts';

test('everybody is told, in order, until they have had enough', async () => {
  const heard: string[] = [];
  const all = listeners<string>();
  const end = all.add((value) => heard.push(`first ${value}`));
  all.add((value) => heard.push(`second ${value}`));
  all.tell('a');
  await Promise.resolve();
  end();
  all.tell('b');
  await Promise.resolve();
  expect(heard).toEqual(['first a', 'second a', 'second b']);
});

test('who ends between the telling and the hearing does not hear', async () => {
  const heard: string[] = [];
  const all = listeners<string>();
  const end = all.add((value) => heard.push(value));
  all.tell('late');
  end();
  await Promise.resolve();
  expect(heard).toEqual([]);
});

test('one that throws stops neither the others nor whoever tells', async () => {
  // In a process of its own: the error is meant to come out where the program would see it.
  const program = `
    import { listeners } from ${JSON.stringify(`${import.meta.dir}/listeners.ts`)};
    process.on('uncaughtException', (error) => console.log('thrown', error.message));
    const all = listeners();
    all.add(() => { throw new Error('a bug of the page'); });
    all.add((value) => console.log('heard', value));
    all.tell('one');
    all.tell('two');
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
