/**
 * The plot of the fan-out, as SVG: two panels over the number of held polls, both with logarithmic
 * values, since the servers lie a factor of ten apart. Its colours follow the reader's preference
 * for light or dark.
 */
import type { PeerName, Sample } from './scenario.ts';
import { roundsOf, spread } from './statistics.ts';

interface Panel {
  readonly figure: string;
  readonly title: string;
}

interface Point {
  readonly members: number;
  readonly value: number;
}

interface Line {
  readonly peer: PeerName;
  readonly points: readonly Point[];
}

export const peerTitles: Readonly<Record<PeerName, string>> = {
  encke: 'Encke',
  nchan: 'nginx + Nchan',
  'socket-io': 'Socket.IO, polling',
  faye: 'Faye, long polling',
  floor: 'floor',
};

const panels: readonly Panel[] = [
  { figure: 'cpuUs', title: 'CPU per delivery, µs' },
  { figure: 'p99Ms', title: 'delivered to 99 %, ms' },
];

/** Dark text upon light paper, and the other way about; the same hues, lighter where it is dark. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600 }
  .grid { stroke: #ccc; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .encke { --hue: #b3261e } .nchan { --hue: #1a6b3c } .socket-io { --hue: #1f5fa8 }
  .faye { --hue: #7a4a9e } .floor { --hue: #666 }
  .line, .dot { stroke: var(--hue) } .dot, .name { fill: var(--hue) }
  .encke .line { stroke-width: 3 } .floor .line { stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .grid { stroke: #444 }
    .encke { --hue: #ff8a80 } .nchan { --hue: #7bd69f } .socket-io { --hue: #8ab8f0 }
    .faye { --hue: #cfa3ee } .floor { --hue: #aaa }
  }`;

const size = { width: 940, height: 360, left: 52, top: 44, right: 132, bottom: 44, between: 470 };
const inner = {
  width: size.between - size.left - size.right,
  height: size.height - size.top - size.bottom,
};

/** `docs/benchmarks.svg`. */
export function plotOf(samples: readonly Sample[]): string {
  const drawn = panels.map((panel, nr) => drawPanel(panel, linesOf(samples, panel.figure), nr));
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>One message to everybody: processor time and delay, by number of held polls</title>
<style>${style}
</style>
${drawn.join('\n')}
</svg>
`;
}

function linesOf(samples: readonly Sample[], figure: string): readonly Line[] {
  const byPeer = Map.groupBy(roundsOf(samples, 'fan-out'), ({ peer }) => peer);
  return [...byPeer].map(([peer, rounds]) => ({
    peer,
    points: rounds.flatMap((one) => {
      const value = spread(one, figure)?.median;
      const members = Number(one.name.replaceAll(',', ''));
      return value === undefined ? [] : [{ members, value }];
    }),
  }));
}

function drawPanel({ title }: Panel, lines: readonly Line[], nr: number): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const membersMax = Math.max(...all.map(({ members }) => members));
  const values = all.map(({ value }) => value);
  const steps = stepsAround(Math.min(...values), Math.max(...values));
  const [low = 1, high = 10] = [steps[0], steps.at(-1)];
  const x = (members: number): number => size.left + (members / membersMax) * inner.width;
  const y = (value: number): number =>
    size.top + inner.height * (1 - Math.log(value / low) / Math.log(high / low));
  const grid = steps.map((value) => drawStep(value, y(value)));
  const sizes = [...new Set(all.map(({ members }) => members))];
  const ticks = sizes.map(
    (members) =>
      `<text x="${x(members).toFixed(1)}" y="${size.height - size.bottom + 18}" ` +
      `text-anchor="middle">${members / 1_000}k</text>`,
  );
  const names = apart(lines.map(({ points }) => y(points.at(-1)?.value ?? low)));
  const drawn = lines.map((line, index) => drawLine(line, x, y, names[index] ?? 0));
  const middle = size.left + inner.width / 2;
  return `<g transform="translate(${nr * size.between} 0)">
<text x="${middle}" y="${size.height - 8}" text-anchor="middle">held polls</text>
<text class="title" x="${size.left}" y="22">${title}</text>
${[...grid, ...ticks, ...drawn].join('\n')}
</g>`;
}

function drawStep(value: number, at: number): string {
  const end = size.left + inner.width;
  return (
    `<path class="grid" d="M${size.left} ${at.toFixed(1)}H${end}"/>` +
    `<text x="${size.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${value}</text>`
  );
}

function drawLine(
  { peer, points }: Line,
  x: (members: number) => number,
  y: (value: number) => number,
  nameAt: number,
): string {
  const places = points.map(
    ({ members, value }) => [x(members).toFixed(1), y(value).toFixed(1)] as const,
  );
  const dots = places.map(([left, top]) => `<circle class="dot" cx="${left}" cy="${top}" r="3"/>`);
  const [left = '0'] = places.at(-1) ?? [];
  const path = places.map((place) => place.join(' ')).join('L');
  return (
    `<g class="${peer}"><path class="line" d="M${path}"/>` +
    `${dots.join('')}<text class="name" x="${Number(left) + 8}" y="${(nameAt + 4).toFixed(1)}">` +
    `${peerTitles[peer]}</text></g>`
  );
}

/** 1, 2, 5, 10 ... from the last one below the values to the first one above them. */
function stepsAround(lowest: number, highest: number): readonly number[] {
  const all = Array.from({ length: 24 }, (_, nr) => {
    const digit = [1, 2, 5][nr % 3] ?? 1;
    return Number((digit * 10 ** (Math.floor(nr / 3) - 2)).toPrecision(1));
  });
  const first = all.findLastIndex((step) => step <= lowest);
  const last = all.findIndex((step) => step >= highest);
  return all.slice(Math.max(0, first), last === -1 ? all.length : last + 1);
}

/** Moves names that would lie upon each other down, one below the other. */
function apart(places: readonly number[]): readonly number[] {
  const lineHeight = 15;
  const moved = [...places];
  const order = places.map((_, index) => index).toSorted((a, b) => at(a) - at(b));
  for (const [nr, index] of order.entries()) {
    const above = order[nr - 1];
    if (above === undefined) continue;
    moved[index] = Math.max(moved[index] ?? 0, (moved[above] ?? 0) + lineHeight);
  }
  return moved;

  function at(index: number): number {
    return places[index] ?? 0;
  }
}
