import { computed, type ReadonlySignal } from '@preact/signals';
import type { Who } from '../../protocol/entries.ts';
import { nicksToTell } from './mention.ts';

/**
 * The nicks that a text does not tell from what stands around them. They change only when one of
 * these comes or goes, so that a room full of texts is not drawn again for all the others.
 */
export function mentionable(
  people: ReadonlySignal<readonly (Who | null)[]>,
): ReadonlySignal<readonly string[]> {
  const joined = computed(() => {
    const nicks = people.value.flatMap((who) => who?.nick ?? []);
    return nicksToTell([...new Set(nicks)]).join('\n');
  });
  return computed(() => joined.value.split('\n').filter(Boolean));
}
