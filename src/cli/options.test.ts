import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { GivenSettings } from '../chat/settings.ts';
import { flags, keys, options, optionNames, variables } from './option-table.ts';
import { resolveData, resolveOptions, type Sources } from './options.ts';

type Given = Partial<Omit<Sources, 'readFile'>> & { files?: Record<string, string> };

const resolve = ({ argv = [], env = {}, files = {} }: Given) =>
  resolveOptions({ argv, env, readFile: (path) => files[path] ?? null });

const settingsOf = (given: Given): GivenSettings => {
  const resolved = resolve(given);
  if (!resolved.ok) throw new Error(resolved.problems.join('\n'));
  return resolved.options;
};
const problemsOf = (given: Given): readonly string[] => {
  const resolved = resolve(given);
  return resolved.ok ? [] : resolved.problems;
};
const problemOf = (...argv: string[]): string => problemsOf({ argv }).join('\n');

describe('without being told anything', () => {
  test('the room is on this machine, open, and called Encke', () => {
    expect(settingsOf({})).toEqual({
      host: '127.0.0.1',
      port: 8000,
      data: './encke-data',
      title: 'Encke',
      topicBy: 'everyone',
      passcode: null,
      keeperCode: null,
      publicUrl: null,
      embedOrigins: [],
      trustedProxies: [],
      addressLimits: true,
      pace: 1_000,
      membersMax: 50_000,
      heldPollsMax: 50_000,
      memoryMaxMb: 2_048,
      log: 'text',
    });
  });
});

