/** The commands of the room, for completion. What each does stands among the words of the page. */
import { words, type Words } from '../words/words.ts';

export interface Command {
  readonly name: string;
  /** What follows the name: `NICK`. Empty for nothing. */
  readonly usage: string;
  readonly help: string;
  readonly isForKeepers: boolean;
}

type CommandName = keyof Words['writing']['commands'];

const forKeepers: readonly CommandName[] = ['kick', 'ban', 'unban', 'mute', 'unmute', 'mode'];

/** All of them, in the order of the server's help. A test compares them with the server's own. */
export function commands(): readonly Command[] {
  return Object.entries(words.writing.commands).map(([name, { usage, help }]) => ({
    name,
    usage,
    help,
    isForKeepers: forKeepers.includes(name as CommandName),
  }));
}

/** Whether a text is a command that says nothing in the room: whoever may not write may use it. */
export function isSilent(text: string): boolean {
  return /^\s*\/(?!me\b)/i.test(text);
}
