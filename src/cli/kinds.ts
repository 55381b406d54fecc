/**
 * The kinds of values that options have. A kind reads a value as a flag or an environment variable
 * gives it, which is text, and as a configuration file gives it, which is JSON. What it does not
 * accept reads as undefined, and `wanted` completes the sentence "Give ...".
 */
import { cleanTopic } from '../chat/text.ts';
import { parseNetwork } from '../web/address.ts';

export interface Kind<T> {
  /** Stands for the value in the help. */
  readonly placeholder: string;
  /** What is accepted, to complete "give". */
  readonly wanted: string;
  readText(text: string): T | undefined;
  readJson(value: unknown): T | undefined;
  /** A value as it is written on a command line; for the help. */
  write(value: T): string;
}

/** A whole number with bounds. In a configuration file it has no quotes. */
export function integer({ min, max }: { min: number; max: number }): Kind<number> {
  const within = (value: number): number | undefined =>
    Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
  return {
    placeholder: 'NUMBER',
    wanted: `a whole number from ${min} to ${max}`,
    readText: (text) => (/^\d{1,15}$/.test(text) ? within(Number(text)) : undefined),
    readJson: (value) => (typeof value === 'number' ? within(value) : undefined),
    write: (value) => String(value),
  };
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Kind<Word> {
  return text({
    placeholder: words.join('|'),
    wanted: words.join(' or '),
    read: (given) => words.find((word) => word === given),
  });
}

/** On or off. In a configuration file also true or false. */
export function toggle(): Kind<boolean> {
  const read = (given: string): boolean | undefined =>
    given === 'on' ? true : given === 'off' ? false : undefined;
  return {
    placeholder: 'on|off',
    wanted: 'on or off',
    readText: read,
    readJson: (value) => {
      if (typeof value === 'boolean') return value;
      return typeof value === 'string' ? read(value) : undefined;
    },
    write: (value) => (value ? 'on' : 'off'),
  };
}

/** Something to show: one line, within the bounds of a topic. */
export function line(): Kind<string> {
  return text({
    placeholder: 'TEXT',
    wanted: 'one line of text',
    read: (given) => {
      const clean = cleanTopic(given);
      return clean.ok && clean.topic !== '' ? clean.topic : undefined;
    },
  });
}

/** A folder, which need not exist. */
export function folder(): Kind<string> {
  return text({
    placeholder: 'FOLDER',
    wanted: 'the path of a folder',
    read: (given) => (/^[^\0]{1,4096}$/.test(given) ? given : undefined),
  });
}

/** A name or an address to listen on. */
export function host(): Kind<string> {
  return text({
    placeholder: 'HOST',
    wanted: 'an address or a name of this machine, such as 127.0.0.1, 0.0.0.0 or ::',
    read: (given) => (/^[a-z0-9:][a-z0-9.:_%-]{0,252}$/i.test(given) ? given : undefined),
  });
}

/** Scheme, host and port of a site, as browsers write it. */
export function origin(): Kind<string> {
  return text({
    placeholder: 'URL',
    wanted: 'a scheme, a host and no path, such as https://room.example',
    read: (given) => {
      const url = URL.parse(given);
      if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
      // Whatever else stands there (a path, a user's name, a needless port) would be dropped
      // without a word, so the text has to be the origin already.
      if (given.toLowerCase().replace(/\/$/, '') !== url.origin) return undefined;
      // A URL takes hosts with a semicolon in them, which would end a directive of our policy.
      return /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$/.test(url.origin)
        ? url.origin
        : undefined;
    },
  });
}

/** An address, or a network with its length of prefix. */
export function network(): Kind<string> {
  return text({
    placeholder: 'NETWORK',
    wanted: 'an address or a network, such as 10.0.0.1 or 10.0.0.0/8',
    read: (given) => (parseNetwork(given) === null ? undefined : given),
  });
}

/** A secret that people type. It is never shown, not even when it is refused. */
export function secret({ min }: { min: number }): Kind<string> {
  return text({
    placeholder: 'FILE',
    wanted: `${min} to ${secretMax} characters on one line`,
    read: (given) =>
      given.length >= min && given.length <= secretMax && !/\p{C}/u.test(given) ? given : undefined,
  });
}

/** Several of a kind: with commas between them, in a configuration file as an array. */
export function list<T>(item: Kind<T>): Kind<readonly T[]> {
  return {
    placeholder: 'LIST',
    wanted: `${item.wanted}; several with commas between them, in a file as an array`,
    readText: (given) => all(given.split(',').map((part) => item.readText(part.trim()))),
    readJson: (value) =>
      Array.isArray(value) ? all(value.map((part) => item.readJson(part))) : undefined,
    write: (values) => values.map((value) => item.write(value)).join(','),
  };
}

/** A star, which means every one there is, or a value of the kind. */
export function everyOr<T>(kind: Kind<T>): Kind<T | '*'> {
  return {
    placeholder: kind.placeholder,
    wanted: `* for all, or ${kind.wanted}`,
    readText: (given) => (given === '*' ? '*' : kind.readText(given)),
    readJson: (value) => (value === '*' ? '*' : kind.readJson(value)),
    write: (value) => (value === '*' ? '*' : kind.write(value)),
  };
}

/** More than anybody types, and little enough to compare. */
const secretMax = 200;

function text<T extends string>(kind: {
  readonly placeholder: string;
  readonly wanted: string;
  read(given: string): T | undefined;
}): Kind<T> {
  return {
    placeholder: kind.placeholder,
    wanted: kind.wanted,
    readText: (given) => kind.read(given),
    readJson: (value) => (typeof value === 'string' ? kind.read(value) : undefined),
    write: (value) => value,
  };
}

function all<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const read = values.filter((value) => value !== undefined);
  return read.length === values.length ? read : undefined;
}
