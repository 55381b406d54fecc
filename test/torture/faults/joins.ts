/** A link is posted somewhere, and everybody comes at once. Then they all go. */
import type { Joined } from '../../../src/protocol/replies.ts';
import { ConnectionLost, KeptConnection, type Asked } from '../../kit/kept-connection.ts';
import type { Stage } from '../stage.ts';
import { nothing, type Fault } from './fault.ts';

/** As many as may wait for the listener at once. */
const connections = 500;
/** With fewer who got in, it was no storm that was weathered. */
const joinedShare = 0.9;
let storms = 0;

/** Makes the fault for so many. */
export function joinStorm(count: number): Fault {
  return {
    name: 'join-storm',
    endsProcess: false,
    weight: 1,
    needs: nothing,
    async inject(stage) {
      const name = `storm${++storms}`;
      const began = performance.now();
      const joins = Array.from({ length: count }, (_, nr) => ({
        method: 'POST',
        path: '/v1/join',
        body: { nick: `${name}-${nr}`, id: crypto.randomUUID() },
      }));
      const joined = await askAll(stage, joins, 201);
      const tookMs = Math.round(performance.now() - began);
      const leaves = joined.map((body) => {
        const { token } = JSON.parse(body) as Joined;
        return { method: 'POST', path: '/v1/leave', token, body: {} };
      });
      const left = await askAll(stage, leaves, 204);
      if (joined.length < count * joinedShare) {
        throw new Error(`Only ${joined.length} of ${count} got in`);
      }
      return `${joined.length} of ${count} joined in ${tookMs} ms, ${left.length} left again`;
    },
  };
}

/** Asks everything at once, as far as that goes. Answers with those that came with this status. */
async function askAll(stage: Stage, asked: readonly Asked[], status: number): Promise<string[]> {
  const left = asked.values();
  const heard: string[] = [];
  const askSome = async (): Promise<void> => {
    const connection = new KeptConnection(stage.url);
    for (const one of left) {
      try {
        const answer = await connection.ask(one);
        if (answer.status === status) heard.push(answer.body);
      } catch (reason) {
        if (!(reason instanceof ConnectionLost)) throw reason;
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: Math.min(connections, asked.length) }, askSome));
  return heard;
}
