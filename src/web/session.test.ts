import { expect, test } from 'bun:test';
import type { MemberId } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { Sessions } from './session.ts';

const ada = 'adaadaadaadaada_' as MemberId;
const bob = 'bobbobbobbobbob_' as MemberId;

function setup(secret = 1) {
  const time = { now: 1_700_000_000_000 };
  return { time, sessions: new Sessions(new Uint8Array(32).fill(secret), () => time.now) };
}

test('a token proves who was given it, until it expires', () => {
  const { time, sessions } = setup();
  const { token, expires } = sessions.issue(ada);
  expect(sessions.check(token)).toEqual({ member: ada, expires });
  time.now = expires - 1;
  expect(sessions.check(token)?.member).toBe(ada);
  time.now = expires;
  expect(sessions.check(token)).toBeNull();
});

test('a token outlives the process that made it, and not the key', () => {
  const { token } = setup().sessions.issue(ada);
  expect(setup().sessions.check(token)?.member).toBe(ada);
  expect(setup(2).sessions.check(token)).toBeNull();
});

test('no part of a token can be changed', () => {
  const { sessions } = setup();
  const { token } = sessions.issue(ada);
  const [, expires = '', mac = ''] = token.split('.');
  const later = (Number.parseInt(expires, 36) + 1_000).toString(36);
  for (const forged of [
    `${bob}.${expires}.${mac}`,
    `${ada}.${later}.${mac}`,
    `${ada}.${expires}.${'A'.repeat(22)}`,
    token.slice(0, -1),
    `${token}A`,
    `${token}\n`,
    `${ada}.${expires}.`,
    '',
    '..',
  ]) {
    expect(sessions.check(forged)).toBeNull();
  }
});

test('a session ages when half of its time is gone', () => {
  const { time, sessions } = setup();
  const session = sessions.issue(ada);
  expect(sessions.isAgeing(session)).toBe(false);
  time.now += limits.sessionMs / 2 + 1;
  expect(sessions.isAgeing(session)).toBe(true);
});
