import { computed, type ReadonlySignal } from '@preact/signals';
import type { RoomState } from '../../copy/room-state.ts';
import { nicksToTell } from './mention.ts';

/**
 * The nicks that a text does not tell from what stands around them: of those who are here, and of
 * those who have spoken, since they may have left, and a large room does not tell who is here. They
 * change only when one of these comes or goes, so that a room full of texts is not drawn again for
 * all the others.
 */
export function mentionable(
  state: ReadonlySignal<Pick<RoomState, 'members' | 'lines' | 'you'>>,
): ReadonlySignal<readonly string[]> {
  const joined = computed(() => {
    const { members, lines, you } = state.value;
    const nicks = new Set(members?.map(({ nick }) => nick));
    if (you) nicks.add(you.nick);
    for (const line of lines) if (line.type === 'message') nicks.add(line.by.nick);
    return nicksToTell([...nicks]).join('\n');
  });
  return computed(() => joined.value.split('\n').filter(Boolean));
}
