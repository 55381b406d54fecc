/**
 * Imports point one way. A rule is a function from files to what is wrong with them, so that each
 * is run on the project and on a violation planted for it.
 */
import { describe, expect, test } from 'bun:test';
import { posix } from 'node:path';
import {
  codeOf,
  importsOf,
  isProduct,
  isTest,
  planted,
  product,
  tree,
  type TextFile,
} from './tree.ts';

/** What the chat and the web know of the journal: its interface, and the errors that it names. */
const journal = ['journal/journal.ts', 'journal/refused.ts'];
/** What the page says: the pages without scripts say it as well, in the same languages. */
const words = ['ar', 'de', 'en', 'en-aside', 'es', 'fr', 'grammar', 'ja', 'sections', 'words'].map(
  (name) => `ui/words/${name}.ts`,
);
const everything = [
  'chat',
  'cli',
  'client',
  'copy',
  'http',
  'journal',
  'protocol',
  'supervisor',
  'tabs',
  'web',
];

/**
 * What each part of `src/` may import, beside itself: folders, or single files of them. Single
 * files have a rule of their own where they put the parts together.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  supervisor: [],
  journal: ['protocol', 'supervisor'],
  chat: ['protocol', 'supervisor', ...journal],
  'chat/server.ts': ['protocol', 'supervisor', 'journal', 'http', 'web'],
  'chat/machine.ts': ['protocol', 'supervisor', 'journal', 'http'],
  http: ['protocol', 'supervisor'],
  web: ['chat', 'http', 'protocol', 'supervisor', ...journal, ...words],
  client: ['protocol'],
  copy: ['client', 'protocol'],
  tabs: ['client', 'copy', 'protocol'],
  ui: ['client', 'copy', 'protocol', 'tabs', 'widget/messages.ts', 'widget/build.ts'],
  widget: ['client', 'copy', 'protocol'],
  cli: [...everything, 'ui/build.ts'],
  'encke.ts': everything,
};

/** Where a program begins: nothing needs to import these. */
const entrances = ['src/encke.ts', 'src/client/build.ts', 'src/ui/build.ts', 'src/widget/build.ts'];

/** What no program reaches, and why it stands in `src/` all the same. */
const unreachedFor: Readonly<Record<string, string>> = {
  'src/journal/memory.ts': 'the journal of tests: it stands beside those with which it must agree',
};

/**
 * What the chat and the client are handed instead of taking it, so that a test can replay a run:
 * time, timers and chance.
 */
const handedIn =
  /\bnew Date\(\)|\b(Date|performance)\.now\b|\bset(Timeout|Interval|Immediate)\b|\bMath\.random\b/;
const handedInTo = ['src/chat/', 'src/client/', 'src/copy/', 'src/protocol/', 'src/tabs/'];
/** Who hands it to the others, where a program does not. */
const givers = ['src/chat/machine.ts', 'src/client/client.ts', 'src/client/clock.ts'];

/** The files that know which runtime they run on: listener, memory, the SQLite journal, builds. */
const runtimeFiles: readonly RegExp[] = [
  /^src\/http\/listener\.ts$/,
  /^src\/supervisor\/memory\.ts$/,
  /^src\/journal\/(sqlite(-\w+)?|schema|folder-lock)\.ts$/,
  /\/build\.ts$/,
];

describe('imports', () => {
  test('point one way', () => {
    expect(wrongImports(product)).toEqual([]);
  });

  test('that point the wrong way are found', () => {
    const room = planted('src/chat/room.ts', "import { a } from '../journal/sqlite.ts';\n");
    const entry = planted('src/protocol/a.ts', "import type { A } from '../chat/room.ts';\n");
    const client = planted('src/client/a.ts', "const a = await import('../web/poll.ts');\n");
    expect(wrongImports([room, entry, client])).toEqual([
      'src/chat/room.ts imports src/journal/sqlite.ts',
      'src/protocol/a.ts imports src/chat/room.ts',
      'src/client/a.ts imports src/web/poll.ts',
    ]);
  });

  test('never name a test, and the product imports nothing of the tests', () => {
    expect(importsOfTests(tree)).toEqual([]);
    const file = planted('src/a.ts', "import { a } from '../test/kit/fake-clock.ts';\n");
    expect(importsOfTests([file])).toHaveLength(1);
    const kit = planted('test/kit/a.ts', "export { a } from '../http/poll.test.ts';\n");
    expect(importsOfTests([kit])).toHaveLength(1);
  });

  test('name packages of package.json only', () => {
    expect(unknownPackages(product)).toEqual([]);
    expect(unknownPackages([planted('src/a.ts', "import 'left-pad';\n")])).toHaveLength(1);
  });
});

