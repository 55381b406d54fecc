/** The way to what the torture run has put inside the serving process; see `inside.ts`. */
import { connect } from 'node:net';

export type Inside =
  | { readonly do: 'report' }
  /** The same after a collection of garbage. */
  | { readonly do: 'collect' }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'endThread' }
  | { readonly do: 'block'; readonly ms: number }
  | { readonly do: 'eat'; readonly mb: number };

export interface Report {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly timers: number;
  readonly threads: number;
}

const answerMsMax = 10_000;

/** Has something done, and waits for the answer. Rejects when the process ends first. */
export async function tellInside<T>(path: string, order: Inside): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const socket = connect(path);
    let received = '';
    socket.setTimeout(answerMsMax, () => {
      socket.destroy();
      reject(new Error(`The serving process did not answer to "${order.do}"`));
    });
    socket.on('connect', () => void socket.write(JSON.stringify(order)));
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      if (received === '') reject(new Error(`The serving process ended at "${order.do}"`));
      else resolve(JSON.parse(received) as T);
    });
  });
}
