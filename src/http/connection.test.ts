import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { limits } from '../protocol/limits.ts';
import { Answer } from './answer.ts';
import type { Connection } from './connection.ts';
import { answersIn, echo, FakeHost } from './testing/fake-host.ts';
import type { FakeSocket } from './testing/fake-socket.ts';

const get = (target: string, ...lines: readonly string[]): string =>
  ['GET ', target, ' HTTP/1.1\r\nHost: a\r\n', ...lines.map((line) => `${line}\r\n`), '\r\n'].join(
    '',
  );
const post = (target: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunks = (target: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n` +
  `1\r\n${body[0]}\r\n${(body.length - 1).toString(16)};x\r\n${body.slice(1)}\r\n0\r\nX: y\r\n\r\n`;

interface Opened {
  readonly host: FakeHost;
  readonly connection: Connection;
  readonly socket: FakeSocket;
  /** Bytes come in. */
  readonly take: (text: string) => void;
}

/** A connection whose requests wait for their answer, unless `answers` says otherwise. */
function open({ answers = null }: { answers?: FakeHost['answers'] } = {}): Opened {
  const host = new FakeHost();
  host.answers = answers;
  const { connection, socket } = host.connect();
  return { host, connection, socket, take: (text) => connection.took(Buffer.from(text, 'latin1')) };
}

function bodiesIn(sent: string): string[] {
  return answersIn(sent).map(({ body }) => body);
}

const hello = new Answer(200, {}, 'hello');

describe('requests', () => {
  const stream = [
    get('/1'),
    post('/2', 'GET /not HTTP/1.1\r\nHost: a\r\n\r\n'),
    get('/3', 'Cookie: a=b'),
    chunks('/4', 'some\r\n0\r\n\r\nbody'),
    post('/5', ''),
    get('/6', 'Cookie: a=b'),
    'HEAD /7 HTTP/1.1\r\nHost: a\r\n\r\n',
    get('/8', 'Connection: close'),
  ].join('');
  const answered = ({ method, target, body }: Parameters<typeof echo>[0]): Answer =>
    method === 'HEAD' ? new Answer(204, {}) : echo({ method, target, body } as never);

  test('are the same wherever their bytes are split', () => {
    const read = (parts: readonly string[]): unknown[] => {
      const { host, socket, take } = open({ answers: answered });
      for (const part of parts) take(part);
      expect(host.underWay).toBe(0);
      return [host.asked, socket.sent(), socket.done];
    };
    const whole = read([stream]);
    expect(whole[0]).toHaveLength(8);
    expect(whole[2]).toEqual(['shutdown']);
    for (let at = 1; at < stream.length; at++) {
      expect(read([stream.slice(0, at), stream.slice(at)])).toEqual(whole);
    }
    expect(read(stream.split(''))).toEqual(whole);
  });

  test('and answers are the same, however bytes come and go and whenever answers are given', () => {
    const whole = open({ answers: answered });
    whole.take(stream);
    const expected = [whole.host.asked, whole.socket.sent()];
    const step = fc.oneof(
      fc.record({ come: fc.integer({ min: 1, max: 120 }) }),
      fc.record({ room: fc.integer({ min: 1, max: 90 }) }),
      fc.record({ begin: fc.integer({ min: 1, max: 2 }) }),
      fc.constant('answer' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { host, connection, socket, take } = open();
        socket.room = 0;
        host.left = 0;
        let rest = stream;
        let answers = 0;
        let sent = '';
        const answer = (): void => {
          const request = host.requests[answers];
          if (request !== undefined) host.exchanges[answers++]?.reply(answered(request));
        };
        for (const one of steps) {
          if (one === 'answer') answer();
          else if ('come' in one) {
            take(rest.slice(0, one.come));
            rest = rest.slice(one.come);
          } else if ('begin' in one) host.turn(one.begin);
          else {
            socket.room += one.room;
            connection.drained();
          }
          sent += socket.sent();
          // One at a time: behind a request that waits none is begun.
          expect(host.asked.length - answers).toBeLessThanOrEqual(1);
        }
        socket.room = Number.POSITIVE_INFINITY;
        take(rest);
        connection.drained();
        host.turn(Number.POSITIVE_INFINITY);
        for (let nr = 0; nr < 8; nr++) answer();
        sent += socket.sent();
        expect([host.asked, sent]).toEqual(expected);
        expect(host.underWay).toBe(0);
        expect(socket.done.filter((word) => word === 'shutdown')).toEqual(['shutdown']);
      }),
      { numRuns: 300 },
    );
  });

  test('of one connection share their fields while these are the same, and no longer', () => {
    const { host, take } = open({ answers: echo });
    for (const cookie of ['a', 'a', 'b', 'b', 'a']) take(get('/', `Cookie: ${cookie}`));
    expect(host.requests.map(({ fields }) => fields.get('cookie'))).toEqual([
      'a',
      'a',
      'b',
      'b',
      'a',
    ]);
    const [first, second, third] = host.requests;
    expect(first?.fields === second?.fields).toBeTrue();
    expect(second?.fields === third?.fields).toBeFalse();
  });

  test('of two connections share nothing', () => {
    const host = new FakeHost();
    const one = host.connect();
    const other = host.connect();
    for (const { connection } of [one, other]) connection.took(Buffer.from(get('/')));
    expect(host.requests[0]?.fields === host.requests[1]?.fields).toBeFalse();
    host.exchanges[1]?.reply(hello);
    expect(one.socket.sent()).toBe('');
    expect(bodiesIn(other.socket.sent())).toEqual(['hello']);
  });
});

describe('who was just told', () => {
  const watcher = { hungUp: (): void => undefined };
  const told = (): Opened => {
    const opened = open();
    opened.take(get('/held'));
    const [exchange] = opened.host.exchanges;
    if (exchange === undefined) throw new Error('Nothing was begun');
    exchange.watcher = watcher;
    exchange.reply(hello);
    opened.host.isTelling = true;
    return opened;
  };

  test('waits with what they ask next until the others are told, and is heard then', () => {
    const { host, take } = told();
    take(get('/next').slice(0, 20));
    take(get('/next').slice(20));
    expect(host.asked).toHaveLength(1);
    host.isTelling = false;
    host.turn(10);
    expect(host.asked.map(({ target }) => target)).toEqual(['/held', '/next']);
  });

  test('says something without a wait', () => {
    const { host, take } = told();
    take(post('/say', 'hello'));
    expect(host.asked.map(({ target }) => target)).toEqual(['/held', '/say']);
  });

  test('may be gone when the others are told', () => {
    const { host, connection, take } = told();
    take(get('/next'));
    connection.closed();
    host.turn(10);
    expect(host.asked).toHaveLength(1);
  });
});

describe('pipelining:', () => {
  test('a request waits behind the one before it, however long that one is held', () => {
    const { host, socket, take } = open();
    take(get('/1') + get('/2') + get('/3'));
    expect(host.asked.map(({ target }) => target)).toEqual(['/1']);
    take(get('/4'));
    expect(host.asked).toHaveLength(1);
    for (let nr = 0; nr < 4; nr++) host.exchanges[nr]?.reply(new Answer(200, {}, `${nr + 1}`));
    expect(bodiesIn(socket.sent())).toEqual(['1', '2', '3', '4']);
  });

  test('what waits is bounded: reading stops, and goes on when there is room', () => {
    const { host, connection, socket, take } = open();
    take(get('/held'));
    take('a'.repeat(limits.pipelinedBytesMax - 1));
    expect(socket.isPaused).toBeFalse();
    take('a');
    expect(socket.isPaused).toBeTrue();
    connection.closed();
    expect(host.underWay).toBe(0);
  });

  test('a paused connection is resumed once, when what it kept is taken up', () => {
    const { host, socket, take } = open();
    const many = get('/').repeat(Math.ceil(limits.pipelinedBytesMax / get('/').length));
    take(get('/held') + many);
    expect(socket.done).toEqual(['pause']);
    host.answers = echo;
    host.exchanges[0]?.reply(hello);
    expect(socket.done).toEqual(['pause', 'resume']);
    take(get('/last'));
    expect(host.asked.at(-1)?.target).toBe('/last');
  });

  test('who floods in one piece is paused at once', () => {
    const { socket, take } = open();
    take(get('/held') + 'a'.repeat(limits.pipelinedBytesMax));
    expect(socket.isPaused).toBeTrue();
  });

  test('who waits for a turn is paused as well', () => {
    const { host, socket, take } = open({ answers: echo });
    host.left = 1;
    take(get('/').repeat(10_000));
    expect(host.asked).toHaveLength(1);
    expect(socket.isPaused).toBeTrue();
    host.turn(9_998);
    expect(socket.isPaused).toBeFalse();
    expect(host.asked).toHaveLength(9_999);
    host.turn(1);
    expect(bodiesIn(socket.sent())).toHaveLength(10_000);
  });

  test('who does not read answers is not read from either', () => {
    const { host, connection, socket, take } = open({ answers: echo });
    socket.room = 10;
    take(get('/1') + get('/2'));
    take('a'.repeat(limits.pipelinedBytesMax));
    expect(host.asked).toHaveLength(1);
    expect(socket.isPaused).toBeTrue();
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    expect(host.asked).toHaveLength(2);
  });

  test('a small rest of many bytes does not keep all of them', () => {
    const kept: WeakRef<ArrayBufferLike>[] = [];
    const connections = Array.from({ length: 50 }, () => {
      const { connection } = open();
      const bytes = Buffer.alloc(100_000, get('/held').padEnd(50_000, 'a'));
      kept.push(new WeakRef(bytes.buffer));
      connection.took(bytes.subarray(0, get('/held').length + 100));
      return connection;
    });
    Bun.gc(true);
    // What the collector takes for a reference, on the stack, may keep a few.
    expect(kept.filter((buffer) => buffer.deref() !== undefined).length).toBeLessThan(10);
    expect(connections).toHaveLength(50);
  });

  test('after the last answer nothing is begun any more', () => {
    const { host, socket, take } = open({ answers: echo });
    take(get('/1', 'Connection: close') + get('/2'));
    take(get('/3'));
    expect(host.asked).toHaveLength(1);
    expect(bodiesIn(socket.sent())).toEqual(['GET /1 ']);
    expect(socket.done).toEqual(['shutdown']);
  });

  test('a paused connection is read again after its last answer, to hear of its end', () => {
    const { host, socket, take } = open();
    take(get('/1', 'Connection: close') + 'a'.repeat(limits.pipelinedBytesMax));
    expect(socket.isPaused).toBeTrue();
    host.exchanges[0]?.reply(hello);
    expect(socket.done).toEqual(['pause', 'resume', 'shutdown']);
  });
});

describe('an answer', () => {
  test('that the network takes in parts arrives whole', () => {
    const { connection, socket, take } = open({ answers: echo });
    socket.room = 0;
    take(get('/1') + get('/2'));
    let sent = '';
    for (let nr = 0; nr < 1_000 && answersOrNone(sent) < 2; nr++) {
      socket.room = 7;
      connection.drained();
      sent += socket.sent();
    }
    expect(bodiesIn(sent)).toEqual(['GET /1 ', 'GET /2 ']);
  });

  test('that is the last ends the connection only when all of it is taken', () => {
    const { connection, socket, take } = open({ answers: echo });
    socket.room = 20;
    take(get('/', 'Connection: close'));
    expect(socket.done).toEqual([]);
    connection.drained();
    expect(socket.done).toEqual([]);
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    connection.drained();
    expect(socket.done).toEqual(['shutdown']);
    expect(bodiesIn(socket.sent())).toEqual(['GET / ']);
  });

  test('is given once', () => {
    const { host, socket, take } = open();
    take(get('/1'));
    host.exchanges[0]?.reply(hello);
    host.exchanges[0]?.reply(new Answer(200, {}, 'again'));
    expect(bodiesIn(socket.sent())).toEqual(['hello']);
    expect(host.underWay).toBe(0);
  });

  test('that comes late is not taken for that of the request behind it', () => {
    const { host, socket, take } = open();
    take(get('/1') + get('/2'));
    host.exchanges[0]?.reply(new Answer(200, {}, '1'));
    host.exchanges[0]?.reply(new Answer(200, {}, 'late'));
    expect(bodiesIn(socket.sent())).toEqual(['1']);
    host.exchanges[1]?.reply(new Answer(200, {}, '2'));
    expect(bodiesIn(socket.sent())).toEqual(['2']);
  });

  test('for a connection that is gone is written nowhere', () => {
    const { host, connection, socket, take } = open();
    take(get('/1'));
    connection.closed();
    host.exchanges[0]?.reply(hello);
    expect(socket.writes).toBe(0);
  });

  test('of whose connection the network says that it is gone is dropped', () => {
    const { host, connection, socket, take } = open();
    take(get('/1'));
    socket.room = -1;
    host.exchanges[0]?.reply(hello);
    connection.drained();
    connection.closed();
    expect([socket.writes, host.underWay, socket.done]).toEqual([1, 0, []]);
  });

  test('to a HEAD has no body, and the next one has its own', () => {
    const { socket, take } = open({ answers: () => hello });
    take(`HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${get('/')}`);
    const sent = socket.sent();
    expect(sent.match(/Content-Length: 5/g)).toHaveLength(2);
    expect(sent.match(/hello/g)).toHaveLength(1);
    expect(sent).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  test('to HTTP/1.0 ends the connection', () => {
    const { socket, take } = open({ answers: echo });
    take('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect(answersIn(socket.sent())[0]?.head).toContain('\r\nConnection: close\r\n');
    expect(socket.done).toEqual(['shutdown']);
  });

  test('may close its connection while it is written', () => {
    const { host, connection, socket, take } = open({ answers: echo });
    const write = socket.write.bind(socket);
    socket.write = (bytes) => {
      write(bytes);
      connection.closed();
      return -1;
    };
    take(get('/1') + get('/2'));
    expect([host.asked.length, host.underWay]).toEqual([1, 0]);
  });
});

describe('whoever waits', () => {
  const watch = (told: string[], name: string) => ({ hungUp: () => void told.push(name) });

  test('is told once that the connection is gone', () => {
    const { host, connection, take } = open();
    const told: string[] = [];
    take(get('/1') + get('/2'));
    const [exchange] = host.exchanges;
    if (exchange !== undefined) exchange.watcher = watch(told, 'first');
    connection.closed();
    connection.closed();
    expect(told).toEqual(['first']);
    expect([host.underWay, host.asked.length]).toEqual([0, 1]);
  });

  test('is not told when the answer was given, but the next one is', () => {
    const { host, connection, take } = open();
    const told: string[] = [];
    take(get('/1') + get('/2'));
    const [first] = host.exchanges;
    if (first !== undefined) first.watcher = watch(told, 'first');
    first?.reply(hello);
    const [, second] = host.exchanges;
    if (second !== undefined) second.watcher = watch(told, 'second');
    connection.closed();
    expect(told).toEqual(['second']);
  });

  test('may answer when told, and nothing comes of it', () => {
    const { host, connection, socket, take } = open();
    take(get('/1'));
    const [exchange] = host.exchanges;
    if (exchange !== undefined) exchange.watcher = { hungUp: () => exchange.reply(hello) };
    connection.closed();
    expect([socket.writes, host.underWay]).toEqual([0, 0]);
  });

  test('hears the address of the other end, also when it is gone by then', () => {
    const { host, connection, socket, take } = open();
    take(get('/1'));
    expect(host.exchanges[0]?.peer).toBe('192.0.2.1');
    connection.closed();
    expect(host.exchanges[0]?.peer).toBe('192.0.2.1');
    const other = open();
    other.take(get('/1'));
    other.connection.closed();
    Object.defineProperty(other.socket, 'remoteAddress', { get: () => undefined });
    expect(other.host.exchanges[0]?.peer).toBe('');
    expect(socket.done).toEqual([]);
  });
});

describe('a client that expects to be told to go on', () => {
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';

  test('is told before the body, and answered after it', () => {
    const { socket, take } = open({ answers: echo });
    take(head);
    expect(socket.sent()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    take('bo');
    take('dy');
    expect(bodiesIn(socket.sent())).toEqual(['POST / body']);
  });

  test('is not told when the body is there already', () => {
    const { socket, take } = open({ answers: echo });
    take(`${head}b`);
    take('ody');
    expect(bodiesIn(socket.sent())).toEqual(['POST / body']);
  });

  test('is told wholly before it is answered, also when the network is slow', () => {
    const { connection, socket, take } = open({ answers: echo });
    socket.room = 5;
    take(head);
    take('body');
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    const [first, second] = answersIn(socket.sent());
    expect([first?.status, second?.body]).toEqual([100, 'POST / body']);
  });

  test('is not told when its body is refused', () => {
    const { socket, take } = open();
    take(head.replace('4', String(limits.bodyBytesMax + 1)));
    expect(answersIn(socket.sent()).map(({ status }) => status)).toEqual([413]);
  });

  test('is not told where it speaks HTTP/1.0', () => {
    const { socket, take } = open({ answers: echo });
    take(head.replace('1.1', '1.0'));
    expect(socket.sent()).toBe('');
    take('body');
    expect(bodiesIn(socket.sent())).toEqual(['POST / body']);
  });
});

describe('what is no request is refused, and is the end:', () => {
  const body = 'POST / HTTP/1.1\r\nHost: a\r\n';
  const long = 'a'.repeat(limits.headBytesMax);
  const cases: readonly (readonly [string, string, string])[] = [
    ['a head that cannot be read', 'nothing\r\n\r\n', 'BAD_REQUEST'],
    ['an empty line before it', `\r\n${get('/')}`, 'BAD_REQUEST'],
    ['a control character, before the head is whole', 'GET /\0', 'BAD_REQUEST'],
    ['a line that ends with LF, before the head is whole', 'GET / HTTP/1.1\n', 'BAD_REQUEST'],
    ['a CR alone, before the head is whole', 'GET / HTTP/1.1\rH', 'BAD_REQUEST'],
    ['a head without a host', 'GET / HTTP/1.1\r\n\r\n', 'BAD_REQUEST'],
    ['a head that is too long', `GET / HTTP/1.1\r\nX-A: ${long}`, 'TOO_LARGE'],
    [
      'a body of two lengths',
      `${body}Content-Length: 1\r\nContent-Length: 1\r\n\r\n`,
      'BAD_REQUEST',
    ],
    [
      'a body that is too long',
      `${body}Content-Length: ${limits.bodyBytesMax + 1}\r\n\r\n`,
      'TOO_LARGE',
    ],
    ['a chunk without a size', `${body}Transfer-Encoding: chunked\r\n\r\nx\r\n`, 'BAD_REQUEST'],
    [
      'chunks that are too long',
      `${body}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n`,
      'TOO_LARGE',
    ],
  ];

  test.each([...cases])('%s', (_, bytes, code) => {
    for (const parts of [[bytes], bytes.split('')]) {
      const { host, connection, socket, take } = open({ answers: echo });
      take(get('/before'));
      expect(bodiesIn(socket.sent())).toEqual(['GET /before ']);
      for (const part of parts) take(part);
      // At once: what it says of itself is clear, and what follows may never come.
      expect(socket.done).toEqual(['shutdown']);
      take(get('/behind'));
      const [answer, ...more] = answersIn(socket.sent());
      expect([answer?.body, more.length]).toEqual([code, 0]);
      expect(answer?.head).toContain('\r\nConnection: close\r\n');
      expect([socket.done, host.asked.length, host.underWay]).toEqual([['shutdown'], 1, 0]);
      expect(connection.deadlineMs).toBe(host.nowMs + limits.lingerMs);
    }
  });

  test('with an answer that is written whole, however slowly', () => {
    const { host, connection, socket, take } = open();
    socket.room = 3;
    take(`nothing\r\n\r\n${get('/')}`);
    let sent = socket.sent();
    while (!socket.done.includes('shutdown')) {
      socket.room = 3;
      connection.drained();
      sent += socket.sent();
    }
    expect(bodiesIn(sent)).toEqual(['BAD_REQUEST']);
    expect(host.asked).toEqual([]);
  });

  test('and waits for the answer of the one before it', () => {
    const { host, socket, take } = open();
    take(`${get('/held')}nothing\r\n\r\n`);
    expect(socket.sent()).toBe('');
    host.exchanges[0]?.reply(hello);
    expect(bodiesIn(socket.sent())).toEqual(['hello', 'BAD_REQUEST']);
  });

  test('a head that has no room any more for its end', () => {
    const { socket, take } = open();
    const bytes = `GET / HTTP/1.1\r\nX-A: ${long}`.slice(0, limits.headBytesMax);
    take(bytes.slice(0, -1));
    expect(socket.done).toEqual([]);
    take(bytes.slice(-1));
    expect(bodiesIn(socket.sent())).toEqual(['TOO_LARGE']);
  });

  test('a head of the greatest length is none of it', () => {
    const { host, take } = open({ answers: echo });
    const rest = 'GET / HTTP/1.1\r\nHost: a\r\nX-A: \r\n\r\n'.length;
    take(get('/', `X-A: ${'a'.repeat(limits.headBytesMax - rest)}`));
    expect(host.asked).toHaveLength(1);
  });
});

describe('deadlines:', () => {
  test('a new connection is given time for a head, and no more for each byte of it', () => {
    const { host, connection, take } = open();
    const end = host.nowMs + limits.headMsMax;
    expect(connection.deadlineMs).toBe(end);
    for (const byte of get('/').slice(0, -1)) {
      host.nowMs += 100;
      take(byte);
      expect(connection.deadlineMs).toBe(end);
    }
  });

  test('a body is given its time from the head on, and no more for each byte of it', () => {
    const { host, connection, take } = open();
    host.nowMs += 500;
    take(post('/', 'body').slice(0, -4));
    const end = host.nowMs + limits.bodyMsMax;
    for (const byte of 'bod') {
      host.nowMs += 100;
      take(byte);
      expect(connection.deadlineMs).toBe(end);
    }
  });

  test('a request that waits has none', () => {
    const { connection, take } = open();
    take(post('/', 'body'));
    expect(connection.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('between requests it may be silent, but a head that is begun is to be ended', () => {
    const { host, connection, take } = open({ answers: echo });
    take(get('/'));
    expect(connection.deadlineMs).toBe(host.nowMs + limits.idleMsMax);
    host.nowMs += 5_000;
    take('G');
    expect(connection.deadlineMs).toBe(host.nowMs + limits.headMsMax);
    host.nowMs += 5_000;
    take('E');
    expect(connection.deadlineMs).toBe(host.nowMs - 5_000 + limits.headMsMax);
  });

  test('a byte shortly before its time was over is no reason to wait longer', () => {
    const { host, connection, take } = open({ answers: echo });
    take(get('/'));
    const end = connection.deadlineMs;
    host.nowMs = end - 1;
    take('G');
    expect(connection.deadlineMs).toBe(end);
  });

  test('who does not read is given up, also on the last answer', () => {
    for (const lines of [[], ['Connection: close']]) {
      const { host, connection, socket, take } = open({ answers: echo });
      socket.room = 1;
      take(get('/', ...lines));
      expect(connection.deadlineMs).toBe(host.nowMs + limits.idleMsMax);
      host.nowMs += 10_000;
      connection.drained();
      socket.room = 1;
      connection.drained();
      expect(connection.deadlineMs).toBe(host.nowMs + limits.idleMsMax);
    }
  });

  test('after the last answer the other end is waited for a moment, whatever it sends', () => {
    const { host, connection, take } = open({ answers: echo });
    take(get('/', 'Connection: close'));
    const end = host.nowMs + limits.lingerMs;
    host.nowMs += 1_000;
    take(get('/'));
    expect(connection.deadlineMs).toBe(end);
  });

  test('when it is over, the connection is ended', () => {
    const { connection, socket } = open();
    connection.expire();
    expect(socket.done).toEqual(['terminate']);
  });
});

/** How many whole answers were sent. */
function answersOrNone(sent: string): number {
  try {
    return answersIn(sent).length;
  } catch {
    return 0;
  }
}
