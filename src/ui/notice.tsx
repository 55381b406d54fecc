import { useEffect } from 'preact/hooks';
import { usePage } from './page.ts';

/** How long it stays: two short sentences can be read. */
const staysMs = 4_000;

/** Says what was just done, for a moment. */
export function Notice() {
  const { notice } = usePage();
  useEffect(() => {
    if (notice.value === null) return undefined;
    const timer = setTimeout(() => {
      notice.value = null;
    }, staysMs);
    return () => clearTimeout(timer);
  }, [notice.value]);
  return (
    <p class="done" role="status">
      {notice}
    </p>
  );
}
