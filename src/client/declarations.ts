/**
 * The types of the client library in one file, for whoever imports the built one. The compiler
 * writes declarations for each of our files; of those, only what `client.ts` names, or what that
 * names in turn, means anything to a user.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const sources = dirname(here);
const compiler = join(dirname(sources), 'node_modules', '.bin', 'tsc');
const options = [
  ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--strict'],
  ...['--allowImportingTsExtensions', '--verbatimModuleSyntax', '--target', 'esnext'],
  ...['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'esnext,dom'],
];

/** What stands in `client.d.ts`. */
export async function declareClient(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'encke-types-'));
  try {
    const asked = [...options, '--rootDir', sources, '--outDir', folder, join(here, 'client.ts')];
    const { status, stdout, error } = spawnSync(compiler, asked, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The types could not be written: ${error ?? stdout}`);
    const written = await readdir(folder, { recursive: true });
    const paths = written.filter((path) => path.endsWith('.d.ts'));
    const files = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
    const client = files.splice(paths.indexOf(join('client', 'client.d.ts')), 1);
    return joined(client.join(''), files);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The client's declarations, and those of the others that it needs. */
function joined(client: string, others: readonly string[]): string {
  const known = new Map(others.flatMap(declarationsIn).map((text) => [nameOf(text), text]));
  const needed = new Set(declarationsIn(client));
  // What is added on the way is looked at as well.
  for (const text of needed) {
    for (const [, type, value, key] of text.matchAll(names)) {
      const declaration = known.get(type ?? value ?? key ?? '');
      // The values of other files are in the bundle and cannot be imported from it.
      if (declaration) needed.add(declaration.replace(/^export declare/m, 'declare'));
    }
  }
  const [header = ''] = /^\/\*\*[\s\S]*?\*\/\n/.exec(client) ?? [];
  // Without this everything in such a file is exported.
  return `${header}${[...needed].join('')}export {};\n`;
}

/** What a declaration names: types, values by their type, and symbols as keys. */
const names = /\b([A-Z]\w*)|\btypeof (\w+)|\[(\w+)\]/g;

/** Each with the comment above it. What a file imports stands in the same file then. */
function declarationsIn(file: string): string[] {
  const begins = /^(?=(?:export|declare|interface|type|import)\b)/m;
  const declarations: string[] = [];
  let comment = '';
  for (const part of file.split(begins)) {
    const [, text = '', above = ''] =
      /^([\s\S]*?)((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)$/.exec(part) ?? [];
    if (text !== '' && !text.startsWith('import')) declarations.push(comment + text);
    comment = above;
  }
  return declarations;
}

function nameOf(declaration: string): string {
  return (
    /^(?:export )?(?:declare )?(?:interface|type|const|function) (\w+)/m.exec(declaration)?.[1] ??
    ''
  );
}
