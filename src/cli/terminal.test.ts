import { describe, expect, test } from 'bun:test';
import { coloursFor } from './terminal.ts';

const isColoured = (isTTY: boolean | undefined, env: Record<string, string>): boolean =>
  coloursFor({ isTTY }, env).red('x') !== 'x';

describe('colours', () => {
  test('are for terminals that can show them', () => {
    expect(isColoured(true, { TERM: 'xterm' })).toBeTrue();
    expect(isColoured(true, {})).toBeTrue();
    expect(isColoured(true, { TERM: 'dumb' })).toBeFalse();
    expect(isColoured(false, {})).toBeFalse();
    expect(isColoured(undefined, {})).toBeFalse();
  });

  test('are taken away by NO_COLOR, unless that is empty', () => {
    expect(isColoured(true, { NO_COLOR: '1' })).toBeFalse();
    expect(isColoured(true, { NO_COLOR: '0', FORCE_COLOR: '1' })).toBeFalse();
    expect(isColoured(true, { NO_COLOR: '' })).toBeTrue();
  });

  test('are given to a pipe by FORCE_COLOR', () => {
    expect(isColoured(false, { FORCE_COLOR: '1' })).toBeTrue();
    expect(isColoured(true, { FORCE_COLOR: '0' })).toBeFalse();
  });

  test('end where they began', () => {
    const { bold, red } = coloursFor({ isTTY: true }, {});
    expect(bold(`a${red('b')}c`)).toBe('\u001b[1ma\u001b[31mb\u001b[39mc\u001b[22m');
  });
});
