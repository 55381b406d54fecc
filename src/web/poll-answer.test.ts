import { expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import type { PollAnswer } from '../chat/mailbox.ts';
import { limits } from '../protocol/limits.ts';
import { sendPollAnswer } from './poll-answer.ts';

const long = 'a long reply '.repeat(limits.zipBytesMin);
const answerOf = (text: string): PollAnswer => ({ ok: true, body: Buffer.from(text) });

test('a cohort’s answer is one object, and compressed it is another one', () => {
  const answer = answerOf(long);
  const plain = sendPollAnswer(answer, false, null);
  const zipped = sendPollAnswer(answer, true, null);
  expect(sendPollAnswer(answer, false, null)).toBe(plain);
  expect(sendPollAnswer(answer, true, null)).toBe(zipped);
  expect(zipped.fields['Content-Encoding']).toBe('gzip');
  expect(gunzipSync(zipped.body).toString()).toBe(long);
  expect(plain.fields['Content-Encoding']).toBeUndefined();
  expect(Buffer.from(plain.body).toString()).toBe(long);
});

test('what fits a packet anyway is sent as it is', () => {
  const short = 'x'.repeat(limits.zipBytesMin - 1);
  const answer = answerOf(short);
  expect(sendPollAnswer(answer, true, null)).toBe(sendPollAnswer(answer, false, null));
});

test('what one poll alone is told, or needs to be told with, is nobody else’s', () => {
  const own: PollAnswer = { ok: true, body: long };
  expect(sendPollAnswer(own, true, null)).not.toBe(sendPollAnswer(own, true, null));
  const shared = answerOf(long);
  const cookie = { 'Set-Cookie': 'encke=a-token' };
  const answered = sendPollAnswer(shared, true, cookie);
  expect(answered.fields).toMatchObject(cookie);
  for (const takesGzip of [true, false]) {
    expect(sendPollAnswer(shared, takesGzip, null).fields).not.toHaveProperty('Set-Cookie');
  }
});

test('a refusal is a problem, with what a page on another origin needs to read it', () => {
  const refused: PollAnswer = {
    ok: false,
    code: 'GONE',
    detail: 'The cursor is of another history',
  };
  const answer = sendPollAnswer(refused, true, { 'Access-Control-Allow-Origin': 'https://a' });
  expect(answer.status).toBe(410);
  expect(answer.fields).toMatchObject({ 'Access-Control-Allow-Origin': 'https://a' });
});
