/** One request of a raw client, and what came of it: null when nobody knows. */
import type { Chance } from './chance.ts';
import { copiedHeader, historyHeader, type Line } from './network.ts';
import type { Timeline } from './sim-clock.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The code of a refusal; empty where there is none. */
  readonly code: string;
  readonly retryMs: number;
  /** Whether no cache may keep it. */
  readonly isFresh: boolean;
  /** What the room was when it answered. A client does not see this; its recorder does. */
  readonly epoch: string;
  readonly history: number;
  /** Whether the request arrived more than once: a refusal may not be the last word. */
  readonly isCopied: boolean;
}

export interface Asking {
  readonly line: Line;
  readonly timeline: Timeline;
  readonly chance: Chance;
}

export const epochHeader = 'x-sim-epoch';

export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly token?: string | null;
  readonly deadlineMs?: number;
}

export async function ask({ line, timeline }: Asking, question: Question): Promise<Answer | null> {
  const { method = 'GET', path, body, token = null, deadlineMs = 8_000 } = question;
  const init: RequestInit = {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const tooLate = new Promise<null>((resolve) => {
    timeline.after(deadlineMs, () => resolve(null));
  });
  const answered = line.fetch(path, init).then(read, () => null);
  return await Promise.race([answered, tooLate]);
}

async function read(response: Response): Promise<Answer | null> {
  const { status, headers } = response;
  const epoch = headers.get(epochHeader);
  // From something on the way, which knows nothing of the room.
  if (epoch === null) return null;
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  const problem = (body ?? {}) as { code?: string; retryMs?: number };
  return {
    status,
    body,
    code: status >= 400 ? (problem.code ?? 'UNNAMED') : '',
    retryMs: problem.retryMs ?? 0,
    isFresh: /\bno-store\b/.test(headers.get('cache-control') ?? ''),
    epoch,
    history: Number(headers.get(historyHeader)),
    isCopied: headers.has(copiedHeader),
  };
}
