/**
 * What `npm start` and `npm test` need before anything else can run: the packages, Bun's own
 * binary, the page, and for the tests a Chromium. Plain Node without a dependency, because on a
 * fresh clone there is nothing else. Each verb does nothing when its work is already done.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bun itself, not the link in `.bin`: this path is the same on every platform. */
export const bun = join(root, 'node_modules', 'bun', 'bin', 'bun.exe');

const receipt = join(root, 'node_modules', '.package-lock.json');
const builder = join(root, 'src', 'ui', 'build.ts');
const built = join(root, 'dist', 'ui');

/** Installs the packages when they are missing or older than the lock file, and Bun's binary. */
export function install() {
  checkNode();
  if (modifiedMs(receipt) < modifiedMs(join(root, 'package-lock.json'))) {
    console.log('Installing packages, once');
    // Not `npm ci`: it refuses a lock file that lacks the optional packages of platforms which the
    // registry did not offer when the lock was written. `--no-save` keeps the lock as it is.
    const npm = npmCommand(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
    const { status } = run(npm.command, npm.args, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) fail('npm could not install the packages: check the network, then try again');
    // npm leaves its receipt alone when nothing was missing; without this we would ask again.
    const now = new Date();
    if (existsSync(receipt)) utimesSync(receipt, now, now);
  }
  installBun();
}

/** Builds the page when it is missing or older than its sources. */
export function build({ isTold = false } = {}) {
  if (!existsSync(builder) || newestMs(join(root, 'src')) <= oldestMs(built)) return;
  const { status, stdout, stderr } = run(bun, [builder], { encoding: 'utf8' });
  if (status === 0) {
    if (isTold) process.stdout.write(stdout);
    return;
  }
  process.stderr.write(`${stdout}${stderr}`);
  fail('The page could not be built', status ?? 1);
}

/** The path of a Chromium, which is installed first where that is possible. */
export function chromium() {
  const found = findChromium();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Installing Chromium, once');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const asked = { env, encoding: 'utf8' };
    run('apt-get', ['update'], asked);
    const { status, stderr } = run('apt-get', ['install', '-y', 'chromium'], asked);
    const installed = findChromium();
    if (status === 0 && installed !== null) return installed;
    process.stderr.write(stderr ?? '');
  }
  return fail(
    'The browser tests need Chromium: install it, or name it in the variable ENCKE_CHROMIUM',
  );
}

/** Runs a program to its end, without standard input, in the root of the project. */
export function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

/**
 * Runs Bun in our place until it ends, and resolves with its exit code. Whoever wants Bun to stop
 * may tell us, or npm: the scripts of package.json begin with `exec` so that no shell stands
 * between npm and us that would die of a signal instead of passing it on. When npm is killed
 * outright we stop Bun ourselves, and `--no-orphans` does it when the same happens to us.
 */
export function become(args) {
  const child = spawn(bun, ['--no-orphans', ...args], { stdio: 'inherit' });
  // In a terminal Ctrl-C reaches the whole group, Bun included. Passing it on would make it two,
  // and a second signal says "at once".
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  else passOn(child, 'SIGINT');
  passOn(child, 'SIGTERM');
  passOn(child, 'SIGHUP');
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const npm = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === npm) return;
      clearInterval(watch);
      child.kill('SIGTERM');
    }, 500).unref();
  }
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** npm tells its scripts where it is; a script started without npm finds it on the path. */
export function npmCommand(args) {
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js')) return { command: process.execPath, args: [npm, ...args] };
  return { command: 'npm', args };
}

/** Every file in a folder and the folders below it. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Says what is missing, in one sentence, and ends. */
export function fail(sentence, code = 1) {
  console.error(sentence);
  process.exit(code);
}

function checkNode() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 20) fail(`Node ${process.versions.node} is too old: install Node 20 or newer`);
}

/** npm may have been told not to run the script of the `bun` package that fetches its binary. */
function installBun() {
  const works = () => run(bun, ['--version']).status === 0;
  if (works()) return;
  run(process.execPath, [join(root, 'node_modules', 'bun', 'install.js')]);
  if (!works()) {
    fail('Bun does not run here: delete node_modules and try again, or see the platforms of Bun');
  }
}

function findChromium() {
  const named = process.env['ENCKE_CHROMIUM'];
  if (named) {
    return existsSync(named)
      ? named
      : fail(`There is no Chromium at "${named}": correct ENCKE_CHROMIUM`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    for (const folder of folders) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : null;
}

/** Passes a signal on, once: npm and a terminal may both send it for a single wish to stop. */
function passOn(child, signal) {
  process.once(signal, () => {
    child.kill(signal);
    process.on(signal, () => {});
  });
}

function modifiedMs(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newestMs(folder) {
  return Math.max(0, ...filesIn(folder).map(modifiedMs));
}

function oldestMs(folder) {
  const files = existsSync(folder) ? filesIn(folder) : [];
  return files.length === 0 ? 0 : Math.min(...files.map(modifiedMs));
}
