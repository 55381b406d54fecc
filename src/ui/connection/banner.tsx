import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { connectionAfter, quiet, type Connection } from './connection.ts';
import { BannerWords } from './banner-words.tsx';
import { usePage } from '../page.ts';

/** How long good news stays. */
const foundMs = 4_000;

/** Says in words when the connection is lost, and when it is found again. */
export function Banner() {
  const { status } = usePage();
  const connection = useSignal<Connection>(quiet);

  useSignalEffect(() => {
    connection.value = connectionAfter(connection.peek(), status.value);
  });
  const { kind } = connection.value;
  useEffect(() => {
    if (kind !== 'found') return undefined;
    const timer = setTimeout(() => {
      connection.value = quiet;
    }, foundMs);
    return () => clearTimeout(timer);
  }, [kind]);

  return (
    <div class={`banner is-${kind}`} role="status">
      {kind !== 'quiet' && <BannerWords connection={connection.value} />}
    </div>
  );
}
