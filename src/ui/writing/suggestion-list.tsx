import { addresseesIn } from './addressees.ts';
import { firstCharacter } from '../people/first-character.ts';
import { Completing } from './completing.ts';
import type { Who } from '../../protocol/entries.ts';
import { hueOf } from '../people/hue.ts';
import { lookUp } from '../people/members.ts';
import { Nick } from '../people/nick.tsx';
import type { Page } from '../page.ts';
import type { Suggestion } from './suggestions.ts';
import { words } from '../words/words.ts';

/** Completion in a field of the page. */
export function completingIn({ client, you }: Page): Completing {
  return new Completing(() => ({
    isKeeper: you.peek()?.role === 'keeper',
    members: async (prefix) => {
      const known = addresseesIn(client.state, prefix);
      // A room so large that it only counts its members is asked; who has just spoken is known.
      return client.state.members ? known : joined(known, await membersUnder(client, prefix));
    },
  }));
}

function membersUnder(client: Page['client'], prefix: string): Promise<readonly Who[]> {
  return new Promise((resolve) => {
    lookUp(client, prefix, (found) => resolve(found?.members ?? []));
  });
}

function joined(known: readonly Who[], found: readonly Who[]): readonly Who[] {
  return [...known, ...found.filter(({ id }) => !known.some((one) => one.id === id))];
}

interface SuggestionListProps {
  readonly id: string;
  readonly completing: Completing;
  readonly choose: (index: number) => void;
}

/** Rows that are shown at once, and how high one is with the share of the window they may take. */
const rowsMax = 8;
const rowPx = 40;
const windowShare = 0.4;

/**
 * What the word that is being written may become. Of many a part is shown, around the one that the
 * arrows have reached: nothing scrolls, since the keyboard could not reach what does.
 */
export function SuggestionList({ id, completing, choose }: SuggestionListProps) {
  const all = completing.suggestions.value;
  const active = completing.active.value;
  // What a keyboard on the screen covers is not counted.
  const heightPx = window.visualViewport?.height ?? innerHeight;
  const rows = Math.max(2, Math.min(rowsMax, Math.floor((heightPx * windowShare) / rowPx)));
  const first = Math.min(Math.max(0, active - rows + 2), Math.max(0, all.length - rows));
  return (
    <ul id={id} class="suggestions" role="listbox" aria-label={words.writing.suggestions}>
      {all.slice(first, first + rows).map((suggestion, row) => {
        const index = first + row;
        return (
          <li
            key={suggestion.text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            aria-posinset={index + 1}
            aria-setsize={all.length}
            // The field keeps the focus, and a phone its keyboard.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
          >
            <What suggestion={suggestion} />
          </li>
        );
      })}
    </ul>
  );
}

function What({ suggestion: { kind, text, name, help } }: { readonly suggestion: Suggestion }) {
  switch (kind) {
    case 'member': {
      const nick = text.slice(1);
      return (
        <>
          <span class={`coma ${hueOf(nick)}`} aria-hidden="true">
            {firstCharacter(nick)}
          </span>
          <Nick nick={nick} />
        </>
      );
    }
    case 'command':
      return (
        <>
          <code dir="ltr">/{name}</code> <span class="help">{help}</span>
        </>
      );
    default:
      return (
        <>
          <span class="emoji" aria-hidden="true">
            {text}
          </span>
          <span dir="ltr">:{name}:</span>
        </>
      );
  }
}
