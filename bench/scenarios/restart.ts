/** The serving process is killed while everybody holds a poll. */
import { failureOf } from '../generator.ts';
import type { Scenario } from '../scenario.ts';
import { restMs, setStage } from '../stage.ts';
import { familyOf } from '../usage.ts';

/** Messages before the kill: the last of them are under way when it happens. */
const messages = { count: 40, gapMs: 50 };
const patienceMs = 30_000;

export const restart: Scenario = {
  name: 'restart',
  title: '`kill -9` with fifteen thousand held polls',
  shows: `Somebody writes twenty times a second, and the serving process is killed; its guard
starts another. Everybody comes back as Encke's own client does, spread by its rule, and asks
again with the same cursor. **Down** is from the kill until \`/readyz\` answers, **held** from
then until the server holds as many polls as before. Whoever wrote sends again what was not
acknowledged, under the same id; everybody must receive everything once, in one order.`,
  peers: ['encke'],
  columns: [
    { figure: 'downMs', title: 'down', unit: 'ms', digits: 0 },
    { figure: 'heldMs', title: 'all held after', unit: 'ms', digits: 0 },
    { figure: 'refused', title: 'refusals', unit: '', digits: 0 },
    { figure: 'maxMs', title: 'latest delivery', unit: 'ms', digits: 0 },
  ],
  async *measure(peer, bench) {
    const members = bench.isQuick ? 3_000 : 15_000;
    await using stage = await setStage(bench, peer, { members, lanes: 40 });
    const { generator, server } = stage;
    await generator.hold(members);
    await Bun.sleep(restMs);
    const { count, gapMs } = messages;
    const sending = generator.send(count, { gapMs, drainMs: patienceMs });
    await Bun.sleep(count * gapMs - 75);
    // The first of the family is the guard; the other one serves.
    const [, serving] = familyOf(server.pid);
    if (serving === undefined) throw new Error('There is no serving process to kill');
    process.kill(serving, 'SIGKILL');
    const killedMs = performance.now();
    const url = `http://127.0.0.1:${server.port}`;
    const readyMs = await when(async () => (await fetch(`${url}/readyz`)).ok);
    // Both must say so: the server may count a poll of somebody who has given up on it.
    const heldMs = await when(async () => {
      const [held, waiting] = [await heldBy(url), await generator.waiting()];
      return held >= members && waiting === members;
    });
    const series = await sending;
    const after = await generator.quiet(1, { gapMs: 100, drainMs: patienceMs });
    yield {
      name: `${members.toLocaleString('en')} members`,
      figures: {
        downMs: readyMs - killedMs,
        heldMs: heldMs - readyMs,
        refused: series.refused,
        maxMs: series.maxMs,
      },
      // A refusal that says when to come back is part of the spread, and shown as a number.
      failed: failureOf({ ...series, refused: 0 }) ?? failureOf(after),
    };
  },
};

/** When something became true, asked again and again. */
async function when(isTrue: () => Promise<boolean>): Promise<number> {
  const begin = performance.now();
  while (performance.now() < begin + patienceMs) {
    if (await isTrue().catch(() => false)) return performance.now();
    await Bun.sleep(10);
  }
  throw new Error('It did not come back');
}

async function heldBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^encke_held_polls (\d+)/m.exec(text)?.[1] ?? 0);
}
