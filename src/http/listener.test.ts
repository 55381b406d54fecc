import { afterEach, describe, expect, test } from 'bun:test';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import { openRaw, type RawConnection } from '../../test/kit/raw-connection.ts';
import { limits } from '../protocol/limits.ts';
import { systemClock, type Clock } from '../supervisor/clock.ts';
import { Answer } from './answer.ts';
import { listen, type Listener } from './listener.ts';
import type { Exchange, HttpRequest } from './request.ts';

const opened: { close(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

interface Served {
  readonly listener: Listener;
  readonly requests: HttpRequest[];
  readonly exchanges: Exchange[];
  readonly connect: () => Promise<RawConnection>;
  /** Resolves when so many requests have come. */
  readonly come: (count: number) => Promise<void>;
}

/** Listens on a free port. Requests for `/held` wait, others hear what they asked for. */
function serve(clock: Clock = systemClock, connectionsMax = 1_000): Served {
  const requests: HttpRequest[] = [];
  const exchanges: Exchange[] = [];
  const listener = listen({
    host: '127.0.0.1',
    port: 0,
    clock,
    connectionsMax,
    problem: (refusal) => new Answer(400, {}, refusal.code),
    answer(request, exchange) {
      requests.push(request);
      exchanges.push(exchange);
      if (request.target !== '/held') exchange.reply(new Answer(200, {}, request.target));
    },
  });
  opened.push({
    async close() {
      const stopped = listener.stop(0);
      if (clock instanceof FakeClock) await clock.advance(100);
      await stopped;
    },
  });
  return {
    listener,
    requests,
    exchanges,
    async connect() {
      const raw = await openRaw(listener.port);
      opened.push(raw);
      return raw;
    },
    async come(count) {
      while (requests.length < count) await pause();
    },
  };
}

/** The event loop goes round. */
async function pause(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 1));
}

const get = (target: string, ...lines: readonly string[]): string =>
  `GET ${target} HTTP/1.1\r\n${['Host: a', ...lines].join('\r\n')}\r\n\r\n`;

