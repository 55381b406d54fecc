/**
 * The installation's secrets: files in the data folder that only their owner can read. They are
 * made at the first start, from the machine's randomness; none ships with the program.
 */
import { closeSync, fsyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RandomBytes } from './ids.ts';

export interface Secrets {
  /** Signs sessions: 32 bytes. */
  readonly key: Uint8Array;
  /** Makes a member a keeper. */
  readonly keeperCode: string;
}

export const keyFile = 'secret.key';
export const keeperCodeFile = 'keeper.code';

/** A secret file is there but cannot be what Encke wrote. */
export class BadSecret extends Error {
  constructor(path: string) {
    super(`The file "${path}" is damaged; delete it to have a new one made, sessions then end`);
    this.name = 'BadSecret';
  }
}

/**
 * Whatever this process makes from now on is its owner's alone: the data folder, and the journal in
 * it, also where the folder was there before and others may look into it.
 */
export function keepPrivate(): void {
  process.umask(0o077);
}

/** Reads the secrets of a data folder, and makes those that are missing. */
export function readSecrets(folder: string, random: RandomBytes): Secrets {
  const key = readOrMake(join(folder, keyFile), () =>
    Buffer.from(random(32)).toString('base64url'),
  );
  if (!/^[A-Za-z0-9_-]{43}$/.test(key)) throw new BadSecret(join(folder, keyFile));
  const code = readOrMake(join(folder, keeperCodeFile), () => readableCode(random));
  if (!/^[\w-]{8,256}$/.test(code)) throw new BadSecret(join(folder, keeperCodeFile));
  return { key: Buffer.from(key, 'base64url'), keeperCode: code };
}

function readOrMake(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ENOENT') throw reason;
  }
  // Refused if another process made it in the meantime: two keys would end each other's sessions.
  const made = make();
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${made}\n`);
    fsyncSync(file);
    syncName(path);
  } catch (reason) {
    // Half a secret would be called damaged by the next start, when there is room again.
    unlinkSync(path);
    throw reason;
  } finally {
    closeSync(file);
  }
  return made;
}

/** A file's name is its folder's: without this, a loss of power might leave the file nameless. */
function syncName(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Four groups of five characters that are not taken for one another: about 98 bits. */
function readableCode(random: RandomBytes): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const groups = Array.from({ length: 4 }, () => {
    const chars: string[] = [];
    while (chars.length < 5) {
      const byte = random(1)[0] ?? 255;
      // Bytes beyond the last whole multiple are thrown away, so that all characters are equal.
      if (byte < 248) chars.push(alphabet[byte % alphabet.length] as string);
    }
    return chars.join('');
  });
  return groups.join('-');
}
