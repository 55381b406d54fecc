import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { connectionAfter, quiet, type Connection } from './connection.ts';
import { usePage } from './page.ts';

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
      <Words connection={connection.value} />
    </div>
  );
}

function Words({ connection }: { readonly connection: Connection }) {
  switch (connection.kind) {
    case 'found':
      return <p>Connected again. Nothing was missed.</p>;
    case 'offline':
      return <p>This device is offline. What you write is sent when it is back.</p>;
    case 'superseded':
      return (
        <>
          <p>The room goes on in another window.</p>
          <Reconnect label="Use this one" />
        </>
      );
    case 'lost':
      return (
        <>
          <p>
            The connection is lost. <NextTry at={connection.retryAt} />
          </p>
          <Reconnect label="Try now" />
        </>
      );
    default:
      return null;
  }
}

function Reconnect({ label }: { readonly label: string }) {
  const { client } = usePage();
  return (
    <button type="button" onClick={() => client.reconnect()}>
      {label}
    </button>
  );
}

/** Hidden from those who listen: read out each second, it would be all they hear. */
function NextTry({ at }: { readonly at: number | null }) {
  return (
    <span aria-hidden="true">
      {at === null ? (
        'Trying now …'
      ) : (
        <>
          Next try in <Seconds until={at} /> s.
        </>
      )}
    </span>
  );
}

/** Whole seconds that are left until a time. */
function Seconds({ until }: { readonly until: number }) {
  const left = (): number => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
  const seconds = useSignal(left());
  useEffect(() => {
    seconds.value = left();
    const timer = setInterval(() => {
      seconds.value = left();
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return <>{seconds}</>;
}
