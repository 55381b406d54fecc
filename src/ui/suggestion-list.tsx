import type { Completing } from './completing.ts';
import { firstCharacter } from './characters.ts';
import { hueOf } from './hue.ts';
import { Nick } from './nick.tsx';
import type { Suggestion } from './suggestions.ts';
import { words } from './words/words.ts';

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

interface SuggestionListProps {
  readonly id: string;
  readonly completing: Completing;
  readonly choose: (index: number) => void;
}

/** What the word that is being written may become. */
export function SuggestionList({ id, completing, choose }: SuggestionListProps) {
  return (
    <ul id={id} class="suggestions" role="listbox" aria-label={words.writing.suggestions}>
      {completing.suggestions.value.map((suggestion, index) => (
        <li
          key={suggestion.text}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === completing.active.value}
          // The field keeps the focus, and a phone its keyboard.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(index)}
          ref={(option) => {
            if (index === completing.active.value) option?.scrollIntoView({ block: 'nearest' });
          }}
        >
          <What suggestion={suggestion} />
        </li>
      ))}
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
