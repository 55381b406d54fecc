/**
 * A network between a browser and a server. It passes on what it is given, until it answers by
 * itself: as the portal of a hotel does, whatever it is asked.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Network {
  /** Where the server is for whoever is behind the network. Without a slash at the end. */
  readonly url: string;
  /** Gives this answer to everything; with null it passes on again what it is given. */
  answer(instead: string | null): void;
  stop(): Promise<void>;
}

/** Opens a network before a server. */
export async function openNetwork(serverUrl: string): Promise<Network> {
  const { hostname, port } = new URL(serverUrl);
  const open = new Set<Socket>();
  let answer: string | null = null;

  const server = createServer((near) => {
    keep(near);
    const instead = answer;
    if (instead !== null) {
      near.on('data', () => near.end(instead));
      return;
    }
    const far = connect(Number(port), hostname);
    keep(far);
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(instead) {
      answer = instead;
      cutAll();
    },
    async stop() {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };

  function keep(socket: Socket): void {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  }

  function cutAll(): void {
    for (const socket of open) socket.destroy();
  }
}

/** An answer of HTTP with a page as its body. */
export function htmlAnswer(status: string, html: string, ...headers: readonly string[]): string {
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(html)}`,
    'Connection: close',
    ...headers,
    '',
    html,
  ].join('\r\n');
}