describe('an option', () => {
  test('is a flag, a variable and a key, of which the first goes before the others', () => {
    const files = { 'encke.json': '{"port": 1}' };
    expect(settingsOf({ files }).port).toBe(1);
    expect(settingsOf({ files, env: { ENCKE_PORT: '2' } }).port).toBe(2);
    expect(settingsOf({ files, env: { ENCKE_PORT: '2' }, argv: ['--port', '3'] }).port).toBe(3);
    expect(settingsOf({ argv: ['--port=0'] }).port).toBe(0);
  });

  test('can be given in all three places under the names made from its own', () => {
    const spelt = [...flags.keys()].filter((flag) => flag.startsWith('--memory'));
    expect(spelt).toEqual(['--memory-max-mb']);
    expect(variables.has('ENCKE_MEMORY_MAX_MB')).toBeTrue();
    expect(keys.has('memoryMaxMb')).toBeTrue();
    for (const place of [flags, variables, keys]) {
      expect(new Set([...place.values()].map(({ option }) => option))).toEqual(
        new Set(optionNames),
      );
    }
  });

  test('of every kind is read as text and as JSON', () => {
    const expected = {
      title: 'Kometen ☄️',
      topicBy: 'keepers',
      publicUrl: 'https://room.example',
      embedOrigins: ['https://a.example', 'http://b.example:8080'],
      trustedProxies: ['10.0.0.1', 'fd00::/8'],
      addressLimits: false,
      pace: 10,
      membersMax: 5,
      log: 'json',
    } as const;
    const argv = [
      '--title= Kometen ☄️ ',
      '--topic-by=keepers',
      '--public-url=https://Room.example/',
      '--embed-origins=https://a.example, http://b.example:8080',
      '--trusted-proxies=10.0.0.1,fd00::/8',
      '--address-limits=off',
      '--pace=10',
      '--members-max=5',
      '--log=json',
    ];
    expect(settingsOf({ argv })).toMatchObject(expected);
    const files = { 'encke.json': JSON.stringify(expected) };
    expect(settingsOf({ files })).toMatchObject(expected);
    expect(settingsOf({ files: { 'encke.json': '{"addressLimits": "off"}' } })).toMatchObject({
      addressLimits: false,
    });
  });

  test('is refused with what it was and what it should be', () => {
    expect(problemOf('--port', '80000')).toBe(
      '--port "80000" is not accepted, give a whole number from 0 to 65535',
    );
    expect(problemsOf({ env: { ENCKE_LOG: 'xml' } })).toEqual([
      'ENCKE_LOG "xml" is not accepted, give text or json',
    ]);
    expect(problemsOf({ files: { 'encke.json': '{"port": "8000"}' } })).toEqual([
      '"port" in "encke.json" "8000" is not accepted, give a whole number from 0 to 65535',
    ]);
  });

  test('is refused for each of many wrong values', () => {
    const wrong: Record<string, string[]> = {
      '--port': ['-1', '1.5', '0x10', ' 80', '1e3', '65536', '９', '99999999999999999999'],
      '--pace': ['0', '60001', '0.5', '1s'],
      '--host': ['a b', 'http://x', '-x', 'x/y'],
      '--title': [' ', 'a\nb', 'x'.repeat(201)],
      '--data': ['a\0b'],
      '--public-url': [
        'room.example',
        'ftp://x',
        'https://x/y',
        'https://u@x',
        'https://x?q',
        'https://x:443',
      ],
      '--embed-origins': [
        '**',
        '*,https://a.example',
        'null',
        'https://a;b',
        'https://a.example,',
        'https://a.example/path',
      ],
      '--trusted-proxies': ['localhost', '10.0.0.0/33', '10.0.0.0/8,,'],
      '--address-limits': ['true', 'no'],
      '--memory-max-mb': ['255'],
    };
    for (const [flag, values] of Object.entries(wrong)) {
      for (const value of values) {
        const problem = problemOf(flag, value);
        expect(problem).toStartWith(`${flag} `);
        expect(problem).toContain('is not accepted, give ');
      }
    }
    for (const value of [null, true, {}, [], 1.5, '1']) {
      const files = { 'encke.json': JSON.stringify({ port: value }) };
      expect(problemsOf({ files })).toHaveLength(1);
    }
    expect(
      problemsOf({ files: { 'encke.json': '{"embedOrigins": "https://a.example"}' } }),
    ).toHaveLength(1);
  });

  test('that names sites takes a star for all of them, in every place', () => {
    const files = { 'encke.json': '{"embedOrigins": "*"}' };
    const env = { ENCKE_EMBED_ORIGINS: '*' };
    for (const given of [{ files }, { env }, { argv: ['--embed-origins', '*'] }]) {
      expect(settingsOf(given).embedOrigins).toBe('*');
    }
    expect(problemOf('--embed-origins', 'blog.example')).toBe(
      '--embed-origins "blog.example" is not accepted, give * for all, or a scheme, a host and no ' +
        'path, such as https://room.example; several with commas between them, in a file as an array',
    );
  });

  test('is looked at even where a stronger one hides it', () => {
    expect(problemsOf({ argv: ['--port', '1'], env: { ENCKE_PORT: 'x' } })).toHaveLength(1);
  });

  test('must not be empty, be given twice, or lack its value', () => {
    expect(problemOf('--title', '')).toBe('--title is empty, give it a value or leave it out');
    expect(problemOf('--title=')).toBe('--title is empty, give it a value or leave it out');
    expect(problemOf('--port', '1', '--port=1')).toBe('--port is given twice, keep one');
    expect(problemOf('--port')).toBe('--port has no value, write one behind it');
    expect(problemOf('--port', '--log', 'json')).toBe('--port has no value, write one behind it');
    expect(problemsOf({ env: { ENCKE_PORT: '' } })).toHaveLength(1);
    expect(
      problemsOf({ files: { 'encke.json': '{"port": 1, "log": "text", "p\\u006frt": 2}' } }),
    ).toEqual(['"port" is given twice in "encke.json", keep one']);
  });
});

describe('a name that does not exist', () => {
  test('is refused wherever it stands, with the one that was meant', () => {
    expect(problemOf('--potr', '80')).toBe('There is no option "--potr", did you mean "--port"?');
    expect(problemOf('-p', '80')).toBe('There is no option "-p", see encke help');
    expect(problemOf('serve')).toBe('"serve" stands alone, give options as --name value');
    expect(problemsOf({ env: { ENCKE_PROT: '80' } })).toEqual([
      'There is no variable "ENCKE_PROT", did you mean "ENCKE_PORT"?',
    ]);
    expect(problemsOf({ files: { 'encke.json': '{"Port": 1, "__proto__": 2}' } })).toEqual([
      'There is no key of "encke.json" "Port", did you mean "port"?',
      'There is no key of "encke.json" "__proto__", see encke help',
    ]);
  });

  test('is left alone in the environment when it is not ours', () => {
    const env = { ENCKE_INTERNAL_CHILD: '1', ENCKE_CHROMIUM: '/x', PORT: 'x', enckeport: '' };
    expect(settingsOf({ env: { ...env, ENCKE_PORT: undefined } }).port).toBe(8000);
  });
});

