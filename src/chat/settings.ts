/** What whoever runs Encke decides. The table of `cli/options.ts` says how each of it is given. */
import type { LogFormat } from '../supervisor/log.ts';

/** Origins as `URL.origin` writes them, or `*` for those of all sites that there are. */
export type EmbedOrigins = readonly string[] | '*';

/** The settings as they were given. */
export interface GivenSettings {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The folder of the journal and of the secrets. */
  readonly data: string;
  /** What the room is called. */
  readonly title: string;
  readonly topicBy: 'everyone' | 'keepers';
  /** Addresses and networks of proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Whether paces are kept per network address. */
  readonly addressLimits: boolean;
  /** The sites whose pages may embed the room and call it. */
  readonly embedOrigins: EmbedOrigins;
  /** The origin at which browsers see the room; null when it is the one they ask for. */
  readonly publicUrl: string | null;
  /** What everybody needs to come in; null for an open room. */
  readonly passcode: string | null;
  /** What makes a member a keeper; null when it is in the data folder, or to be made there. */
  readonly keeperCode: string | null;
  /** Milliseconds in which a member earns one more action. */
  readonly pace: number;
  readonly membersMax: number;
  readonly heldPollsMax: number;
  /** Megabytes of memory above which the process is restarted. */
  readonly memoryMaxMb: number;
  readonly log: LogFormat;
}

/** The settings as the chat runs with them: the server has read or made the keeper code. */
export interface Settings extends GivenSettings {
  readonly keeperCode: string;
}
