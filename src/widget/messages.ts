/**
 * What a page of another site and the room in its frame tell each other, by `postMessage`. Neither
 * trusts the other: each side looks at who sends and from which origin, reads what comes as one of
 * these shapes, and passes over whatever is none. The page learns that somebody spoke and who, and
 * never what was said; the room learns how the page would like it to look, and nothing makes it
 * act in the visitor's name.
 */

/** How the page would like the room to be; empty where it does not say. */
export interface Wishes {
  readonly theme: string;
  /** A colour as CSS writes it. */
  readonly accent: string;
  readonly lang: string;
  /** What the visitor might like to be called. They may choose another. */
  readonly nick: string;
}

export const wishNames = ['theme', 'accent', 'lang', 'nick'] as const;

/** Longer than any value that means something, and little enough to look at. */
const wishLengthMax = 100;

export type FromPage = { readonly encke: 'wishes' } & Wishes;

export type FromRoom =
  /** The frame runs. It carries nothing, for it goes to whatever page there is. */
  | { readonly encke: 'hello' }
  /** The room is shown, or says why it cannot be. */
  | { readonly encke: 'ready' }
  /** The visitor is in the room, under this nick. Told again when they change it. */
  | { readonly encke: 'joined'; readonly nick: string }
  | { readonly encke: 'left' }
  /** Somebody said something. `at` in milliseconds since 1970. */
  | {
      readonly encke: 'message';
      readonly seq: number;
      readonly at: number;
      readonly nick: string;
      readonly isOwn: boolean;
    }
  /** Messages of others that the visitor has not had before their eyes. */
  | { readonly encke: 'unread'; readonly unread: number };

/** Reads what a page told; null when it is none of ours. */
export function readWishes(data: unknown): Wishes | null {
  if (!isObject(data) || data['encke'] !== 'wishes') return null;
  const [theme, accent, lang, nick] = wishNames.map((name) => {
    const wish = data[name];
    return typeof wish === 'string' && wish.length <= wishLengthMax ? wish : '';
  });
  return { theme: theme ?? '', accent: accent ?? '', lang: lang ?? '', nick: nick ?? '' };
}

/** Reads what the room told; null when it is none of ours. Takes over what it knows alone. */
export function readFromRoom(data: unknown): FromRoom | null {
  if (!isObject(data)) return null;
  const { encke, nick, seq, at, isOwn, unread } = data;
  if (encke === 'hello' || encke === 'ready' || encke === 'left') return { encke };
  if (encke === 'unread' && isCount(unread)) return { encke, unread };
  if (typeof nick !== 'string') return null;
  if (encke === 'joined') return { encke, nick };
  if (encke !== 'message' || !isCount(seq) || !isCount(at)) return null;
  return { encke, seq, at, nick, isOwn: isOwn === true };
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
