/** The tables that must agree: what the code says, what the documents say, what the tests try. */
import { describe, expect, test } from 'bun:test';
import { errors } from '../../src/protocol/errors.ts';
import { isTest, planted, tree, type TextFile } from './tree.ts';

describe('the table of errors', () => {
  const documents = tree.filter(({ path }) => path === 'docs/protocol.md');
  const tests = tree.filter(
    ({ path }) => isTest(path) && /^(test|src\/web)\//.test(path) && !path.startsWith('test/tidy/'),
  );

  test('stands in docs/protocol.md, each code with its status and no other code', () => {
    const written = Object.entries(errors).map(([code, { status }]) => `${code} ${status}`);
    expect(documentedIn(documents)).toEqual(written.sort());
  });

  test('is read from a table of a document', () => {
    const page = planted('docs/a.md', '| `GONE` | 410 | why |\n| `a` | 1 |\n|`BUSY` | 503 |\n');
    expect(documentedIn([page])).toEqual(['BUSY 503', 'GONE 410']);
  });

  test('is tried: some test of the wire expects each code', () => {
    expect(untried(Object.keys(errors), tests)).toEqual([]);
  });

  test('has a code untried when no test names it', () => {
    const poll = planted('test/http/a.test.ts', "expect(code).toBe('GONE');\n// BUSY\n");
    expect(untried(['GONE', 'BUSY'], [poll])).toEqual(['BUSY']);
  });
});

describe('a dependency', () => {
  test('has its reason in a decision record', () => {
    expect(unexplained(tree)).toEqual([]);
  });

  test('without a reason is found', () => {
    const manifest = planted('package.json', '{"dependencies": {"a": "1", "@b/c": "1"}}');
    const record = planted('docs/decisions/1.md', 'We take `@b/c`.\n');
    expect(unexplained([manifest, record])).toEqual(['a']);
  });
});

/** `CODE STATUS` for each row of a table that begins with a code and a status. */
function documentedIn(files: readonly TextFile[]): string[] {
  return files
    .flatMap(({ text }) => [...text.matchAll(/^\| *`([A-Z_]+)` *\| *(\d{3}) *\|/gm)])
    .map(([, code, status]) => `${code} ${status}`)
    .sort();
}

function untried(codes: readonly string[], tests: readonly TextFile[]): string[] {
  return codes.filter((code) => !tests.some(({ text }) => text.includes(`'${code}'`)));
}

function unexplained(files: readonly TextFile[]): string[] {
  const text = files.find(({ path }) => path === 'package.json')?.text ?? '{}';
  const manifest = JSON.parse(text) as Record<'dependencies' | 'devDependencies', object>;
  const records = files.filter(({ path }) => /^docs\/decisions\/.+\.md$/.test(path));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    (name) => !records.some((record) => record.text.includes(`\`${name}\``)),
  );
}
