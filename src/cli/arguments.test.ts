import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { commands, readArguments } from './arguments.ts';

describe('the command line', () => {
  test('without a command is that of serve', () => {
    expect(readArguments([])).toEqual({ command: 'serve', rest: [] });
    expect(readArguments(['--port', '1'])).toEqual({ command: 'serve', rest: ['--port', '1'] });
  });

  test('names a command first, and what follows is for it', () => {
    expect(readArguments(['run', '--port', '1'])).toEqual({
      command: 'run',
      rest: ['--port', '1'],
    });
    expect(readArguments(['serve', 'run'])).toEqual({ command: 'serve', rest: ['run'] });
    expect(readArguments(['version'])).toEqual({ command: 'version' });
  });

  test('asks for help with a word or with a flag, in general or about a command', () => {
    expect(readArguments(['help'])).toEqual({ command: 'help', about: null });
    expect(readArguments(['--help'])).toEqual({ command: 'help', about: null });
    expect(readArguments(['--port', '1', '-h'])).toEqual({ command: 'help', about: null });
    expect(readArguments(['help', 'run'])).toEqual({ command: 'help', about: 'run' });
    expect(readArguments(['run', '--help'])).toEqual({ command: 'help', about: 'run' });
    expect(readArguments(['--version'])).toEqual({ command: 'version' });
  });

  test('names the one file of a command that is about one, before its options or behind', () => {
    const rest = ['--data', 'room', '--config=c'];
    const backup = { command: 'backup', file: 'a b', rest } as const;
    expect(readArguments(['backup', 'a b', ...rest])).toEqual(backup);
    expect(readArguments(['backup', ...rest, 'a b'])).toEqual(backup);
    expect(readArguments(['backup', '--data', 'room', 'a b', '--config=c'])).toEqual(backup);
    expect(readArguments(['restore', 'a'])).toEqual({ command: 'restore', file: 'a', rest: [] });
    expect(readArguments(['restore', '--help'])).toEqual({ command: 'help', about: 'restore' });
    for (const argv of [[], [''], ['--data', 'a'], ['a', 'b'], ['a', '--data=c', 'b']]) {
      expect(readArguments(['backup', ...argv])).toEqual({
        command: 'wrong',
        problem: 'backup takes one file behind it, as in: encke backup room.backup',
      });
    }
  });

  test('that names no command is told which one was meant', () => {
    expect(readArguments(['sevre'])).toEqual({
      command: 'wrong',
      problem: 'There is no command "sevre", did you mean "serve"?',
    });
    expect(readArguments(['help', 'verison'])).toMatchObject({
      problem: 'There is no command "verison", did you mean "version"?',
    });
    expect(readArguments(['toString'])).toMatchObject({ command: 'wrong' });
    expect(readArguments(['version', 'x'])).toMatchObject({ command: 'wrong' });
    expect(readArguments(['help', 'run', 'x'])).toMatchObject({ command: 'wrong' });
  });

  test('is always read as something', () => {
    const word = fc.oneof(
      fc.constantFrom(...Object.keys(commands), '--help', '-h', '--version', '--', ''),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (argv) => {
        expect(Object.keys(commands).concat('wrong')).toContain(readArguments(argv).command);
      }),
    );
  });
});
