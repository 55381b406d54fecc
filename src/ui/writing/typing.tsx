import { Nicks } from '../people/nicks.tsx';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

const nicksMax = 3;

/** Who else is writing just now. */
export function Typing() {
  const { live, you } = usePage();
  const nicks = live.value?.typing.filter((nick) => nick !== you.value?.nick) ?? [];
  return (
    <span class="typing">
      {nicks.length > 0 && (
        <>
          {words.people.writing(<Nicks nicks={nicks} max={nicksMax} />, nicks.length)}
          <span class="dots" aria-hidden="true" />
        </>
      )}
    </span>
  );
}
