/**
 * `npm test`: installs what is missing, then checks types, lint and format, builds the page, and
 * runs every test, one folder after the other. Stops at the first failure, with its exit code. The
 * last line is the total.
 *
 *     npm test                     everything
 *     npm test -- room cursor      only the test files whose path contains one of the words
 */
import { spawn } from 'node:child_process';
import { join, relative, sep } from 'node:path';
import { build, bun, chromium, filesIn, install, npmCommand, root, run } from './setup.mjs';

/** The checks that are no tests: scripts of package.json, each of which also runs alone. */
const checks = ['types', 'lint', 'format'];

/** Tests run in this order, the cheapest first; a folder that is not named here runs last. */
const order = [
  ...['unit', 'contract', 'checker', 'sim', 'planted'],
  ...['http', 'fuzz', 'fault', 'torture', 'e2e', 'tidy'],
];

/** A test that takes longer hangs. The slowest ones start a browser or several servers. */
const testMsMax = 60_000;

const total = { passed: 0, failed: 0, skipped: 0 };
const words = process.argv.slice(2);
const groups = testFiles(words);

if (groups.length === 0) finish(1, `No test file has a path with "${words.join('" or "')}"`);
install();
const env = { ...process.env, NO_COLOR: '1' };
if (groups.some(({ name }) => name === 'e2e')) env['ENCKE_CHROMIUM'] = chromium();
if (words.length === 0) for (const name of checks) await step(name, () => check(name));
await step('build', () => build({ isTold: true }));
for (const { name, files } of groups) await step(name, () => test(files));
finish(0);

/** Runs one step under its heading, and ends everything when it fails. */
async function step(name, work) {
  const startMs = performance.now();
  console.log(`\n== ${name}`);
  const code = (await work()) ?? 0;
  console.log(`   ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  if (code !== 0) finish(code, `Stopped at "${name}"`);
}

function check(name) {
  const { command, args } = npmCommand(['run', '--silent', name]);
  const { status } = run(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) total.failed += 1;
  return status ?? 1;
}

/** Runs test files in one Bun, and adds what it counted to the total. */
async function test(files) {
  const args = ['test', '--no-orphans', '--only-failures', `--timeout=${testMsMax}`, ...files];
  const child = spawn(bun, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'pipe'] });
  let report = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk) => {
    report += chunk;
    process.stderr.write(chunk);
  });
  const code = await new Promise((resolve) => {
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  const counted = (what) => Number(new RegExp(`^ *(\\d+) ${what}$`, 'm').exec(report)?.[1] ?? 0);
  total.passed += counted('pass');
  // A run that breaks before its first test has counted no failure, and is one.
  total.failed += code === 0 ? 0 : Math.max(1, counted('fail'));
  total.skipped += counted('skip') + counted('todo');
  return code;
}

/** The test files, by the folder that says what kind they are. Unit tests stand beside the code. */
function testFiles(words) {
  const groups = new Map();
  for (const folder of ['src', 'test']) {
    for (const path of filesIn(join(root, folder)).sort()) {
      const file = relative(root, path);
      if (!/\.test\.tsx?$/.test(file)) continue;
      if (words.length > 0 && !words.some((word) => file.includes(word))) continue;
      const name = folder === 'src' ? 'unit' : file.split(sep)[1];
      // With `./` Bun takes it for a path; without, for a part of one.
      groups.set(name, [...(groups.get(name) ?? []), `./${file}`]);
    }
  }
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups]
    .map(([name, files]) => ({ name, files }))
    .sort((a, b) => rank(a.name) - rank(b.name));
}

/** Ends with the total alone on the last line. */
function finish(code, why) {
  if (why !== undefined) console.error(`\n${why}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exit(code);
}
