/**
 * What the command line is given that it cannot be: flags, variables, files, folders. Each is told
 * in sentences, ends with the exit code that says whether starting again helps, and leaves nothing
 * behind. A real process each, since it is the process that must not break.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCodes } from '../../../src/cli/exit-codes.ts';
import { encke } from '../../kit/serving-process.ts';

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files that are there, by their path in the folder; null for a folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
}

/** What is given, the name of the exit code, and a part of what is told. */
type Row = readonly [name: string, given: Given, code: keyof typeof exitCodes, told: string];

const flag = (...args: readonly string[]): Given => ({ args });
const variable = (name: string, value: string): Given => ({ env: { [`ENCKE_${name}`]: value } });
const config = (content: string | Uint8Array): Given => ({ files: { 'encke.json': content } });
const data = (files: NonNullable<Given['files']>): Given => {
  const within = Object.entries(files).map(([name, content]) => [`data/${name}`, content] as const);
  return { args: ['--data', 'data', '--port', '0'], files: Object.fromEntries(within) };
};

const flags: readonly Row[] = [
  ['a port above all', flag('--port', '99999'), 'badOptions', '--port "99999"'],
  ['a port below 0', flag('--port=-1'), 'badOptions', '--port "-1"'],
  ['a port that is NaN', flag('--port', 'NaN'), 'badOptions', '--port "NaN"'],
  ['a port with a fraction', flag('--port', '80.5'), 'badOptions', '--port "80.5"'],
  ['a port with an exponent', flag('--port', '8e3'), 'badOptions', '--port "8e3"'],
  ['a port in hexadecimal', flag('--port', '0x50'), 'badOptions', '--port "0x50"'],
  ['a port with a blank', flag('--port', ' 80'), 'badOptions', '--port " 80"'],
  ['a port of 400 digits', flag('--port', '1'.repeat(400)), 'badOptions', '…"'],
  ['a port that is empty', flag('--port='), 'badOptions', '--port is empty'],
  ['a port twice', flag('--port', '1', '--port', '1'), 'badOptions', 'given twice'],
  ['a port that is missing', flag('--port'), 'badOptions', '--port has no value'],
  ['a number that is negative', flag('--members-max=-5'), 'badOptions', '--members-max "-5"'],
  ['no member at all', flag('--members-max', '0'), 'badOptions', '--members-max "0"'],
  ['memory without end', flag('--memory-max-mb', 'Infinity'), 'badOptions', '"Infinity"'],
  ['a toggle that is true', flag('--address-limits', 'true'), 'badOptions', 'give on or off'],
  ['a word that is none of several', flag('--topic-by', 'nobody'), 'badOptions', '"nobody"'],
  ['a host with a path', flag('--host', 'a/b'), 'badOptions', '--host "a/b"'],
  ['a title of two lines', flag('--title', 'a\nb'), 'badOptions', '--title "a\\nb"'],
  ['a title that cannot be seen', flag('--title', '\u200b'), 'badOptions', '--title'],
  ['a title of 1,000 letters', flag('--title', 'a'.repeat(1_000)), 'badOptions', '--title "aaa'],
  [
    'an origin with a path',
    flag('--embed-origins', 'https://a.example/b'),
    'badOptions',
    '--embed-origins',
  ],
  ['a star among origins', flag('--embed-origins', '*,*'), 'badOptions', '--embed-origins "*,*"'],
  [
    'an origin that is a script',
    flag('--embed-origins', 'javascript:1'),
    'badOptions',
    '--embed-origins',
  ],
  ['a proxy that is a name', flag('--trusted-proxies', 'proxy'), 'badOptions', '"proxy"'],
  ['a network too long', flag('--trusted-proxies', '10.0.0.0/33'), 'badOptions', '"10.0.0.0/33"'],
  ['a secret for all to read', flag('--passcode', 'hush-hush'), 'badOptions', '--passcode-file'],
  ['an unknown flag', flag('--prot', '80'), 'badOptions', 'did you mean "--port"'],
  ['the name of a prototype', flag('--__proto__', 'a'), 'badOptions', '"--__proto__"'],
  ['the name of a constructor', flag('--constructor=a'), 'badOptions', '"--constructor"'],
  ['one stroke for two', flag('-port', '80'), 'badOptions', '"-port"'],
  ['a word alone', flag('8080'), 'badOptions', '"8080" stands alone'],
  ['two strokes alone', flag('--'), 'badOptions', '"--"'],
  ['escapes of terminals', flag('--\u001b[31mred'), 'badOptions', '\\u001b[31mred'],
];

