/**
 * Who is at the other end. Usually the connection says it. Behind a reverse proxy the connection is
 * the proxy's, and headers say it; but anybody can send headers, so they are believed only from a
 * proxy that whoever runs the room has named, and only as far as the chain of such proxies reaches.
 */
import { BlockList, isIP } from 'node:net';
import type { Fields } from '../http/request.ts';

export interface Client {
  /** An IP address in its canonical form, or `unknown`. */
  readonly address: string;
  /** Whether the browser's side of the connection is encrypted, as far as we are told. */
  readonly isSecure: boolean;
  /** The host, with its port if it has one, that the browser asked for; empty when untold. */
  readonly host: string;
}

/** What proxies are trusted. `node:net` has it as `BlockList`, named after another use. */
export interface Trust {
  check(address: string, family: 'ipv4' | 'ipv6'): boolean;
}

/** An address with a length of prefix: those that share as many leading bits with it. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Who sent a request. `peer` is the other end of its connection. Garbage is never believed. */
export function clientAddress(peer: string, headers: Fields, trust: Trust): Client {
  const nearest = canonicalAddress(peer);
  const host = headers.get('host') ?? '';
  if (nearest === null) return { address: 'unknown', isSecure: false, host };
  if (!isTrusted(nearest, trust)) return { address: nearest, isSecure: false, host };
  return {
    address: farthest(nearest, headers.get('x-forwarded-for') ?? '', trust),
    isSecure: lastOf(headers.get('x-forwarded-proto')).toLowerCase() === 'https',
    host: hostIn(lastOf(headers.get('x-forwarded-host'))) ?? host,
  };
}

/**
 * What limits are kept by. An IPv6 network gives each of its customers at least a /64, so that is
 * one client; counted by single addresses, one client would be as many as it likes.
 */
export function addressKey(address: string): string {
  const canonical = canonicalAddress(address);
  if (canonical === null) return 'unknown';
  if (!canonical.includes(':')) return canonical;
  // Where `::` leaves groups out, they are zeros.
  const [before = ''] = canonical.split('::');
  const groups = before === '' ? [] : before.split(':');
  while (groups.length < 4) groups.push('0');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** Reads `192.0.2.1`, `10.0.0.0/8` or `fd00::/8`; null when it is none of these. */
export function parseNetwork(text: string): Network | null {
  const [before = '', length, ...rest] = text.split('/');
  const address = canonicalAddress(before);
  if (address === null || rest.length > 0) return null;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  if (length === undefined) return { address, prefix: longest, family };
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : longest + 1;
  return prefix > longest ? null : { address, prefix, family };
}

/** Trusts the proxies with these addresses or in these networks. */
export function trustProxies(networks: readonly string[]): Trust {
  const trusted = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network === null) throw new Error(`"${text}" is no network`);
    trusted.addSubnet(network.address, network.prefix, network.family);
  }
  return trusted;
}

/**
 * The one form of an address in which equal addresses are equal strings; null when it is none. An
 * IPv4 address that came in through an IPv6 socket is an IPv4 address.
 */
export function canonicalAddress(text: string): string | null {
  // The zone of a link-local address is the name of an interface of ours.
  const [address = ''] = text.split('%');
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : null;
  // The standard's own parser of hosts writes IPv6 as RFC 5952 does, all in hexadecimal. Bun's does
  // not know quite every form that `isIP` knows (0::0:0:0:0.0.0.0); such a one is no address to us.
  const canonical = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1);
  if (canonical === undefined) return null;
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return bits.flatMap((pair) => [pair >> 8, pair & 0xff]).join('.');
}

/**
 * Each proxy adds, at the right, the address that it was asked from. So the list is read from the
 * right while it names trusted proxies; the first that is not trusted is the client, and whatever
 * stands to the left of it the client may have made up.
 */
function farthest(nearest: string, forwardedFor: string, trust: Trust): string {
  let client = nearest;
  for (const hop of forwardedFor.split(',').reverse()) {
    const address = canonicalAddress(withoutPort(hop.trim()));
    if (address === null) return client;
    client = address;
    if (!isTrusted(client, trust)) return client;
  }
  return client;
}

function isTrusted(address: string, trust: Trust): boolean {
  return trust.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/** Some proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(hop) ?? [];
  return bracketed ?? plain ?? hop;
}

/** The proxy nearest to us wrote the last value; what stands before it may come from anybody. */
function lastOf(list: string | null): string {
  return (list ?? '').split(',').at(-1)?.trim() ?? '';
}

function hostIn(text: string): string | null {
  const isHost = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(text);
  return isHost ? text.toLowerCase() : null;
}
