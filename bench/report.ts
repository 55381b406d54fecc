/** The document of a run: the machine, the command, the medians, and what they do not say. */
import { cpus, release, totalmem } from 'node:os';
import type { Measurement, Peer } from './measure.ts';

export interface Run {
  readonly command: string;
  readonly rounds: number;
  readonly messages: number;
  readonly machine: readonly string[];
  readonly measured: readonly Measurement[];
}

const names: Readonly<Record<Peer, string>> = { encke: 'Encke', nchan: 'nginx + Nchan' };

/** `docs/benchmarks.md`. */
export function pageOf(run: Run): string {
  return `# Benchmarks

One message to everybody: what does it cost the server, how long until it has arrived, and what does
a poll weigh while it is held? Measured beside nginx with Nchan, a pub/sub server in C that also
speaks long polling.

    ${run.command}

${run.machine.map((line) => `- ${line}`).join('\n')}
- ${run.rounds} rounds by turns, a fresh server each time, ${run.messages} messages, one a second.
- The server has one core for itself, the load generator the other.

Medians, and the lowest and the highest round in brackets:

${tableOf(run.measured)}

**CPU** is user and system time of the server with all its threads and children, from the first
message until half a second after the last delivery, divided by the deliveries. So it contains the
delivery, the poll that follows it, and whatever else the server does. **p50** and **p99** run from
before the message is written to a socket until a receiver has read it from another, over all
receivers: half of them have it at p50. **Memory** is the growth of resident memory by N held polls,
divided by N. **Per reply** is how many messages a reply carried: more than one where Encke's tide
put wake-ups together. **Idle** is the generator's share while it was delivering.

## What is compared

The two do not do the same work. For each message Encke checks a signed session, applies the rules
of the room, commits the message to disk (SQLite, \`synchronous=FULL\`) before anybody hears of it,
and answers the polls of N known members in JSON with a cursor and with what is live. Nchan takes
the bytes as they come, keeps them in memory, and sends them to N nameless connections. The bodies
have the same length.

Every run is checked: each of the N receivers must get each message exactly once and in order, with
the cursors that the replies carry. A run in which one does not stops the benchmark.

The generator is a program in C with a core of its own. It was idle for
${idleRange(run.measured)} of the time. While a message is being delivered both cores work, and the
last column says how idle the generator was then: the less, the more of the latency is its own. The
processor time of the server is not touched by that. Other processes took ${others(run.measured)} of
a core.

Not measured here: many rooms, a slow network, TLS, a proxy, compression, a cluster.
`;
}

/** What the numbers depend on. */
export function describeMachine(): string[] {
  const all = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return [
    `${all.length} cores, ${all[0]?.model.trim() ?? 'unknown'}, ${memoryGb} GB of memory`,
    `Linux ${release()}, Bun ${Bun.version}`,
    `nginx ${packageVersion('nginx')}, Nchan ${packageVersion('libnginx-mod-nchan')}`,
  ];
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function tableOf(measured: readonly Measurement[]): string {
  const head = [
    '| held polls | server | CPU per delivery | p50 | p99 | memory per poll | per reply | idle |',
    '|---:|---|---:|---:|---:|---:|---:|---:|',
  ];
  const sizes = [...new Set(measured.map(({ members }) => members))];
  const rows = sizes.flatMap((members) =>
    (['encke', 'nchan'] as const).flatMap((peer) => {
      const rounds = measured.filter((one) => one.members === members && one.peer === peer);
      if (rounds.length === 0) return [];
      const cell = (read: (one: Measurement) => number, digits: number, unit: string): string =>
        spread(rounds.map(read), digits, unit);
      return [
        `| ${members.toLocaleString('en')} | ${names[peer]} ` +
          `| ${cell((one) => one.cpuUsPerDelivery, 1, 'µs')} ` +
          `| ${cell((one) => one.series.p50Ms, 1, 'ms')} ` +
          `| ${cell((one) => one.series.p99Ms, 1, 'ms')} ` +
          `| ${cell((one) => one.residentKbPerPoll, 1, 'kB')} ` +
          `| ${cell((one) => one.series.delivered / one.series.replies, 2, '')} ` +
          `| ${cell((one) => one.series.idleDelivering * 100, 0, '%')} |`,
      ];
    }),
  );
  return [...head, ...rows].join('\n');
}

function spread(values: readonly number[], digits: number, unit: string): string {
  const sorted = [...values].sort((a, b) => a - b).map((value) => value.toFixed(digits));
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? '';
  const shown = unit === '' ? median : `${median} ${unit}`;
  return `${shown} (${sorted[0]}–${sorted.at(-1)})`;
}

function idleRange(measured: readonly Measurement[]): string {
  const shares = measured.map(({ series }) => series.idle);
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
}

function others(measured: readonly Measurement[]): string {
  const shares = measured.map(({ othersShare }) => othersShare);
  return `up to ${percent(Math.max(...shares))}`;
}

function packageVersion(name: string): string {
  if (Bun.which('dpkg-query') === null) return 'of unknown version';
  const { stdout } = Bun.spawnSync(['dpkg-query', '--show', '--showformat=${Version}', name]);
  return stdout.toString() || 'of unknown version';
}
