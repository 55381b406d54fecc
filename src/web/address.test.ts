import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import {
  addressKey,
  canonicalAddress,
  clientAddress,
  parseNetwork,
  trustProxies,
} from './address.ts';

const proxies = trustProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1']);
const nobody = trustProxies([]);

const addressOf = (peer: string, forwardedFor: string, trust = proxies): string =>
  clientAddress(peer, new Headers({ 'x-forwarded-for': forwardedFor }), trust).address;

describe("a client's address", () => {
  test("is the connection's when nobody is trusted, whatever the headers say", () => {
    const headers = new Headers({
      host: 'room.example',
      'x-forwarded-for': '192.0.2.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
    });
    const plain = { address: '127.0.0.1', isSecure: false, host: 'room.example' };
    expect(clientAddress('127.0.0.1', headers, nobody)).toEqual(plain);
    expect(clientAddress('::ffff:127.0.0.1', headers, nobody)).toEqual(plain);
    expect(clientAddress('192.0.2.1', headers, proxies)).toEqual({
      ...plain,
      address: '192.0.2.1',
    });
  });

  test('is the rightmost that no trusted proxy has', () => {
    expect(addressOf('127.0.0.1', '192.0.2.9')).toBe('192.0.2.9');
    expect(addressOf('::1', '192.0.2.9, 10.1.2.3')).toBe('192.0.2.9');
    expect(addressOf('fd12::1', '2001:DB8:0:0::1')).toBe('2001:db8::1');
    expect(addressOf('::ffff:10.0.0.1', '192.0.2.9')).toBe('192.0.2.9');
  });

  test('cannot be made up by the client, who writes at the left', () => {
    expect(addressOf('127.0.0.1', '203.0.113.7, 192.0.2.9')).toBe('192.0.2.9');
    expect(addressOf('127.0.0.1', '127.0.0.1, 10.0.0.1, 192.0.2.9, 10.0.0.2')).toBe('192.0.2.9');
  });

  test('is the last one known when the rest is garbage or missing', () => {
    expect(addressOf('127.0.0.1', '')).toBe('127.0.0.1');
    expect(addressOf('127.0.0.1', 'unknown')).toBe('127.0.0.1');
    expect(addressOf('127.0.0.1', '192.0.2.9, <script>, 10.0.0.2')).toBe('10.0.0.2');
    expect(addressOf('127.0.0.1', '192.0.2.9,,')).toBe('127.0.0.1');
    expect(addressOf('', '192.0.2.9')).toBe('unknown');
    expect(addressOf('127.0.0.1', '10.0.0.1, 10.0.0.2')).toBe('10.0.0.1');
  });

  test('is found where a proxy wrote the port as well', () => {
    expect(addressOf('127.0.0.1', '192.0.2.9:4711')).toBe('192.0.2.9');
    expect(addressOf('127.0.0.1', '[2001:db8::1]:4711')).toBe('2001:db8::1');
    expect(addressOf('127.0.0.1', '[2001:db8::1]')).toBe('2001:db8::1');
  });

  test('comes with the protocol and the host that the proxy tells', () => {
    const told = (headers: Record<string, string>) =>
      clientAddress('10.0.0.1', new Headers({ host: 'inside:8000', ...headers }), proxies);
    expect(told({ 'x-forwarded-proto': 'HTTPS' }).isSecure).toBeTrue();
    expect(told({ 'x-forwarded-proto': 'https, http' }).isSecure).toBeFalse();
    expect(told({}).isSecure).toBeFalse();
    expect(told({}).host).toBe('inside:8000');
    expect(told({ 'x-forwarded-host': 'Room.Example' }).host).toBe('room.example');
    expect(told({ 'x-forwarded-host': 'evil.example, [::1]:8000' }).host).toBe('[::1]:8000');
    expect(told({ 'x-forwarded-host': 'room.example/path' }).host).toBe('inside:8000');
  });

  test('is an address, or unknown, whatever the peer and the header are', () => {
    const piece = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.0.0.1', '::ffff:10.0.0.1', ',', ' ', '[', ']', ':80', '%eth0', '1.2.3'),
      fc.string(),
    );
    const header = fc
      .array(piece, { maxLength: 6 })
      .map((pieces) => pieces.join(',').replace(/[^\x20-\x7e]/g, ''));
    fc.assert(
      fc.property(piece, header, (peer, forwardedFor) => {
        const address = addressOf(peer, forwardedFor);
        if (address === 'unknown') return;
        expect(canonicalAddress(address)).toBe(address);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the canonical form of an address', () => {
  test('is the same for every way to write it', () => {
    for (const text of ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001%eth0']) {
      expect(canonicalAddress(text)).toBe('2001:db8::1');
    }
    for (const text of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201']) {
      expect(canonicalAddress(text)).toBe('192.0.2.1');
    }
  });

  test('does not exist for what is no address', () => {
    for (const text of [
      '',
      'localhost',
      '1.2.3',
      '01.2.3.4',
      '0x7f.1',
      '1.2.3.4.5',
      ':::',
      '[::1]',
    ]) {
      expect(canonicalAddress(text)).toBeNull();
    }
  });
});

describe('the key of limits', () => {
  test('is an IPv4 address, or the /64 of an IPv6 one', () => {
    expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
    expect(addressKey('2001:db8:1::2:3:4:5')).toBe('2001:db8:1:0::/64');
    expect(addressKey('nonsense')).toBe('unknown');
  });

  test('is the same for addresses that share their first 64 bits, and only for those', () => {
    const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const write = (groups: number[]): string => groups.map((group) => group.toString(16)).join(':');
    fc.assert(
      fc.property(half, half, half, half, (net, otherNet, one, other) => {
        fc.pre(net.some((group) => group !== 0) && otherNet.some((group) => group !== 0));
        const key = addressKey(write([...net, ...one]));
        expect(addressKey(write([...net, ...other]))).toBe(key);
        const isSame = addressKey(write([...otherNet, ...other])) === key;
        expect(isSame).toBe(write(net) === write(otherNet));
      }),
    );
  });
});

describe('a network', () => {
  test('is an address, or an address and a length', () => {
    expect(parseNetwork('192.0.2.1')).toEqual({ address: '192.0.2.1', prefix: 32, family: 'ipv4' });
    expect(parseNetwork('10.0.0.0/8')).toEqual({ address: '10.0.0.0', prefix: 8, family: 'ipv4' });
    expect(parseNetwork('FD00::/8')).toEqual({ address: 'fd00::', prefix: 8, family: 'ipv6' });
    expect(parseNetwork('::1')?.prefix).toBe(128);
  });

  test('is refused when it is written in any other way', () => {
    const wrong = [
      '',
      '/8',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
    ];
    for (const text of [...wrong, '10.0/8', '::/129', '::ffff:10.0.0.0/104', 'localhost']) {
      expect(parseNetwork(text)).toBeNull();
    }
    expect(() => trustProxies(['localhost'])).toThrow('"localhost" is no network');
  });
});
