/** What the keys of the page do, for whoever wants to know. */
import { messageKeys } from '../log/log-keys.ts';
import { shortcuts } from './shortcuts.ts';
import { words } from '../words/words.ts';

export interface KeyRow {
  /** Keys that do the same; of each, those that are held together. */
  readonly keys: readonly (readonly string[])[];
  readonly does: string;
}

/**
 * All of them, those that one writes with first. `entersSend`: Enter sends. `hasSingleKeys`: those
 * that do something alone have not been turned off.
 */
export function keyRows(entersSend: boolean, hasSingleKeys: boolean): readonly KeyRow[] {
  const { keysOf } = words.settings;
  const row = (does: string, ...keys: readonly (readonly string[])[]): KeyRow => ({ keys, does });
  const [enter, ctrlEnter] = [['Enter'], ['Ctrl', 'Enter']];
  const atMessages = Object.entries(messageKeys) as [keyof typeof messageKeys, readonly string[]][];
  const rows = [
    row(keysOf.map, [shortcuts.map]),
    row(keysOf.search, ['Ctrl', shortcuts.search.toUpperCase()]),
    row(keysOf.send, entersSend ? enter : ctrlEnter),
    row(keysOf.line, entersSend ? ['Shift', 'Enter'] : enter),
    row(keysOf.suggestion, ['Tab']),
    row(keysOf.editLast, ['↑']),
    row(keysOf.cancel, ['Esc']),
    row(keysOf.messages, ['Shift', 'Tab']),
    ...atMessages.map(([deed, keys]) => row(keysOf[deed], ...keys.map((key) => [nameOf(key)]))),
  ];
  return rows.filter(({ keys: [first] }) => hasSingleKeys || !isSingle(first ?? []));
}

/** Whether a key stands alone that writes a character where one writes. */
function isSingle([key = '', ...others]: readonly string[]): boolean {
  return others.length === 0 && /^[ -~]$/.test(key);
}

const names: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

function nameOf(key: string): string {
  return names[key] ?? key;
}
