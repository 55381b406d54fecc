/**
 * The answer to a poll as it goes over the wire. A wake-up answers a whole cohort with one answer
 * of the post office: it becomes one answer of the web, head and all, and one more that is
 * compressed, for those who take that. Each is made when the first of them needs it.
 */
import { gzipSync } from 'node:zlib';
import type { PollAnswer } from '../chat/mailbox.ts';
import type { Answer } from '../http/answer.ts';
import { limits } from '../protocol/limits.ts';
import { sendJson, sendProblem } from './responses.ts';

interface Shared {
  readonly plain: Answer;
  zipped: Answer | null;
}

/** What became of answers that many get. An answer that nobody holds any more is forgotten. */
const known = new WeakMap<PollAnswer, Shared>();

/** Turns what the post office says into an answer. `fields`: of this poll alone. */
export function sendPollAnswer(
  answer: PollAnswer,
  takesGzip: boolean,
  fields: Readonly<Record<string, string>> | null,
): Answer {
  if (!answer.ok) return sendProblem(answer, fields ?? {});
  const { body } = answer;
  // Text is written for one poll; bytes are a cohort's.
  if (typeof body === 'string' || fields !== null) return sendJson(body, 200, fields);
  let shared = known.get(answer);
  if (shared === undefined) {
    shared = { plain: sendJson(body), zipped: null };
    known.set(answer, shared);
  }
  if (!takesGzip || body.length < limits.zipBytesMin) return shared.plain;
  shared.zipped ??= sendJson(gzipSync(body, { level: 4 }), 200, zippedFields);
  return shared.zipped;
}

const zippedFields = { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
