import type { ComponentChildren } from 'preact';
import type { Who } from '../protocol/entries.ts';
import { firstCharacter } from './characters.ts';
import { hueOf } from './hue.ts';
import { Nick } from './nick.tsx';

interface SaidRowProps {
  readonly by: Pick<Who, 'nick' | 'role'>;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** It tells what its author does, and so begins with their nick itself. */
  readonly isAction?: boolean;
  readonly state: string;
  readonly aside: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Something said: who says it stands before the first of what they say in a row. */
export function SaidRow({
  by,
  isFirst,
  isLast,
  isAction = false,
  state,
  aside,
  children,
}: SaidRowProps) {
  const stand = `${isFirst ? 'is-first' : ''} ${isLast ? 'is-last' : ''}`;
  return (
    <li class={`said ${hueOf(by.nick)} ${stand} ${state}`}>
      {isFirst && (
        <div class="by">
          <span class="coma" aria-hidden="true">
            {firstCharacter(by.nick)}
          </span>
          {!isAction && <Nick nick={by.nick} isKeeper={by.role === 'keeper'} />}
          {!isAction && aside}
        </div>
      )}
      {!isFirst && (
        <>
          <span class="unseen">
            <bdi>{by.nick}</bdi>:
          </span>
          {aside}
        </>
      )}
      {children}
    </li>
  );
}