describe('a listener', () => {
  test('answers requests over a connection that stays', async () => {
    const { connect } = serve();
    const raw = await connect();
    raw.send(get('/1'));
    expect((await raw.next())?.body).toBe('/1');
    raw.send(get('/2') + get('/3', 'Connection: close'));
    expect((await raw.next())?.body).toBe('/2');
    expect((await raw.next())?.body).toBe('/3');
    await raw.closed;
  });

  test('says where it is, and who asks', async () => {
    const { listener, connect, exchanges } = serve();
    const raw = await connect();
    raw.send(get('/1'));
    await raw.next();
    expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
    expect(exchanges[0]?.peer).toBe('127.0.0.1');
  });

  test('throws when the port is taken, and leaves no timer', () => {
    const { listener } = serve();
    const clock = new FakeClock();
    const spec = { host: '127.0.0.1', port: listener.port, clock };
    const answer = (): void => undefined;
    expect(() => listen({ ...spec, answer, problem: () => new Answer(400, {}) })).toThrow();
    expect(clock.pending).toBe(0);
  });

  test('sends an answer of a megabyte whole, whoever reads it slowly', async () => {
    const { connect, come, exchanges } = serve();
    const raw = await connect();
    raw.send(get('/held') + get('/behind'));
    await come(1);
    const body = 'a'.repeat(8_000_000);
    exchanges[0]?.reply(new Answer(200, {}, body));
    expect((await raw.next())?.body === body).toBeTrue();
    expect((await raw.next())?.body).toBe('/behind');
  });

  test('tells whoever waits that the other end is gone', async () => {
    const { connect, come, exchanges } = serve();
    const raw = await connect();
    raw.send(get('/held'));
    await come(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const [exchange] = exchanges;
    if (exchange !== undefined) exchange.watcher = { hungUp: resolve };
    raw.close();
    await promise;
    exchange?.reply(new Answer(200, {}));
    // Nobody asked for the address while it was there to be asked for.
    expect(exchange?.peer).toBe('');
  });

  test('lets others have their turn beside thousands of pipelined requests', async () => {
    const { connect, requests } = serve();
    const flood = await connect();
    const raw = await connect();
    flood.send(get('/flood').repeat(5_000));
    raw.send(get('/other'));
    expect((await raw.next())?.body).toBe('/other');
    for (let nr = 0; nr < 5_000; nr++) expect((await flood.next())?.body).toBe('/flood');
    const place = requests.findIndex(({ target }) => target === '/other');
    expect(place).toBeLessThan(5_000);
  });

  test('does not keep it quiet when its own code throws', async () => {
    const program = `
      import { listen } from './listener.ts';
      import { systemClock } from '../supervisor/clock.ts';
      process.on('uncaughtException', (error) => {
        console.log('thrown', error.message);
        process.exit(3);
      });
      const answer = () => { throw new Error('a broken assumption'); };
      const { url } = listen({ host: '127.0.0.1', port: 0, clock: systemClock, answer });
      await fetch(url).catch(() => undefined);
    `;
    const child = Bun.spawn([process.execPath, '-'], {
      cwd: import.meta.dir,
      stdin: Buffer.from(program),
      stdout: 'pipe',
      stderr: 'inherit',
    });
    expect(await new Response(child.stdout).text()).toBe('thrown a broken assumption\n');
    expect(await child.exited).toBe(3);
  });
});

describe('a connection is closed', () => {
  test('when it says nothing, or no whole head, and a held one is not', async () => {
    const clock = new FakeClock();
    const { connect, come, exchanges } = serve(clock);
    const silent = await connect();
    const slow = await connect();
    slow.send('GET / HTTP/1.1\r\n');
    const held = await connect();
    held.send(get('/held'));
    await come(1);
    await clock.advance(limits.headMsMax + 2_000);
    await Promise.all([silent.closed, slow.closed]);
    await clock.advance(10 * limits.idleMsMax);
    exchanges[0]?.reply(new Answer(200, {}, 'after all'));
    expect((await held.next())?.body).toBe('after all');
  });

  test('when it is idle for long', async () => {
    const clock = new FakeClock();
    const { connect } = serve(clock);
    const raw = await connect();
    raw.send(get('/1'));
    await raw.next();
    await clock.advance(limits.idleMsMax - 2_000);
    raw.send(get('/2'));
    expect((await raw.next())?.body).toBe('/2');
    await clock.advance(limits.idleMsMax + 2_000);
    await raw.closed;
  });

  test('after its last answer, whether the other end closes or not', async () => {
    const clock = new FakeClock();
    const { connect, listener } = serve(clock);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const parts: Buffer[] = [];
    const stays = await Bun.connect({
      hostname: '127.0.0.1',
      port: listener.port,
      allowHalfOpen: true,
      socket: {
        open: (socket) => void socket.write('nothing\r\n\r\n'),
        data: (_, bytes) => void parts.push(bytes),
        close: () => end(),
        error: () => end(),
      },
    });
    const goes = await connect();
    goes.send('nothing\r\n\r\n');
    expect((await goes.next())?.status).toBe(400);
    await goes.closed;
    while (parts.length === 0) await pause();
    // What still comes is read and dropped, for a moment.
    for (let nr = 0; nr < 100; nr++) stays.write('a'.repeat(1_000));
    await clock.advance(limits.lingerMs + 2_000);
    await ended;
    expect(Buffer.concat(parts).toString()).toEndWith('BAD_REQUEST');
  });

  test('but not for time in which nobody listened', async () => {
    const clock = new FakeClock();
    const { connect } = serve(clock);
    const raw = await connect();
    raw.send(get('/1'));
    await raw.next();
    clock.leap(10 * limits.idleMsMax);
    await clock.advance(1_000);
    raw.send(get('/2'));
    expect((await raw.next())?.body).toBe('/2');
  });
});

describe('stopping', () => {
  test('waits for what is under way, and refuses who comes', async () => {
    const clock = new FakeClock();
    const { listener, connect, come, exchanges } = serve(clock);
    const raw = await connect();
    const idle = await connect();
    raw.send(get('/held'));
    await come(1);
    let isStopped = false;
    const stopped = listener.stop(5_000).then(() => (isStopped = true));
    await clock.advance(4_000);
    expect(isStopped).toBeFalse();
    await openRaw(listener.port).then(
      (late) => late.close(),
      () => undefined,
    );
    exchanges[0]?.reply(new Answer(200, {}, 'in time'));
    expect((await raw.next())?.body).toBe('in time');
    await clock.advance(100);
    await stopped;
    await Promise.all([raw.closed, idle.closed]);
  });

  test('takes no longer than it is given, and a reply after it goes nowhere', async () => {
    const clock = new FakeClock();
    const { listener, connect, come, exchanges } = serve(clock);
    const raw = await connect();
    raw.send(get('/held'));
    await come(1);
    const told: string[] = [];
    const [exchange] = exchanges;
    if (exchange !== undefined) exchange.watcher = { hungUp: () => void told.push('gone') };
    const stopped = listener.stop(5_000);
    await clock.advance(5_000);
    await stopped;
    await raw.closed;
    exchange?.reply(new Answer(200, {}, 'late'));
    expect(await raw.next()).toBeNull();
    expect(told).toEqual(['gone']);
  });

  test('turns away who finds it full, and takes the next when somebody has gone', async () => {
    const { connect } = serve(systemClock, 2);
    const [first, second] = [await connect(), await connect()];
    const third = await connect();
    expect((await third.next())?.body).toBe('BUSY');
    expect(await third.next()).toBeNull();
    for (const [nr, raw] of [first, second].entries()) {
      raw.send(get(`/${nr}`));
      expect((await raw.next())?.body).toBe(`/${nr}`);
    }
    first.send(get('/last', 'Connection: close'));
    expect((await first.next())?.body).toBe('/last');
    await first.closed;
    const fourth = await connect();
    fourth.send(get('/4'));
    expect((await fourth.next())?.body).toBe('/4');
  });

  test('that stops waits until an answer was taken whole', async () => {
    const clock = new FakeClock();
    const { connect, come, exchanges, listener } = serve(clock);
    const raw = await connect();
    raw.send(get('/held'));
    await come(1);
    // More than the network takes at once from who does not read.
    const body = 'x'.repeat(20_000_000);
    exchanges[0]?.reply(new Answer(200, {}, body));
    const stopped = listener.stop(60_000);
    await clock.advance(1_000);
    const answer = raw.next();
    expect((await answer)?.body.length).toBe(body.length);
    await clock.advance(1_000);
    await stopped;
  });

  test('leaves no timer behind, and frees the port', async () => {
    const clock = new FakeClock();
    const { listener } = serve(clock);
    const stopped = listener.stop(5_000);
    await clock.advance(100);
    await stopped;
    expect(clock.pending).toBe(0);
    const answer = (): void => undefined;
    const spec = { host: '127.0.0.1', port: listener.port, clock: systemClock, answer };
    const again = listen({ ...spec, problem: () => new Answer(400, {}) });
    expect(again.port).toBe(listener.port);
    await again.stop(0);
  });
});
