#!/usr/bin/env bun
/** The command line: reads what is asked for, and hands over. */
import packageJson from '../package.json' with { type: 'json' };
import { readArguments } from './cli/arguments.ts';
import { backup } from './cli/backup.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { helpText } from './cli/help.ts';
import { open } from './cli/open.ts';
import { restore } from './cli/restore.ts';
import { coloursFor, complain } from './cli/terminal.ts';

const { version } = packageJson;
const asked = readArguments(process.argv.slice(2));

switch (asked.command) {
  case 'help':
    process.stdout.write(helpText(asked.about, coloursFor(process.stdout, process.env)));
    break;
  case 'version':
    process.stdout.write(`encke ${version}\n`);
    break;
  case 'wrong':
    complain([asked.problem]);
    process.exitCode = exitCodes.usage.code;
    break;
  case 'backup':
    process.exitCode = backup(asked.file, asked.rest);
    break;
  case 'restore':
    process.exitCode = restore(asked.file, asked.rest);
    break;
  case 'serve':
  case 'run': {
    const { command, rest } = asked;
    process.exit(await open({ command, argv: rest, program: import.meta.filename, version }));
  }
}
