/** A scenario: one question to a server, and how the answers of several are laid side by side. */
import type { Programs } from './programs.ts';

export const peerNames = ['encke', 'nchan', 'socket-io', 'faye', 'floor'] as const;
export type PeerName = (typeof peerNames)[number];

export type Figures = Readonly<Record<string, number>>;

/** One measured case, such as a number of members. */
export interface Case {
  readonly name: string;
  readonly figures: Figures;
  /** Why it counts as failed, however fast it was; null when everybody got what was theirs. */
  readonly failed: string | null;
}

/** A figure as the tables show it. */
export interface Column {
  readonly figure: string;
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a reader learns from it, and how it is measured. Sentences, in Markdown. */
  readonly shows: string;
  readonly peers: readonly PeerName[];
  /** Where a whole run has more rounds, this one has as many. */
  readonly roundsMax?: number;
  readonly columns: readonly Column[];
  /** One round of one server, each case as it is measured. What it throws fails the round. */
  measure(peer: PeerName, bench: Bench, round: number): AsyncGenerator<Case, void>;
}

/** What the scenarios of a run share. */
export interface Bench {
  readonly programs: Programs;
  readonly isQuick: boolean;
  /**
   * How long Encke's reply with one message was when it was last measured: the peers that do not
   * write replies of their own send as many bytes.
   */
  reply: { readonly headBytes: number; readonly bodyBytes: number };
}

/** One round's case of one server, as it is kept. */
export interface Sample extends Case {
  readonly scenario: string;
  readonly peer: PeerName;
  readonly round: number;
}
