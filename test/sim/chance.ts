/**
 * Everything random in a simulation comes from one seed. Each part draws from a stream of its own,
 * named after it, so that one more draw in one part changes nothing in the others.
 */
import { createHash } from 'node:crypto';

export class Chance {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #count: number;

  constructor(name: string) {
    this.#name = name;
    const digest = createHash('sha256').update(name).digest();
    this.#a = digest.readUInt32LE(0);
    this.#b = digest.readUInt32LE(4);
    this.#c = digest.readUInt32LE(8);
    this.#count = 1;
  }

  /** A stream of its own for a part. */
  of(part: string): Chance {
    return new Chance(`${this.#name}/${part}`);
  }

  /** From 0 up to 1. */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** Whether something happens that happens with this probability. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** One of them; undefined of nothing. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** One of the names, each as often as its weight says. */
  weighed<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[];
    const sum = names.reduce((total, name) => total + weights[name], 0);
    let left = this.next() * sum;
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return names.at(-1) as Name;
  }

  /** Mostly short, now and then long: as things come that do not know of each other. */
  waiting(meanMs: number): number {
    return -Math.log(1 - this.next()) * meanMs;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#word() & 0xff);
  }

  /** The generator is sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and good enough. */
  #word(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}
