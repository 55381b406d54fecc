import { expect, test } from 'bun:test';
import { commands as served } from '../../chat/commands.ts';
import { commands, isSilent } from './commands.ts';
import { enAside } from '../words/en-aside.ts';
import { complete } from '../words/words.ts';

complete(enAside);

test('the commands that are offered are those of the server, in its words', () => {
  const offered = served.map(({ name, usage, help, isForKeepers }) => ({
    name,
    usage,
    help,
    isForKeepers,
  }));
  expect(commands()).toEqual(offered);
});

test('a command is silent unless it says something', () => {
  expect(isSilent('/who')).toBe(true);
  expect(isSilent('/me waves')).toBe(false);
  expect(isSilent('/mean')).toBe(true);
  expect(isSilent('and/or')).toBe(false);
});
