/** What the runs came to, as a table for people. */
import type { Verdict } from '../../checker/record.ts';
import type { Seen } from './screens.ts';

/** One chat under the schedule. */
export interface Row {
  readonly chat: string;
  readonly seen: Seen;
  readonly verdict: Verdict | null;
  /** What was done to it, each with how often it is known to have happened. */
  readonly faults: Readonly<Record<string, number>>;
}

const heads = [
  'chat',
  'said',
  'acknowledged',
  'shown',
  'lost',
  'repeated',
  'out of order',
  'misnumbered',
  'split',
  'stuck',
  'the checker',
];

/** The table in Markdown, with what its columns mean below it. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    heads,
    heads.map((_, column) => (column === 0 || column === heads.length - 1 ? '---' : '---:')),
    ...rows.map(cellsOf),
  ];
  const faults = rows.map((row) => `- ${row.chat}: ${countsOf(row.faults)}`);
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

**lost**: acknowledged, and never shown to a member who was in before it was said (in brackets, how
many messages that befell). **repeated**: shown to a member who had it. **out of order**: shown
behind one that stands behind it. **misnumbered**: messages at two places. **split**: never
acknowledged, and shown to some and not to others. **stuck**: members to whom the last message, said
when all was well again, was not shown within a minute. **the checker**: what it found in the same
history.

What is lost is not always what was promised. Socket.IO promises delivery at most once, and says
that what is beyond that has to be built with a database, as \`socket-io\` does here; that its recovery
"will not always be successful"; and, without a database, nothing beyond the life of a process. Faye
keeps in memory what it has not handed over; queues in Redis, for which there is another package,
would outlast a kill, and were not tried. No intermediary may repeat a POST by itself: with
\`--without duplicate,replay\` no request is sent twice.

Faults that are known to have happened:

${faults.join('\n')}
`;
}

function cellsOf({ chat, seen, verdict }: Row): string[] {
  const { said, acknowledged, shown, lost, lostMessages, repeated } = seen;
  return [
    chat,
    String(said),
    String(acknowledged),
    String(shown),
    lost === 0 ? '0' : `${lost} (${lostMessages})`,
    String(repeated),
    String(seen.disordered),
    String(seen.misnumbered),
    String(seen.split),
    String(seen.stuck),
    verdict === null ? '' : wordOf(verdict),
  ];
}

function wordOf({ verdict, counts, doubts }: Verdict): string {
  if (verdict === 'unknown') return `unknown: ${doubts.join('; ')}`;
  return verdict === 'pass' ? 'pass' : countsOf(counts);
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.join(', ') || 'none';
}