describe('a secret', () => {
  test('comes from a file, from the environment, or from the configuration file', () => {
    const files = { code: 'hunter2hunter2\r\n', 'encke.json': '{"keeperCodeFile": "code"}' };
    expect(settingsOf({ argv: ['--keeper-code-file', 'code'], files }).keeperCode).toBe(
      'hunter2hunter2',
    );
    expect(settingsOf({ files }).keeperCode).toBe('hunter2hunter2');
    expect(settingsOf({ env: { ENCKE_KEEPER_CODE: 'swordfish' }, files }).keeperCode).toBe(
      'swordfish',
    );
    expect(settingsOf({ env: { ENCKE_KEEPER_CODE_FILE: 'code' }, files }).keeperCode).toBe(
      'hunter2hunter2',
    );
    expect(settingsOf({ files: { 'encke.json': '{"passcode": "x"}' } }).passcode).toBe('x');
  });

  test('has no flag of its own, and trying says where to put it', () => {
    for (const argv of [['--passcode', 'hunter2'], ['--passcode=hunter2']]) {
      expect(problemOf(...argv)).toBe(
        '--passcode is no option, because others can read a command line, use --passcode-file',
      );
    }
  });

  test('is in no message, whatever is wrong', () => {
    const secret = 'hunter2';
    const given: Given[] = [
      { argv: ['--passcode', secret] },
      { argv: ['--pascode', secret] },
      { env: { ENCKE_KEEPER_CODE: secret } },
      { env: { ENCKE_PASSCODE: `${secret}\n` } },
      { argv: ['--keeper-code-file', 'code'], files: { code: `${secret}\n` } },
      { argv: ['--passcode-file', 'code'], files: { code: `a\n${secret}` } },
      { files: { 'encke.json': `{"keeperCode": "${secret}"}` } },
      { files: { 'encke.json': `{"passcode": ["${secret}"]}` } },
      { files: { 'encke.json': `{"passcode": ${secret}}` } },
      { files: { 'encke.json': `{"passcode": "${secret}` } },
    ];
    for (const one of given) {
      const problems = problemsOf(one);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join('\n')).not.toContain(secret);
    }
  });

  test('must not be given twice in one place', () => {
    const env = { ENCKE_PASSCODE: 'x', ENCKE_PASSCODE_FILE: 'code' };
    expect(problemsOf({ env, files: { code: 'y' } })).toEqual([
      'ENCKE_PASSCODE and ENCKE_PASSCODE_FILE are both given, keep one',
    ]);
  });
});

describe('the configuration file', () => {
  test('is encke.json when it is there, or the one that is named, which has to be', () => {
    const files = { 'encke.json': '{"port": 1}', 'other.json': '\ufeff{"port": 2}' };
    expect(settingsOf({ files, argv: ['--config', 'other.json'] }).port).toBe(2);
    expect(settingsOf({ files, env: { ENCKE_CONFIG: 'other.json' } }).port).toBe(2);
    expect(problemOf('--config', 'missing.json')).toBe(
      'The file "missing.json" does not exist, correct the path',
    );
    expect(problemOf('--config=')).toBe('--config is empty, give it a value or leave it out');
    expect(problemsOf({ files: { 'encke.json': '{"config": "x"}' } })).toHaveLength(1);
  });

  test('is an object in JSON', () => {
    for (const text of ['', '{', '{"port": 1,}', 'port = 1']) {
      expect(problemsOf({ files: { 'encke.json': text } })).toEqual([
        '"encke.json" is not JSON, check its commas, quotes and braces',
      ]);
    }
    for (const text of ['1', 'null', '[]', '"x"']) {
      expect(problemsOf({ files: { 'encke.json': text } })).toEqual([
        '"encke.json" is not an object, begin it with { and end it with }',
      ]);
    }
  });

  test('that cannot be read is a problem, with the reason', () => {
    const readFile = (): never => {
      throw new Error('permission denied');
    };
    expect(resolveOptions({ argv: [], env: {}, readFile })).toEqual({
      ok: false,
      problems: ['The file "encke.json" cannot be read: permission denied'],
    });
  });
});

