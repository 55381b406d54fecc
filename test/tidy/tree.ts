/** The files of the project as text, which is all that the tests of this folder look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TextFile {
  /** From the root of the project, with slashes: `src/chat/room.ts`. */
  readonly path: string;
  readonly text: string;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What .gitignore names, and git itself. */
const ignored = new Set(['.git', 'node_modules', 'dist', 'encke-data', 'results']);
const binary = /\.(png|jpe?g|webp|gif|ico|woff2|gz|br|db|sqlite|webm|mp4|pdf)$/;

/** Every file that belongs to the project. One that is no text is there, and empty. */
export const tree: readonly TextFile[] = read('');

/** The code of the product: no tests, and nothing that is only for them. */
export const product: readonly TextFile[] = tree.filter(({ path }) => isProduct(path));

export function isProduct(path: string): boolean {
  return path.startsWith('src/') && isCode(path) && !isTest(path) && !path.includes('/testing/');
}

export function isCode(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path);
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** What a file imports: our own files by their path in the project, others as they are written. */
export function importsOf(file: TextFile): string[] {
  // Anchored at the start of a line, where the formatter puts imports and no comment ever is.
  const clause = /^(?:import|(?:import|export)\s[\w\s{},*]+?\sfrom)\s*'([^']+)'/gm;
  const fixed = file.text.matchAll(clause);
  const dynamic = file.text.matchAll(/\bimport\(\s*'([^']+)'|new URL\(\s*'(\.[^']+)'/g);
  return [...fixed, ...dynamic]
    .map((match) => match[1] ?? match[2] ?? '')
    .map((name) => (name.startsWith('.') ? posix.join(posix.dirname(file.path), name) : name));
}

/** The code without comments and types, so that a word in a comment is not taken for a call. */
export function codeOf(file: TextFile): string {
  return new Bun.Transpiler({ loader: 'tsx' }).transformSync(file.text);
}

/** A file that was never written: what the tests of a rule plant to see the rule fail. */
export function planted(path: string, text: string): TextFile {
  return { path, text };
}

function read(folder: string): TextFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    // In a second worktree of git, `.git` is a file.
    if (ignored.has(entry.name)) return [];
    if (entry.isDirectory()) return read(path);
    if (!entry.isFile() || path.endsWith('.log')) return [];
    return [{ path, text: binary.test(path) ? '' : readFileSync(join(root, path), 'utf8') }];
  });
}
