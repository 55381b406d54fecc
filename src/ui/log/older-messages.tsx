import { later } from '../later.tsx';
import { useView } from '../view.ts';
import { words } from '../words/words.ts';

const LoadOlder = later((aside) => aside.LoadOlder, LoadOlderToCome);

/** The way to what is older, or that there is nothing. */
export function OlderMessages() {
  const { hasOlder, rows } = useView();
  if (hasOlder.value) return <LoadOlder />;
  return rows.value.length === 0 ? null : <p class="beginning">{words.reading.beginning}</p>;
}

/** As high as it will be. */
function LoadOlderToCome() {
  return <div class="older" />;
}
