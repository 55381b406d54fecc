import { excessMax } from './characters.ts';
import { words } from '../words/words.ts';

/** How many characters are left, once it matters; null before. */
export function Left({ left, id }: { readonly left: number | null; readonly id?: string }) {
  if (left === null) return null;
  return (
    <span {...(id !== undefined && { id })} class={left < 0 ? 'count refusal' : 'count'}>
      {sayLeft(left)}
    </span>
  );
}

function sayLeft(left: number): string {
  const { charactersLeft, charactersTooMany, atLeastTooMany } = words.writing;
  if (left >= 0) return charactersLeft(left);
  return left === -excessMax ? atLeastTooMany(-left) : charactersTooMany(-left);
}
