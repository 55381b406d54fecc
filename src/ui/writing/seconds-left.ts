import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

const secondMs = 1_000;

/** How many seconds it is until then, counted down as they pass; 0 when it is over, or never. */
export function useSecondsLeft(until: number | null): ReadonlySignal<number> {
  const seconds = useSignal(secondsUntil(until));
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = (): void => {
      seconds.value = secondsUntil(until);
      const leftMs = until === null ? 0 : until - Date.now();
      if (leftMs > 0) timer = setTimeout(count, leftMs % secondMs || secondMs);
    };
    count();
    return () => clearTimeout(timer);
  }, [seconds, until]);
  return seconds;
}

function secondsUntil(until: number | null): number {
  return until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / secondMs));
}
