import { describe, expect, test } from 'bun:test';
import { commands } from './arguments.ts';
import { exitCodes, restartHelps } from './exit-codes.ts';
import { helpText } from './help.ts';
import { flags } from './option-table.ts';
import { coloursFor } from './terminal.ts';

const help = helpText(null);

describe('the help', () => {
  test('names every command, every option and every exit code', () => {
    for (const name of Object.keys(commands)) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const flag of [...flags.keys(), '--config']) expect(help).toContain(`  ${flag} `);
    for (const { code } of Object.values(exitCodes)) {
      expect(help).toMatch(new RegExp(`^  ${code} `, 'm'));
    }
  });

  test('fits a terminal of 96 columns, coloured or not', () => {
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(96);
    const coloured = helpText(null, coloursFor({ isTTY: true }, {}));
    expect(coloured).toContain('\u001b[');
    expect(Bun.stripANSI(coloured)).toBe(help);
  });

  test('about a command begins with how it is used', () => {
    expect(helpText('run')).toStartWith('Usage: encke run [OPTIONS]\n');
    expect(helpText('run')).toContain('--port NUMBER');
    expect(helpText('backup')).toStartWith('Usage: encke backup FILE [OPTIONS]\n');
    expect(helpText('backup')).toContain('--data FOLDER');
    expect(helpText('backup')).not.toContain('--port');
    expect(helpText('version')).toBe('Usage: encke version\n\nShows the version\n');
  });
});

describe('the exit codes', () => {
  test('are all different, and leave 1 and 2 to accidents', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).not.toContain(1);
    expect(codes).not.toContain(2);
  });

  test('say whether starting again helps: after an accident, but not after a mistake', () => {
    expect(restartHelps(null)).toBeTrue();
    expect(restartHelps(1)).toBeTrue();
    expect(restartHelps(137)).toBeTrue();
    expect(restartHelps(exitCodes.gaveUp.code)).toBeTrue();
    expect(restartHelps(exitCodes.ok.code)).toBeFalse();
    expect(restartHelps(exitCodes.badOptions.code)).toBeFalse();
    expect(restartHelps(exitCodes.badData.code)).toBeFalse();
  });
});
