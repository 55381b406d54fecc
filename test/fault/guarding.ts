/**
 * The parent process of `encke serve`, over another program than Encke. For a test:
 * `guarding.ts PROGRAM MEMORY_MAX_MB`.
 */
import { resolveOptions } from '../../src/cli/options.ts';
import { serve } from '../../src/cli/serve.ts';
import { streamLog } from '../../src/cli/stream-log.ts';
import { noColours } from '../../src/cli/terminal.ts';

const [program = '', memoryMaxMb = ''] = process.argv.slice(2);
const argv = ['--memory-max-mb', memoryMaxMb];
const resolved = resolveOptions({ argv, env: {}, readFile: () => null });
if (!resolved.ok) throw new Error(resolved.problems.join('\n'));
const code = await serve({
  settings: resolved.options,
  log: streamLog({
    format: 'json',
    now: () => new Date(),
    colours: noColours,
    write: (line) => void process.stderr.write(line),
  }),
  program,
  argv: [],
  opened: (url) => void process.stdout.write(`The program is open at ${url}\n`),
});
process.exit(code);
