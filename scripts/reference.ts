/**
 * The reference of options, made from the tables. `bun scripts/reference.ts` writes it; a test says
 * when it is stale.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '../src/cli/exit-codes.ts';
import {
  configFile,
  fallbackOf,
  flags,
  keys,
  options,
  optionNames,
  spellingsOf,
  variables,
  type OptionName,
} from '../src/cli/option-table.ts';

export const referencePath = join(import.meta.dirname, '..', 'docs', 'reference', 'options.md');

/** The whole page. */
export function optionsReference(): string {
  const parts = [introduction, ...optionNames.map(section), configuration, exits()];
  return `${parts.join('\n\n')}\n`;
}

const introduction = `<!-- Made by scripts/reference.ts: change src/cli/option-table.ts instead. -->

# Options

Every option of \`encke serve\` and \`encke run\` is a flag, an environment variable and a key of
the configuration file. A flag goes before a variable, a variable before the file, the file before
the default. A name that does not exist, a value that is not accepted, an empty one and one given
twice keep the server from starting, wherever they stand, with a message for each.`;

const configuration = `## The configuration file

An object in JSON. \`${configFile.fallback}\` in the working folder is read if it is there.
One named with \`${configFile.flag} FILE\` or \`${configFile.variable}\` is read instead of it,
and has to be there.

\`\`\`json
{ "title": "Comet watchers", "port": 8080, "trustedProxies": ["127.0.0.1"] }
\`\`\``;

function section(name: OptionName): string {
  const { help, kind, isSecret } = options[name];
  const fileHelp = ' What ends in `file` names a file that has it on its one line.';
  const cells = [
    ...[flags, variables, keys].map((place) =>
      spellingsOf(place, name)
        .map((spelling) => `\`${spelling}\``)
        .join(', '),
    ),
    kind.wanted,
    fallbackOf(options[name]),
  ];
  return `## ${name}

${help}.${isSecret === true ? fileHelp : ''}

| flag | variable | key | value | default |
|---|---|---|---|---|
| ${cells.join(' | ')} |`;
}

function exits(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning, restartHelps }) => {
    const again = code === 0 ? '' : restartHelps ? 'may help' : 'does not help';
    return `| ${code} | ${meaning} | ${again} |`;
  });
  return `## Exit codes

| code | meaning | starting again |
|---|---|---|
${rows.join('\n')}`;
}

if (import.meta.main) writeFileSync(referencePath, optionsReference());