const variables: readonly Row[] = [
  ['a port above all', variable('PORT', '65536'), 'badOptions', 'ENCKE_PORT "65536"'],
  ['a port that is empty', variable('PORT', ''), 'badOptions', 'ENCKE_PORT is empty'],
  ['an unknown one', variable('PROT', '80'), 'badOptions', 'did you mean "ENCKE_PORT"'],
  ['the name of a prototype', variable('__PROTO__', '1'), 'badOptions', '"ENCKE___PROTO__"'],
  [
    'a keeper code too short',
    variable('KEEPER_CODE', 'hush'),
    'badOptions',
    'ENCKE_KEEPER_CODE is',
  ],
  [
    'a passcode on two lines',
    variable('PASSCODE', 'hush\nhush'),
    'badOptions',
    'ENCKE_PASSCODE is',
  ],
  [
    'a passcode without end',
    variable('PASSCODE', 'hush'.repeat(99)),
    'badOptions',
    'ENCKE_PASSCODE',
  ],
  [
    'a secret and its file',
    { env: { ENCKE_PASSCODE: 'hush', ENCKE_PASSCODE_FILE: 'x' } },
    'badOptions',
    'both given',
  ],
  [
    'a file of a secret that is not there',
    variable('PASSCODE_FILE', 'none'),
    'badOptions',
    '"none" does not exist',
  ],
  [
    'a configuration that is not there',
    variable('CONFIG', 'none'),
    'badOptions',
    '"none" does not exist',
  ],
];

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const files: readonly Row[] = [
  ['nothing', config(''), 'badOptions', 'is not JSON'],
  ['half of it', config('{"port":'), 'badOptions', 'is not JSON'],
  ['a secret in what is no JSON', config('{"passcode":"hush-hush"'), 'badOptions', 'is not JSON'],
  ['single quotes', config("{'port':80}"), 'badOptions', 'is not JSON'],
  ['a comment', config('{"port":80} // here'), 'badOptions', 'is not JSON'],
  ['a list', config('[]'), 'badOptions', 'is not an object'],
  ['null', config('null'), 'badOptions', 'is not an object'],
  [
    'bytes that are no UTF-8',
    config(Buffer.from('{"title":"\xff\xfe"}', 'latin1')),
    'badOptions',
    'cannot be read',
  ],
  ['UTF-16', config(Buffer.from('\ufeff{"port":80}', 'utf16le')), 'badOptions', 'cannot be read'],
  ['half a surrogate pair', config('{"title":"\\ud800"}'), 'badOptions', '"title"'],
  ['a NUL', config('{"data":"a\\u0000b"}'), 'badOptions', '"data"'],
  ['10 MB of zeros', config(new Uint8Array(10_000_000)), 'badOptions', 'is not JSON'],
  ['200,000 levels, not closed', config('['.repeat(200_000)), 'badOptions', 'is not JSON'],
  ['200,000 levels', config(`{"title":${nested(200_000)}}`), 'badOptions', 'nested very deeply'],
  [
    '200,000 levels where there is a list',
    config(`{"embedOrigins":${nested(200_000)}}`),
    'badOptions',
    'nested very deeply',
  ],
  ['a folder', { files: { 'encke.json': null } }, 'badOptions', 'cannot be read'],
  [
    'a folder by name',
    { args: ['--config', 'conf'], files: { conf: null } },
    'badOptions',
    'cannot be read',
  ],
  ['an unknown key', config('{"prot":80}'), 'badOptions', 'did you mean "port"'],
  ['a prototype', config('{"__proto__":{"port":80}}'), 'badOptions', '"__proto__"'],
  ['a constructor', config('{"constructor":80}'), 'badOptions', '"constructor"'],
  ['the configuration itself', config('{"config":"x"}'), 'badOptions', '"config"'],
  ['a key twice', config('{"port":80,"port":81}'), 'badOptions', 'given twice'],
  ['a key twice, once escaped', config('{"port":80,"p\\u006frt":81}'), 'badOptions', 'given twice'],
  ['a number in quotes', config('{"port":"80"}'), 'badOptions', '"port"'],
  ['a number too large', config('{"port":1e999}'), 'badOptions', '"port"'],
  ['a number below 0', config('{"port":-0.5}'), 'badOptions', '"port"'],
  ['a list for a number', config('{"port":[80]}'), 'badOptions', '"port"'],
  ['null for a text', config('{"title":null}'), 'badOptions', '"title"'],
  [
    'an object for a list',
    config('{"embedOrigins":{"0":"https://a.example"}}'),
    'badOptions',
    '"embedOrigins"',
  ],
  [
    'a list in a list',
    config('{"embedOrigins":[["https://a.example"]]}'),
    'badOptions',
    '"embedOrigins"',
  ],
  ['a number for a secret', config('{"passcode":12345678}'), 'badOptions', '"passcode"'],
  [
    'a list for the file of a secret',
    config('{"passcodeFile":["x"]}'),
    'badOptions',
    '"passcodeFile"',
  ],
  ['everything at once', config('{"port":-1,"title":1,"log":"xml","x":1}'), 'badOptions', '"log"'],
];

