import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Connection } from './connection.ts';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

/** What the banner says, and what the reader can do about it. */
export function BannerWords({ connection }: { readonly connection: Connection }) {
  switch (connection.kind) {
    case 'found':
      return <p>{words.connection.found}</p>;
    case 'offline':
      return (
        <>
          <p>{words.connection.deviceOffline}</p>
          {/* A machine may be wrong about it. */}
          <Reconnect label={words.connection.tryNow} />
        </>
      );
    case 'superseded':
      return (
        <>
          <p>{words.connection.inAnotherWindow}</p>
          <Reconnect label={words.connection.useThisOne} />
        </>
      );
    case 'lost':
      return (
        <>
          <p>
            {words.connection.lost[connection.why]} <NextTry at={connection.retryAt} />
          </p>
          <Reconnect label={words.connection.tryNow} />
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
      {at === null ? words.connection.tryingNow : <Countdown until={at} />}
    </span>
  );
}

/** The whole seconds that are left until a time. */
function Countdown({ until }: { readonly until: number }) {
  const left = (): number => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
  const seconds = useSignal(left());
  useEffect(() => {
    seconds.value = left();
    const timer = setInterval(() => {
      seconds.value = left();
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return <>{words.connection.nextTry(seconds.value)}</>;
}
