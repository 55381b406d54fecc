/**
 * A server whose services crash when whoever started this process names them. This is the test
 * hook; the command line has none. Run by `services.test.ts`.
 */
import { Server, type ServiceName } from '../../src/chat/server.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { resolveOptions } from '../../src/cli/options.ts';
import { streamLog } from '../../src/cli/stream-log.ts';
import { noColours } from '../../src/cli/terminal.ts';
import { describe } from '../../src/supervisor/supervisor.ts';
import { Files } from '../../src/web/files.ts';

const argv = process.argv.slice(2);
const resolved = resolveOptions({ argv, env: {}, readFile: () => null });
if (!resolved.ok) throw new Error(resolved.problems.join('\n'));
const log = streamLog({
  format: 'json',
  now: () => new Date(),
  colours: noColours,
  write: (line) => void process.stderr.write(line),
});
const server = await Server.start({
  settings: resolved.options,
  files: Files.none(),
  log,
  version: 'test',
  failed: (reason) => {
    log.error('The server stops', { reason: describe(reason) });
    process.exit(exitCodes.gaveUp.code);
  },
});

// All at once, in one turn of the event loop: the worst moment for one to crash is when the other
// one does.
process.on('message', (services: readonly ServiceName[]) => {
  for (const service of services) server.crash(service);
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => void server.stop().then(() => process.exit()));
process.stdout.write(`The server is open at ${server.url()}\n`);
