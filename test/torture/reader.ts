/**
 * A bare client that forgets nothing: it keeps the cursors that it was given, and asks again and
 * again from one of long ago, from before a reload, a restart or a restored backup. What it hears
 * must be the same history from there on, or that it is gone.
 */
import type { HistoryPage, Joined, PollReply } from '../../src/protocol/replies.ts';
import type { HistoryRecord } from '../checker/record.ts';
import { Recorder } from './recorder.ts';

export interface ReaderParts {
  readonly url: string;
  readonly name: string;
  readonly random: () => number;
  readonly nowMs: () => number;
  readonly write: (record: HistoryRecord) => void;
}

/** Cursors kept: the oldest ones stay, those in between make room. */
const cursorsMax = 40;
const pauseMs = 1_500;
const holdS = 3;
/** After so many of its polls, it asks from an old cursor as well. */
const againShare = 0.25;
/** Beyond the hold; see the library's own deadline. */
const deadlineMs = 15_000;

export class Reader {
  readonly #parts: ReaderParts;
  readonly #recorder: Recorder;
  readonly #cursors: string[] = [];
  #token = '';
  #cursor = '';
  #turn = 0;
  #lives = 0;
  #asked = 0;
  #hasEnded = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#recorder = this.#recorderOf(parts.name);
  }

  get who(): string {
    return this.#parts.name;
  }

  /** It takes in what it is given at once. */
  readonly isAtRest = true;

  get isFollowing(): boolean {
    return this.#cursor !== '';
  }

  /** Lives until the end. */
  async live(): Promise<void> {
    while (!this.#hasEnded) {
      if (this.#cursor === '') await this.#join();
      else await this.#poll();
      if (this.#cursor === '') await this.#pause(pauseMs);
      else if (this.#parts.random() < againShare) await this.#askAgain();
    }
  }

  end(): void {
    this.#hasEnded = true;
  }

  async #join(): Promise<void> {
    const nick = `${this.#parts.name}-${++this.#lives}`;
    const body = { nick, id: crypto.randomUUID() };
    const joined = await this.#ask<Joined>(this.#recorder, 'join', body);
    if (joined === null || 'status' in joined) return;
    this.#token = joined.token;
    this.#cursor = joined.cursor;
  }

  async #poll(): Promise<void> {
    const query = `after=${this.#cursor}&hold=${holdS}&tab=now&turn=${++this.#turn}`;
    const reply = await this.#ask<PollReply>(this.#recorder, `poll?${query}`);
    if (reply === null) return await this.#pause(pauseMs);
    if ('status' in reply) {
      // Gone, or not a member any more: from the beginning.
      if (reply.status < 500 && reply.status !== 429) this.#cursor = '';
      return await this.#pause(pauseMs);
    }
    this.#keep(this.#cursor);
    this.#cursor = reply.cursor;
  }

  async #askAgain(): Promise<void> {
    const { random } = this.#parts;
    const index = Math.floor(random() * this.#cursors.length);
    const cursor = this.#cursors[index];
    if (cursor === undefined) return;
    // To the checker each of these is somebody else, who comes with that cursor.
    const old = this.#recorderOf(`${this.#parts.name}.old${++this.#asked}`);
    const reply = await this.#ask<PollReply>(old, `poll?after=${cursor}&hold=0&tab=old`);
    if (reply === null) return;
    if ('status' in reply) {
      if (reply.status === 410) this.#cursors.splice(index, 1);
      return;
    }
    // What was left out is read from the history, or a part of it.
    const { gap } = reply;
    if (gap === undefined) return;
    await this.#ask<HistoryPage>(old, `messages?after=${gap.from}&limit=200`);
  }

  #keep(cursor: string): void {
    this.#cursors.push(cursor);
    if (this.#cursors.length <= cursorsMax) return;
    const victim = 1 + Math.floor(this.#parts.random() * (cursorsMax - 1));
    this.#cursors.splice(victim, 1);
  }

  /** An answer, a refusal by its status, or null when nobody answered. */
  async #ask<T extends object>(
    recorder: Recorder,
    path: string,
    body?: object,
  ): Promise<T | { readonly status: number } | null> {
    try {
      const response = await recorder.fetch(`${this.#parts.url}/v1/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(this.#token !== '' && { Authorization: `Bearer ${this.#token}` }),
        },
        signal: AbortSignal.timeout(deadlineMs),
        ...(body && { body: JSON.stringify(body) }),
      });
      return response.ok ? ((await response.json()) as T) : { status: response.status };
    } catch {
      return null;
    }
  }

  #recorderOf(who: string): Recorder {
    const { nowMs, write } = this.#parts;
    return new Recorder({ who, fetch: (input, init) => fetch(input, init), nowMs, write });
  }

  async #pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms * this.#parts.random()));
  }
}
