/** Each weather does what it says, and the proxy does nothing else. */
import { afterEach, expect, test } from 'bun:test';
import { createServer, type Server, type Socket } from 'node:net';
import { ConnectionLost, KeptConnection } from '../kit/kept-connection.ts';
import { until } from '../kit/until.ts';
import { startProxy, type Proxy, type Weather } from './proxy.ts';
import { RequestReader } from './requests.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A server that answers each request with its target, and remembers what arrived. */
class Echo {
  readonly arrived: string[] = [];
  readonly halfClosed: string[] = [];
  open = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    undo.push(() => this.#server.close());
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #serve(socket: Socket): void {
    const reader = new RequestReader();
    let last = '';
    this.open++;
    socket.on('data', (chunk: Buffer) => {
      for (const piece of reader.take(chunk)) {
        if ('opaque' in piece) continue;
        last = piece.target;
        this.arrived.push(piece.target);
        const body = `${piece.target} ${'x'.repeat(2_000)}`;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }
    });
    socket.on('end', () => {
      this.halfClosed.push(last);
      socket.end();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.open--);
  }
}

async function scene(
  weather: Weather,
): Promise<{ echo: Echo; proxy: Proxy; line: KeptConnection }> {
  const echo = new Echo();
  const port = await echo.listen();
  const target = { host: '127.0.0.1', port };
  const proxy = await startProxy({ target, random: () => 0.6, weather });
  undo.push(() => proxy.close());
  const line = new KeptConnection(proxy.url);
  undo.push(() => line.close());
  return { echo, proxy, line };
}

const ask = { method: 'POST', path: '/v1/messages', body: { text: 'hello' } };

async function outcomeOf(line: KeptConnection): Promise<number | 'lost'> {
  try {
    return (await line.ask(ask)).status;
  } catch (reason) {
    if (reason instanceof ConnectionLost) return 'lost';
    throw reason;
  }
}

test('in fair weather requests and answers pass, one connection for both ends', async () => {
  const { echo, proxy, line } = await scene({});
  for (let nr = 0; nr < 5; nr++) expect((await line.ask(ask)).body).toStartWith('/v1/messages xx');
  expect(echo.arrived).toHaveLength(5);
  expect(echo.open).toBe(1);
  expect(proxy.counts).toMatchObject({ connections: 1, requests: 5 });
});

test.each([
  ['cutBefore', 'lost', 0],
  ['cutAfter', 'lost', 1],
  ['cutWithin', 'lost', 1],
  ['delay', 200, 1],
  ['halfClose', 200, 1],
] as const)('%s: the client hears %p, and the server got it %i times', async (harm, heard, got) => {
  const { echo, proxy, line } = await scene({ [harm]: 1 });
  expect(await outcomeOf(line)).toBe(heard);
  await until('the request to arrive', () => echo.arrived.length >= got);
  expect(echo.arrived).toHaveLength(got);
  expect(proxy.counts[harm]).toBe(1);
  if (harm === 'halfClose') await until('the end to arrive', () => echo.halfClosed.length === 1);
});

test('a request that is duplicated arrives twice, and is answered once', async () => {
  const { echo, line } = await scene({ duplicate: 1 });
  expect(await outcomeOf(line)).toBe(200);
  await until('the second one', () => echo.arrived.length === 2);
  expect(new Set(echo.arrived).size).toBe(1);
});

test('what may be replayed is sent again later, what may not be is not', async () => {
  const { echo, proxy, line } = await scene({ replay: 1 });
  expect((await line.ask({ method: 'POST', path: '/v1/leave', body: {} })).status).toBe(200);
  expect(proxy.counts.replay).toBe(0);
  expect(await outcomeOf(line)).toBe(200);
  expect(proxy.counts.replay).toBe(1);
  expect(echo.arrived).toHaveLength(2);
});

test('a server that is away is a connection that ends', async () => {
  const { proxy, line } = await scene({});
  proxy.aim({ host: '127.0.0.1', port: 1 });
  expect(await outcomeOf(line)).toBe('lost');
  expect(proxy.counts.unreachable).toBe(1);
});

test('cutting all leaves nothing, and the next request finds its way', async () => {
  const { echo, proxy, line } = await scene({});
  expect(await outcomeOf(line)).toBe(200);
  expect(proxy.cutAll()).toBe(1);
  await until('the server to see it', () => echo.open === 0);
  expect(await outcomeOf(line)).toBe(200);
});

test('requests are told apart however the bytes are cut, and a chunked body is left alone', () => {
  const first = 'POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello';
  const bytes = Buffer.from(`${first}GET /b HTTP/1.1\r\nHost: x\r\n\r\n`);
  const reader = new RequestReader();
  const pieces = [...bytes].flatMap((byte) => reader.take(Buffer.from([byte])));
  expect(pieces).toMatchObject([{ target: '/a' }, { target: '/b' }]);
  expect(pieces[0]).toMatchObject({ bytes: Buffer.from(first) });
  const chunked = 'POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
  expect(reader.take(Buffer.from(chunked))).toEqual([{ opaque: Buffer.from(chunked) }]);
});
