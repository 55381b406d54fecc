/**
 * Checks a history from the command line:
 *
 *     bun test/checker/check.ts HISTORY.ndjson [--json]
 *
 * `-` reads standard input. The exit code is 0 for pass, 1 for fail, 2 for unknown, and 64 when
 * there is nothing that could be checked.
 */
import { Checker } from './checker.ts';
import { NoHistory, readHistory } from './read.ts';
import { anomalies, type AnomalyName, type Verdict } from './record.ts';

const usage = `usage: check HISTORY.ndjson [--json]

Reads a history, one JSON record a line, and names every anomaly in it.
"-" reads standard input. --json prints the verdict as JSON.
Exit code: 0 pass, 1 fail, 2 unknown, 64 nothing to check.
`;

const exitCodes = { pass: 0, fail: 1, unknown: 2 } as const;
const exitUsage = 64;

process.exit(await check(process.argv.slice(2)));

async function check(args: readonly string[]): Promise<number> {
  const paths = args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  const options = args.filter((arg) => !paths.includes(arg));
  const [path] = paths;
  if (path === undefined || paths.length > 1 || options.some((option) => option !== '--json')) {
    process.stderr.write(usage);
    return exitUsage;
  }
  try {
    const verdict = await verdictOn(path === '-' ? Bun.stdin.stream() : Bun.file(path).stream());
    process.stdout.write(options.length > 0 ? `${JSON.stringify(verdict)}\n` : inWords(verdict));
    return exitCodes[verdict.verdict];
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing && !(error instanceof NoHistory)) throw error;
    const why = isMissing ? `There is no file "${path}"` : error.message;
    process.stderr.write(`check: ${why}\n`);
    return exitUsage;
  }
}

async function verdictOn(chunks: AsyncIterable<Uint8Array>): Promise<Verdict> {
  const checker = new Checker();
  for await (const { record, line } of readHistory(chunks)) checker.take(record, line);
  return checker.verdict();
}

function inWords(verdict: Verdict): string {
  const { records, clients, acknowledged, delivered, polls, faults } = verdict;
  const lines = [
    `${verdict.verdict}: ${records} records of ${clients} clients, ` +
      `${acknowledged} messages acknowledged, ${delivered} entries delivered, ${polls} polls`,
    ...Object.entries(faults).map(([name, count]) => `fault "${name}": ${count} times`),
    ...verdict.doubts.map((doubt) => `in doubt: ${doubt}`),
  ];
  for (const [name, count] of Object.entries(verdict.counts)) {
    lines.push('', `${name}, ${count} times (${anomalies[name as AnomalyName]})`);
    const told = verdict.anomalies.filter((anomaly) => anomaly.name === name);
    lines.push(...told.map(({ line, detail }) => `  line ${line}: ${detail}`));
    if (told.length < count) lines.push(`  and ${count - told.length} more`);
  }
  return `${lines.join('\n')}\n`;
}
