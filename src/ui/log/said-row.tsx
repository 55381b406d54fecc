import type { ComponentChildren } from 'preact';
import type { Who } from '../../protocol/entries.ts';
import { firstCharacter } from '../people/first-character.ts';
import { hueOf } from '../people/hue.ts';
import { Nick } from '../people/nick.tsx';

interface SaidRowProps {
  readonly by: Pick<Who, 'nick' | 'role'>;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** It tells what its author does, and so begins with their nick itself. */
  readonly isAction?: boolean;
  readonly state: string;
  /** Stands beside who says it: when it was said, or how far it is on its way. */
  readonly beside: ComponentChildren;
  /** What is answered: it stands above who answers. */
  readonly above?: ComponentChildren;
  /** The id of a message, which is where links to it lead. */
  readonly id?: string;
  /** Whether the tab key leads here. A row without it cannot be gone to. */
  readonly isStop?: boolean;
  readonly onFocus?: () => void;
  readonly children: ComponentChildren;
}

/** Something said: who says it stands before the first of what they say in a row. */
export function SaidRow({
  by,
  isFirst,
  isLast,
  isAction = false,
  state,
  beside,
  above,
  id,
  isStop,
  onFocus,
  children,
}: SaidRowProps) {
  const stand = `${isFirst ? 'is-first' : ''} ${isLast ? 'is-last' : ''}`;
  return (
    <div
      role="listitem"
      class={`said ${hueOf(by.nick)} ${stand} ${state}`}
      {...(id !== undefined && {
        id,
        'aria-labelledby': `${id}-by ${id}-text ${id}-at`,
        tabIndex: isStop ? 0 : -1,
        onFocus,
      })}
    >
      {above}
      {isFirst && (
        <div class="by">
          <span class="coma" aria-hidden="true">
            {firstCharacter(by.nick)}
          </span>
          {!isAction && (
            <span id={id && `${id}-by`}>
              <Nick nick={by.nick} isKeeper={by.role === 'keeper'} />
            </span>
          )}
          {!isAction && beside}
        </div>
      )}
      {!isFirst && (
        <>
          <span class="unseen" id={id && `${id}-by`}>
            <bdi>{by.nick}</bdi>:
          </span>
          {beside}
        </>
      )}
      {children}
    </div>
  );
}
