/** The help, made from the tables of commands, options and exit codes. At most 96 columns wide. */
import { commands, type CommandName } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import {
  configFile,
  fallbackOf,
  flags,
  options,
  optionNames,
  spellingsOf,
  variables,
  type OptionName,
} from './option-table.ts';
import { noColours, type Colours } from './terminal.ts';

/** The help about everything, or about one command. Ends with a line end. */
export function helpText(about: CommandName | null, colours: Colours = noColours): string {
  const parts =
    about === null
      ? [...overview(colours), ...optionHelp(colours), ...exitHelp(colours)]
      : about === 'help' || about === 'version'
        ? usage(about, colours)
        : [...usage(about, colours), ...optionHelp(colours, about), ...exitHelp(colours)];
  return `${parts.join('\n')}\n`;
}

const columns = 96;
/** Where the sentences begin: two blanks behind the longest names but one or two. */
const indent = 28;

function overview(colours: Colours): string[] {
  return [
    'Encke, a web chat over plain HTTP: one server, one room',
    '',
    `${colours.bold('Usage:')} encke [COMMAND] [OPTIONS]`,
    '',
    colours.bold('Commands'),
    ...Object.entries(commands).flatMap(([name, meaning]) => entry(name, meaning, colours)),
    '',
  ];
}

function usage(name: CommandName, colours: Colours): string[] {
  const rest = name === 'help' ? ' [COMMAND]' : name === 'version' ? '' : ' [OPTIONS]';
  const file = hasFile(name) ? ' FILE' : '';
  return [
    `${colours.bold('Usage:')} encke ${name}${file}${rest}`,
    '',
    ...wrap(commands[name], columns),
    ...(rest === ' [OPTIONS]' ? [''] : []),
  ];
}

/** The commands that are about a file need to know where the data lies, and nothing else. */
function hasFile(name: CommandName | null): boolean {
  return name === 'backup' || name === 'restore';
}

function optionHelp(colours: Colours, about: CommandName | null = null): string[] {
  const { flag, help } = configFile;
  const names = hasFile(about) ? (['data'] as const) : optionNames;
  return [
    colours.bold('Options'),
    ...names.flatMap((name) => entry(synopsisOf(name), sentenceOf(name), colours)),
    ...entry(`${flag} FILE`, help, colours),
    '',
    ...wrap(
      `Each is also a variable of the environment and a key of the configuration file: ${
        hasFile(about)
          ? '--data room, ENCKE_DATA=room, "data": "room"'
          : '--members-max 50, ENCKE_MEMBERS_MAX=50, "membersMax": 50'
      }. A flag goes before a variable, that before the file.`,
      columns,
    ),
    '',
  ];
}

function exitHelp(colours: Colours): string[] {
  return [
    colours.bold('Exit codes'),
    ...Object.values(exitCodes).flatMap(({ code, meaning }) => entry(`${code}`, meaning, colours)),
  ];
}

function synopsisOf(name: OptionName): string {
  return `${spellingsOf(flags, name).join(' ')} ${options[name].kind.placeholder}`;
}

function sentenceOf(name: OptionName): string {
  const { help, isSecret } = options[name];
  const alone =
    isSecret === true ? `, in a file; or itself in ${String(spellingsOf(variables, name)[0])}` : '';
  return `${help}${alone}. Default: ${fallbackOf(options[name])}`;
}

/** A name, and behind it or below it what it means. */
function entry(name: string, meaning: string, colours: Colours): string[] {
  const lines = wrap(meaning, columns - indent).map((line) => `${' '.repeat(indent)}${line}`);
  const head = `  ${name}`;
  const rest = head.length + 2 > indent ? lines : lines.slice(1);
  const first = head.length + 2 > indent ? '' : (lines[0] ?? '').slice(head.length);
  return [`  ${colours.green(name)}${first}`, ...rest];
}

/** Breaks a sentence between words. */
function wrap(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
