/** How the files of the project read, whoever wrote them. */
import { describe, expect, test } from 'bun:test';
import { posix } from 'node:path';
import { importsOf, isCode, isProduct, isTest, planted, tree, type TextFile } from './tree.ts';

const columnsMax = 100;
const linesMax = 400;

/** Files that splitting would make worse, each with the reason. */
const longFiles: Readonly<Record<string, string>> = {};

/** These name what they forbid. */
const isTidy = (path: string): boolean => path.startsWith('test/tidy/');

describe('code', () => {
  test('fits 100 columns', () => {
    expect(wideLines(tree)).toEqual([]);
    expect(wideLines([planted('src/a.ts', `//\n// ${'x'.repeat(98)}\n`)])).toEqual(['src/a.ts:2']);
    expect(wideLines([planted('src/a.ts', `// ${'€'.repeat(97)}\n`)])).toEqual([]);
    const title = `test('${'x '.repeat(50)}', () => {\n`;
    expect(wideLines([planted('src/a.test.ts', title)])).toEqual([]);
  });

  test('of the product stands in files of at most 400 lines', () => {
    expect(longOnes(tree)).toEqual([]);
    expect(longOnes([planted('src/a.ts', '\n'.repeat(401))])).toEqual(['src/a.ts']);
  });

  test('is finished: nothing in it says that something is still to be done', () => {
    expect(unfinished(tree)).toEqual([]);
    expect(unfinished([planted('src/a.ts', '// TODO: the rest\n')])).toHaveLength(1);
    expect(unfinished([planted('docs/a.md', 'FIXME\n')])).toHaveLength(1);
  });
});

describe('every file', () => {
  test('is free of paths and hosts of the machine that it was written on', () => {
    expect(tiedToMachine(tree)).toEqual([]);
    for (const line of [
      ['cd ', 'work', 'main'].join('/'),
      "open('/home/somebody/a')",
      `"resolved": "https://${['registry', 'npmjs', 'org'].join('.')}/a"`,
      'see /Users/somebody/a',
    ]) {
      expect(tiedToMachine([planted('docs/a.md', line)])).toHaveLength(1);
    }
  });

  test('ends with one line break and has no blanks at the end of a line', () => {
    expect(ragged(tree)).toEqual([]);
    expect(ragged([planted('src/a.ts', 'a \n')])).toEqual(['src/a.ts']);
    expect(ragged([planted('src/a.ts', 'a')])).toEqual(['src/a.ts']);
    expect(ragged([planted('src/a.ts', 'a\n\n')])).toEqual(['src/a.ts']);
  });
});

describe('a test', () => {
  test('expects something', () => {
    expect(idleTests(tree)).toEqual([]);
    expect(idleTests([planted('src/a.test.ts', "test('a', () => run());\n")])).toHaveLength(1);
  });

  test('is never the only one that runs', () => {
    expect(lonelyTests(tree)).toEqual([]);
    expect(lonelyTests([planted('src/a.test.ts', "test.only('a', run);\n")])).toHaveLength(1);
  });
});

describe('links', () => {
  test('between documents lead somewhere', () => {
    expect(brokenLinks(tree)).toEqual([]);
  });

  test('that lead nowhere are found', () => {
    const page = planted(
      'docs/page.md',
      '# A page: one\n\n[a](#a-page-one) [b](../README.md#here)\n',
    );
    const readme = planted('README.md', '## Here\n\n[c](docs/none.md) [d](docs/page.md#none)\n');
    expect(brokenLinks([page, readme])).toEqual([
      'README.md links to docs/none.md',
      'README.md links to docs/page.md#none',
    ]);
  });
});

function linesOf(file: TextFile): string[] {
  return file.text.split('\n');
}

/** Code points, as an editor counts them. */
function columnsOf(line: string): number {
  return Array.from(line).length;
}

/** The lines that are too wide, but for those that nobody can break: one word, or one string. */
function wideLines(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => isCode(path) || /\.(css|c|html)$/.test(path))
    .flatMap((file) =>
      linesOf(file).flatMap((line, index) =>
        columnsOf(withoutStrings(line)) > columnsMax && line.trim().includes(' ')
          ? [`${file.path}:${index + 1}`]
          : [],
      ),
    );
}

function withoutStrings(line: string): string {
  const isComment = /^\s*(\/?\*|\/\/)/.test(line);
  return isComment ? line : line.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '');
}

function longOnes(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => isProduct(path) && !(path in longFiles))
    .filter((file) => linesOf(file).length - 1 > linesMax)
    .map(({ path }) => path);
}

function unfinished(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path, text }) => !isTidy(path) && /\b(TODO|FIXME|XXX)\b/.test(text))
    .map(({ path }) => path);
}

function tiedToMachine(files: readonly TextFile[]): string[] {
  const tied = /(^|[\s'"`(=])\/(work|root|home|Users|tmp)\/\w|registry\.npmjs|"resolved":/m;
  return files.flatMap(({ path, text }) => {
    const found = isTidy(path) ? null : tied.exec(text);
    return found === null ? [] : [`${path}: ${found[0].trim()}`];
  });
}

function ragged(files: readonly TextFile[]): string[] {
  return files
    .filter(({ text }) => !/^$|[^\n]\n$/.test(text.slice(-2)) || /[ \t]$/m.test(text))
    .map(({ path }) => path);
}

/** Tests without an expectation, of their own or in a suite that they import. */
function idleTests(files: readonly TextFile[]): string[] {
  const expecting = new Set(
    files.filter(({ text }) => text.includes('expect(')).map(({ path }) => path),
  );
  return files
    .filter(({ path }) => isTest(path) && !expecting.has(path))
    .filter((file) => !importsOf(file).some((path) => expecting.has(path)))
    .map(({ path }) => path);
}

function lonelyTests(files: readonly TextFile[]): string[] {
  return files
    .filter(
      ({ path, text }) =>
        isTest(path) && !isTidy(path) && /\b(test|it|describe)\.only\b/.test(text),
    )
    .map(({ path }) => path);
}

function brokenLinks(files: readonly TextFile[]): string[] {
  const paths = new Set(files.flatMap(({ path }) => [path, ...foldersOf(path)]));
  const pages = files.filter(({ path }) => path.endsWith('.md'));
  const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));
  return pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => {
        const [to = '', anchor] = link.split('#');
        const target = to === '' ? page.path : posix.join(posix.dirname(page.path), to);
        if (!paths.has(target.replace(/\/$/, ''))) return true;
        return anchor !== undefined && anchors.get(target)?.has(anchor) === false;
      })
      .map((link) => `${page.path} links to ${link}`),
  );
}

/** Links to our own files, outside of code. */
function linksOf(page: TextFile): string[] {
  const prose = page.text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const written = prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g);
  return [...written]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors that a page offers: its headings, in lower case, with hyphens for blanks. */
function anchorsOf(page: TextFile): Set<string> {
  const headings = [...page.text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
