/**
 * The rolling hash: each entry continues a SHA-256 over all entries before it. The journal keeps 16
 * bytes of it with every entry; a cursor carries the first 6 of those, enough to tell one history
 * from another (a restored backup grown past old cursors), not meant to withstand a forger.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Epoch, Hash } from '../protocol/entries.ts';

/** What stands in the journal beside an entry: 16 bytes. */
export type Link = Uint8Array;

/** What the hash covers: everything that is recorded of an entry. */
export interface Hashed {
  readonly seq: number;
  readonly at: number;
  readonly key: string;
  /** The entry's body as it stands on disk, JSON. */
  readonly body: string;
}

const linkBytes = 16;
const shownBytes = 6;

/** A fresh identity for a journal: 8 random bytes, so that no two journals ever share one. */
export function newEpoch(random: (count: number) => Uint8Array = randomBytes): Epoch {
  return Buffer.from(random(8)).toString('base64url') as Epoch;
}

/** The link at seq 0. It derives from the epoch, so two empty journals differ already. */
export function firstLink(epoch: Epoch): Link {
  return createHash('sha256').update(`encke:${epoch}`).digest().subarray(0, linkBytes);
}

/** The link after one more entry. */
export function nextLink(previous: Link, { seq, at, key, body }: Hashed): Link {
  // A JSON array ends where its bracket closes, so no key can be mistaken for the start of a body.
  const head = JSON.stringify([seq, at, key]);
  return createHash('sha256')
    .update(previous)
    .update(head)
    .update(body)
    .digest()
    .subarray(0, linkBytes);
}

/** The form in which a link is shown outside: 8 URL-safe characters. */
export function hashOf(link: Link): Hash {
  return Buffer.from(link.subarray(0, shownBytes)).toString('base64url') as Hash;
}
