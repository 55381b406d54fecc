/** How a peer's server is started: its options, and the line that says where it listens. */
import type { Server } from 'node:http';
import { parseArgs } from 'node:util';

export interface ServingOptions {
  readonly host: string;
  readonly port: number;
  /** Where a chat that stores anything stores it. */
  readonly data: string;
  /** Nothing is stored. */
  readonly memory: boolean;
}

export function servingOptions(): ServingOptions {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      data: { type: 'string', default: 'peer-data' },
      memory: { type: 'boolean', default: false },
    },
  });
  return { ...values, port: Number(values.port) };
}

/** Listens, and prints where: whoever started the process waits for this line. */
export function serve(http: Server, { host, port }: ServingOptions): void {
  // Twenty thousand clients may come at once; the usual backlog of 511 would have them try again.
  http.listen({ host, port, backlog: 4_096 }, () => {
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('No port could be had');
    console.log(`The chat is open at http://${host}:${address.port}`);
  });
  process.on('SIGTERM', () => process.exit(0));
}
