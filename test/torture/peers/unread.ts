/**
 * Connections that ask for something large, again and again, all at once, and hang up on the
 * answers. What a server makes of that is its own affair: some close them, one falls over.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const connections = 20;
/** Far more than fits into the buffers of both systems. */
const requestsEach = 200;

/** Holds them for a while. Answers with what they did, or null when the server let none in. */
export async function askUnread(
  { host, port }: { readonly host: string; readonly port: number },
  path: string,
  forMs: number,
): Promise<string | null> {
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const open = new Set<Socket>();
  let opened = 0;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ host, port }, () => {
      opened++;
      open.add(socket);
      socket.write(request.repeat(requestsEach));
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    return socket;
  });
  await sleep(forMs);
  const held = open.size;
  for (const socket of sockets) socket.destroy();
  if (opened === 0) return null;
  return `${opened} connections sent ${requestsEach} requests each, hung up on ${held}`;
}