describe('whatever is given', () => {
  const word = fc.oneof(
    fc.constantFrom(...flags.keys(), '--config', '--', '-', '--port=', '--passcode'),
    fc.constantFrom(
      '8000',
      'on',
      'text',
      'everyone',
      'encke.json',
      '10.0.0.0/8',
      'https://a.example',
    ),
    fc.string({ unit: 'binary' }),
  );
  const json = fc.oneof(
    fc.json(),
    fc
      .dictionary(fc.constantFrom(...keys.keys(), 'x'), fc.jsonValue())
      .map((value) => JSON.stringify(value)),
    fc.string(),
  );
  const env = fc.dictionary(
    fc.constantFrom(...variables.keys(), 'ENCKE_CONFIG', 'ENCKE_X', 'HOME'),
    word,
  );

  test('the answer is settings within their bounds, or problems of one line each', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), env, json, (argv, variables, text) => {
        const resolved = resolve({ argv, env: variables, files: { 'encke.json': text } });
        if (!resolved.ok) {
          expect(resolved.problems.length).toBeGreaterThan(0);
          for (const problem of resolved.problems) expect(problem).not.toMatch(/[\n\r]|\.$/);
          return;
        }
        expect(resolved.options.port).toBeWithin(0, 65_536);
        expect(resolved.options.memoryMaxMb).toBeGreaterThanOrEqual(256);
        expect(resolved.options.title).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('what was resolved resolves to itself when written to a file', () => {
    const settings = settingsOf({
      argv: ['--title', 'x', '--embed-origins', 'https://a.example'],
      env: { ENCKE_PASSCODE: 'y' },
    });
    const given = Object.fromEntries(
      Object.entries(settings).filter(([, value]) => value !== null),
    );
    expect(settingsOf({ files: { 'encke.json': JSON.stringify(given) } })).toEqual(settings);
  });

  test('every default is one that its option accepts', () => {
    for (const name of optionNames) {
      const { kind, fallback } = options[name];
      if (fallback !== null) expect(kind.readJson(fallback) as unknown).toEqual(fallback);
    }
  });
});

describe('where the data lies', () => {
  const dataOf = ({ argv = [], env = {}, files = {} }: Given) =>
    resolveData({ argv, env, readFile: (path) => files[path] ?? null });

  test('is said in the same places as for opening a room, of which the first goes first', () => {
    const files = { 'encke.json': '{"data": "a"}', other: '{"data": "b"}' };
    expect(dataOf({})).toEqual({ ok: true, data: './encke-data' });
    expect(dataOf({ files })).toEqual({ ok: true, data: 'a' });
    expect(dataOf({ files, env: { ENCKE_CONFIG: 'other' } })).toEqual({ ok: true, data: 'b' });
    expect(dataOf({ files, env: { ENCKE_DATA: 'c' } })).toEqual({ ok: true, data: 'c' });
    const argv = ['--data', 'd', '--config', 'other'];
    expect(dataOf({ files, env: { ENCKE_DATA: 'c' }, argv })).toEqual({ ok: true, data: 'd' });
  });

  test('does not depend on the values of other options', () => {
    const files = { 'encke.json': '{"data": "a", "port": "none"}' };
    expect(dataOf({ files, env: { ENCKE_LOG: 'loud' } })).toEqual({ ok: true, data: 'a' });
  });

  test('is all that may be said', () => {
    expect(dataOf({ argv: ['--port', '1'] })).toEqual({
      ok: false,
      problems: ['--port is for opening a room, leave it out'],
    });
    expect(dataOf({ argv: ['--data', ''] })).toMatchObject({ ok: false });
    expect(dataOf({ argv: ['--date', 'x'] })).toMatchObject({ ok: false });
  });
});
