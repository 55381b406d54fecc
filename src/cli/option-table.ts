/**
 * The options of `encke serve`, in one table. Each is a flag, an environment variable and a key of
 * the configuration file, all three made from its name: `memoryMaxMb` is `--memory-max-mb` and
 * `ENCKE_MEMORY_MAX_MB`. The help and the reference are made from the table as well.
 *
 * A secret has no flag for its value, because the command line of a process is there for everybody
 * on the machine to read. It has one for a file to read it from, and so in the other two places.
 */
import type { GivenSettings } from '../chat/settings.ts';
import { limits } from '../protocol/limits.ts';
import {
  choice,
  everyOr,
  folder,
  host,
  integer,
  line,
  list,
  network,
  origin,
  secret,
  toggle,
  type Kind,
} from './kinds.ts';

export type OptionName = keyof GivenSettings;

export interface Option<T> {
  readonly kind: Kind<NonNullable<T>>;
  readonly fallback: T;
  /** What the fallback is, where its value does not say it. */
  readonly fallbackShown?: string;
  readonly help: string;
  readonly isSecret?: true;
}

export const options: { readonly [Name in OptionName]: Option<GivenSettings[Name]> } = {
  host: {
    kind: host(),
    fallback: '127.0.0.1',
    help: 'Where to listen. Only this machine reaches 127.0.0.1; everybody reaches 0.0.0.0 or ::',
  },
  port: {
    kind: integer({ min: 0, max: 65_535 }),
    fallback: 8_000,
    help: 'The port to listen on; 0 takes any that is free',
  },
  data: {
    kind: folder(),
    fallback: './encke-data',
    help: 'Where the journal and the secrets are kept; made when missing',
  },
  title: { kind: line(), fallback: 'Encke', help: 'What the room is called' },
  topicBy: {
    kind: choice(['everyone', 'keepers']),
    fallback: 'everyone',
    help: 'Who may set the topic',
  },
  passcode: {
    kind: secret({ min: 1 }),
    fallback: null,
    fallbackShown: 'none, the room is open',
    help: 'What everybody has to know to come in',
    isSecret: true,
  },
  keeperCode: {
    // Whoever has it can send everybody out, and it may be guessed at ten times a minute.
    kind: secret({ min: 8 }),
    fallback: null,
    fallbackShown: 'made at the first start, in the data folder',
    help: 'What makes a member a keeper, who moderates',
    isSecret: true,
  },
  publicUrl: {
    kind: origin(),
    fallback: null,
    fallbackShown: 'the address that the browser asks for',
    help: 'Where browsers see the room, when that is behind a proxy; https makes cookies Secure',
  },
  embedOrigins: {
    kind: everyOr(list(origin())),
    fallback: [],
    fallbackShown: 'none',
    help: 'Other sites whose pages may show the room in a frame and call it',
  },
  trustedProxies: {
    kind: list(network()),
    fallback: [],
    fallbackShown: 'none',
    help: 'Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed',
  },
  addressLimits: {
    kind: toggle(),
    fallback: true,
    help: 'Limits joins and reads per network address; off behind a proxy that does it itself',
  },
  pace: {
    // Faster than every millisecond is no pace, and in a minute nobody says anything twice.
    kind: integer({ min: 1, max: 60_000 }),
    fallback: limits.paceMs,
    help: 'Milliseconds in which a member earns one more action; less for bots and load tests',
  },
  membersMax: {
    kind: integer({ min: 1, max: 1_000_000 }),
    fallback: limits.membersMax,
    help: 'Members in the room at once',
  },
  heldPollsMax: {
    kind: integer({ min: 1, max: 1_000_000 }),
    fallback: limits.heldPollsMax,
    help: 'Polls held at once; each needs a file descriptor',
  },
  memoryMaxMb: {
    kind: integer({ min: 256, max: 1_048_576 }),
    fallback: 2_048,
    help: 'Megabytes of memory above which the process is started anew',
  },
  log: {
    kind: choice(['text', 'json']),
    fallback: 'text',
    help: 'How the log is written: for a person or for a machine',
  },
};

export const optionNames = Object.keys(options) as readonly OptionName[];

/** The file that configures the rest. It has a flag and a variable, and no key, of course. */
export const configFile = {
  flag: '--config',
  variable: 'ENCKE_CONFIG',
  fallback: 'encke.json',
  help: 'A file with options as JSON; without it encke.json in the working folder, if there is one',
} as const;

/** One way to give an option. `isFile`: not the value, but a file to read it from. */
export interface Spelling {
  readonly option: OptionName;
  readonly isFile: boolean;
}

/** How options are given on the command line: the one place where a secret must not stand. */
export const flags = spell((name) => `--${parted(name, '-')}`, { withSecrets: false });
/** How they are given in the environment. */
export const variables = spell((name) => `ENCKE_${parted(name, '_').toUpperCase()}`);
/** How they are given in the configuration file. */
export const keys = spell((name) => name);

/** The ways to give an option in one of the three places: its own, and for a secret its file's. */
export function spellingsOf(place: ReadonlyMap<string, Spelling>, option: OptionName): string[] {
  return [...place].filter(([, spelling]) => spelling.option === option).map(([name]) => name);
}

/** What an option is when nobody gives it, in words. */
export function fallbackOf({ kind, fallback, fallbackShown }: Option<unknown>): string {
  if (fallbackShown !== undefined) return fallbackShown;
  return fallback === null || fallback === undefined ? 'none' : kind.write(fallback);
}

function spell(
  write: (name: string) => string,
  { withSecrets } = { withSecrets: true },
): ReadonlyMap<string, Spelling> {
  const spellings = new Map<string, Spelling>();
  for (const option of optionNames) {
    const isSecret = options[option].isSecret === true;
    if (!isSecret || withSecrets) spellings.set(write(option), { option, isFile: false });
    if (isSecret) spellings.set(write(`${option}File`), { option, isFile: true });
  }
  return spellings;
}

/** `memoryMaxMb` with `-` is `memory-max-mb`. */
function parted(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (capital) => `${separator}${capital.toLowerCase()}`);
}
