/** What the torture run and its crowds say to each other, as JSON between processes. */
import type { HistoryRecord } from '../checker/record.ts';

export type ToCrowd =
  | ({ readonly do: 'begin' } & CrowdOrder)
  /** Nobody says anything, comes or goes; who sleeps wakes up. */
  | { readonly do: 'calm' }
  | { readonly do: 'go' }
  /** Who follows the room? */
  | { readonly do: 'tell' }
  /** Everybody writes down what is on their screen. */
  | { readonly do: 'show' }
  | { readonly do: 'end' };

export interface CrowdOrder {
  readonly url: string;
  /** What the names in it begin with. */
  readonly name: string;
  readonly seed: number;
  /** Clients of the library, and bare ones with old cursors. */
  readonly guests: number;
  readonly readers: number;
  /** Messages a second, by all of them together. */
  readonly rate: number;
  /** What makes one of them a keeper, who mutes others for a while. */
  readonly keeperCode: string;
}

export type FromCrowd =
  | { readonly kind: 'records'; readonly records: readonly HistoryRecord[] }
  | { readonly kind: 'told'; readonly following: readonly Following[]; readonly ends: Ends }
  | { readonly kind: 'shown' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'broken'; readonly reason: string };

/** A client that follows the room. */
export interface Following {
  readonly who: string;
  /** It is not reading anything at this moment that it was told of. */
  readonly isAtRest: boolean;
}

/** Clients that stopped following without having been asked to, by how. */
export type Ends = Readonly<Record<string, number>>;