const places: readonly Row[] = [
  [
    'a data folder that is a file',
    { args: ['--data', 'data', '--port', '0'], files: { data: '' } },
    'badData',
    'data"',
  ],
  [
    'a data folder below a file',
    { args: ['--data', 'file/data', '--port', '0'], files: { file: '' } },
    'badData',
    'data"',
  ],
  ['a journal that is none', data({ 'journal.db': 'x'.repeat(10_000) }), 'badData', 'journal'],
  ['a journal that is a folder', data({ 'journal.db': null }), 'badData', 'journal'],
  ['a key that is too short', data({ 'secret.key': 'x' }), 'badData', 'is damaged'],
  [
    'a key that is no UTF-8',
    data({ 'secret.key': Buffer.alloc(43, 0xff) }),
    'badData',
    'is damaged',
  ],
  ['a keeper code of one letter', data({ 'keeper.code': 'x' }), 'badData', 'is damaged'],
  [
    'a host of somebody else',
    flag('--host', '256.1.1.1', '--port', '0'),
    'portInUse',
    'cannot be listened on',
  ],
  ['no command', { args: ['sreve'] }, 'usage', 'did you mean "serve"'],
  ['a command named like a prototype', { args: ['__proto__'] }, 'usage', '"__proto__"'],
  ['a command named like a constructor', { args: ['constructor'] }, 'usage', '"constructor"'],
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'encke-configuration-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line in a folder of its own, which has these files, and waits for its end. */
function run({ args = [], env = {}, files = {} }: Given): {
  code: number;
  told: string;
  left: string[];
} {
  const place = mkdtempSync(join(folder, 'case-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(place, name);
    if (content === null) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  const before = readdirSync(place);
  const isCommand = args[0]?.startsWith('-') === false && !/^\d/.test(args[0]);
  const ended = Bun.spawnSync({
    cmd: [process.execPath, encke, ...(isCommand ? [] : ['run']), ...args],
    cwd: place,
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...env },
    timeout: 20_000,
  });
  expect(ended.stdout.toString()).toBe('');
  const left = readdirSync(place).filter((name) => !before.includes(name));
  return { code: ended.exitCode ?? -1, told: ended.stderr.toString(), left };
}

describe.each([
  ['configuration by flags:', flags],
  ['configuration by the environment:', variables],
  ['configuration by a file:', files],
  ['configuration of places:', places],
] as const)('%s', (_, rows) => {
  test.each(rows.map((row) => [...row] as const))('%s', (_name, given, code, told) => {
    const end = run(given);
    expect(end.told).toContain(told);
    expect(end.code).toBe(exitCodes[code].code);
    // Sentences on lines of their own: no stack, no control characters, no end without end.
    for (const line of end.told.trimEnd().split('\n')) {
      expect(line).toMatch(/^(encke: |\d{4}-\S+ (info|error) )["A-Z-][^\p{Cc}]{5,400}$/u);
      expect(line).not.toMatch(/\.ts:\d|^\s+at |hush/);
    }
    if (code === 'badOptions' || code === 'usage') expect(end.left).toEqual([]);
  });
});
