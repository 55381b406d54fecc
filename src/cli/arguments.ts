/** What the command line asks for: one of the commands, and what is left for it. */
import { nearest } from './nearest.ts';

/** The commands, and what each is for. */
export const commands = {
  serve: 'Opens the room and watches over it: whatever stops it, it is back. The default',
  run: 'Opens the room and nothing else, for where something watches already',
  backup: 'Copies the room into a new FILE, while it is open or not',
  restore: 'Brings a room back from such a FILE, into a data folder without a journal',
  help: 'Shows this, or more about one command',
  version: 'Shows the version',
} as const;

export type CommandName = keyof typeof commands;

export type Invocation =
  | { readonly command: 'serve' | 'run'; readonly rest: readonly string[] }
  | {
      readonly command: 'backup' | 'restore';
      readonly file: string;
      /** The options, without the file. */
      readonly rest: readonly string[];
    }
  | { readonly command: 'help'; readonly about: CommandName | null }
  | { readonly command: 'version' }
  | { readonly command: 'wrong'; readonly problem: string };

/** Reads the command line, without the program's own name. */
export function readArguments(argv: readonly string[]): Invocation {
  const [first, ...others] = argv;
  // Options without a command are those of `serve`.
  const isNamed = first !== undefined && !first.startsWith('-');
  const command = isNamed ? first : 'serve';
  const rest = isNamed ? others : argv;
  if (!isCommand(command)) return wrongCommand(command);
  if (rest.some((word) => word === '--help' || word === '-h')) {
    return { command: 'help', about: isNamed && command !== 'help' ? command : null };
  }
  if (rest.includes('--version')) return { command: 'version' };
  if (command === 'serve' || command === 'run') return { command, rest };
  if (command === 'backup' || command === 'restore') return readFile(command, rest);
  if (command === 'help') return readHelp(rest);
  return rest.length === 0 ? { command } : wrong('version takes nothing behind it');
}

/** The one file that a command is about, before its options or behind them. */
function readFile(command: 'backup' | 'restore', rest: readonly string[]): Invocation {
  const isValue = (index: number): boolean => /^-[^=]*$/.test(rest[index - 1] ?? '');
  const isOption = (word: string, index: number): boolean => word.startsWith('-') || isValue(index);
  const [file, ...others] = rest.filter((word, index) => !isOption(word, index));
  if (file === undefined || file === '' || others.length > 0) {
    return wrong(`${command} takes one file behind it, as in: encke ${command} room.backup`);
  }
  return { command, file, rest: rest.filter(isOption) };
}

function readHelp(rest: readonly string[]): Invocation {
  const [about, ...others] = rest;
  if (about === undefined) return { command: 'help', about: null };
  if (others.length > 0) return wrong('help takes one command behind it');
  return isCommand(about) ? { command: 'help', about } : wrongCommand(about);
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

function wrongCommand(word: string): Invocation {
  const meant = nearest(word, Object.keys(commands));
  const hint = meant === null ? 'see encke help' : `did you mean "${meant}"?`;
  return wrong(`There is no command ${JSON.stringify(word)}, ${hint}`);
}

function wrong(problem: string): Invocation {
  return { command: 'wrong', problem };
}
