/** Messages, topics and reactions of any string at all. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { cleanEmoji } from '../../src/chat/emoji.ts';
import {
  cleanText,
  cleanTopic,
  countBytes,
  countGraphemes,
  trimUnseen,
} from '../../src/chat/text.ts';
import type { Refusal } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import { hostile } from './hostile.ts';

const numRuns = 6_000;

/** What no text may keep: controls, what turns a line around, what is not seen, halves of pairs. */
const forbidden =
  /[^\P{Cc}\n\t]|[\u200b\u00ad\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/u;
const tower = new RegExp(String.raw`\p{M}{${limits.marksMax + 1}}`, 'u');
/** A tag may only stand in a flag, which begins with the black one. */
const looseTag = /(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0000}-\u{e007f}]/u;

test('a text is clean for good, within its bounds, or refused with a sentence', () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const clean = cleanText(raw);
      if (!clean.ok) return expectSentence(clean, 'BAD_TEXT');
      const { text } = clean;
      expect(cleanText(text)).toEqual(clean);
      expect(text.normalize('NFC')).toBe(text);
      expect(text).not.toMatch(forbidden);
      expect(text).not.toMatch(tower);
      expect(text).not.toMatch(looseTag);
      expect(trimUnseen(text)).not.toBe('');
      expect(countGraphemes(text)).toBeWithin(1, limits.textMax + 1);
      expect(countBytes(text)).toBeLessThanOrEqual(limits.textBytesMax);
    }),
    { numRuns },
  );
});

test('what reads like a command when it is clean was taken for one when it came', () => {
  // Otherwise the keepers' code, pasted with something unseen before it, would be read by all.
  const pasted = fc
    .tuple(hostile, fc.constantFrom('', '/', '/keeper x'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(pasted, (raw) => {
      const clean = cleanText(raw);
      if (!clean.ok || !trimUnseen(clean.text).startsWith('/')) return;
      expect(trimUnseen(raw)).toStartWith('/');
    }),
    { numRuns },
  );
});

test('a topic is one clean line for good, or refused with a sentence', () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const clean = cleanTopic(raw);
      if (!clean.ok) return expectSentence(clean, 'BAD_TEXT');
      expect(cleanTopic(clean.topic)).toEqual(clean);
      expect(clean.topic).not.toMatch(/[\n\t\r\u2028]/);
      expect(clean.topic).not.toMatch(forbidden);
      expect(countGraphemes(clean.topic)).toBeLessThanOrEqual(limits.topicMax);
    }),
    { numRuns },
  );
});

test('a reaction is one emoji for good, or refused with a sentence', () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const clean = cleanEmoji(raw);
      if (!clean.ok) return expectSentence(clean, 'BAD_REQUEST');
      expect(cleanEmoji(clean.emoji)).toEqual(clean);
      expect(countGraphemes(clean.emoji)).toBe(1);
      expect(clean.emoji).toMatch(/^\p{RGI_Emoji}$/v);
    }),
    { numRuns },
  );
});

function expectSentence({ code, detail }: Refusal, expected: Refusal['code']): void {
  expect(code).toBe(expected);
  expect(detail.isWellFormed()).toBeTrue();
  expect(detail).toMatch(/^[A-Z"][^]{5,300}[^.]$/);
}