describe('files', () => {
  test('of the product are all reached from where a program begins', () => {
    expect(unreached(product)).toEqual([]);
  });

  test('that nobody reaches are found', () => {
    const begin = planted('src/encke.ts', "import './cli/serve.ts';\n");
    const serve = planted('src/cli/serve.ts', "new Worker(new URL('./worker.ts', here));\n");
    const worker = planted('src/cli/worker.ts', 'run();\n');
    const dead = planted('src/cli/dead.ts', 'run();\n');
    expect(unreached([begin, serve, worker, dead])).toEqual(['src/cli/dead.ts']);
  });
});

describe('the core', () => {
  test('is handed time, timers and chance', () => {
    expect(taken(product)).toEqual([]);
    expect(taken([planted('src/chat/a.ts', 'const at = Date.now();\n')])).toHaveLength(1);
    expect(taken([planted('src/client/a.ts', 'setTimeout(run, 5);\n')])).toHaveLength(1);
    expect(taken([planted('src/chat/a.ts', '// A Date is not for us.\n')])).toEqual([]);
  });

  test('does not know which runtime it runs on', () => {
    expect(bound(product)).toEqual([]);
    expect(bound([planted('src/chat/a.ts', "Bun.file('a');\n")])).toHaveLength(1);
    expect(
      bound([planted('src/web/a.ts', "import { Database } from 'bun:sqlite';\n")]),
    ).toHaveLength(1);
  });
});

/** `chat` for `src/chat/room.ts`, `encke.ts` for `src/encke.ts`. */
function partOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function wrongImports(files: readonly TextFile[]): string[] {
  return files.flatMap((file) => {
    const inside = file.path.slice('src/'.length);
    const allowed = mayImport[inside] ?? mayImport[partOf(file.path)];
    if (allowed === undefined) return [`${file.path} stands in no known part of src`];
    return importsOf(file)
      .filter((target) => target.startsWith('src/') && partOf(target) !== partOf(file.path))
      .filter((target) => !allowed.includes(partOf(target)) && !allowed.includes(target.slice(4)))
      .map((target) => `${file.path} imports ${target}`);
  });
}

function importsOfTests(files: readonly TextFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((target) => isTest(target) || (isProduct(file.path) && target.startsWith('test/')))
      .map((target) => `${file.path} imports ${target}`),
  );
}

function unknownPackages(files: readonly TextFile[]): string[] {
  const manifest = tree.find(({ path }) => path === 'package.json');
  const { dependencies } = JSON.parse(manifest?.text ?? '{}') as { dependencies: object };
  const known = Object.keys(dependencies);
  return files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !/^(src\/|test\/|node:|bun:|package\.json$)/.test(target))
      .filter((target) => !known.some((name) => `${target}/`.startsWith(`${name}/`)))
      .map((target) => `${file.path} imports ${target}`),
  );
}

/** Product files that no entrance leads to. A path in quotes leads there too: a worker, a page. */
function unreached(files: readonly TextFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const queue = entrances.filter((path) => byPath.has(path));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    queue.push(...importsOf(file), ...pathsIn(file));
  }
  return files
    .map(({ path }) => path)
    .filter((path) => !reached.has(path) && !(path in unreachedFor));
}

/** What stands in quotes and could be a path, from the file's folder or from the root. */
function pathsIn(file: TextFile): string[] {
  return [...file.text.matchAll(/'([\w./-]+\.tsx?)'/g)].flatMap(([, name = '']) => [
    posix.join(posix.dirname(file.path), name),
    posix.normalize(name),
  ]);
}

function taken(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => handedInTo.some((folder) => path.startsWith(folder)))
    .filter(({ path }) => !givers.includes(path))
    .flatMap((file) => {
      const word = handedIn.exec(codeOf(file))?.[0];
      return word === undefined ? [] : [`${file.path} uses ${word}`];
    });
}

function bound(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => !runtimeFiles.some((pattern) => pattern.test(path)))
    .filter((file) => /\bBun\b|from ["']bun/.test(codeOf(file)))
    .map(({ path }) => path);
}
