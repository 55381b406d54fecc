/** Sending what is written in the composer: now, or as soon as it can be. */
import { useComputed, useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { randomId } from '../../client/random-id.ts';
import type { Seq } from '../../protocol/entries.ts';
import { charactersLeft } from './characters.ts';
import { isSilent } from './commands.ts';
import { hindranceNow, type Floor } from './floor.ts';
import type { Page } from '../page.ts';
import { useSecondsLeft } from './seconds-left.ts';

const messageIdLength = 16;

export interface Sending {
  readonly send: () => void;
  /** What is written will be sent when the wait is over. */
  readonly isArmed: Signal<boolean>;
  /** Seconds until something can be said again; 0 when it can be, or when nobody knows. */
  readonly seconds: number;
  /** Characters that are left, once it matters. */
  readonly left: number | null;
  readonly isTooLong: boolean;
}

export function useSending(page: Page, floor: Floor): Sending {
  const { draft, replyingTo, room, reading } = page;
  const left = useComputed(() => charactersLeft(draft.value, room.value?.limits.textMax)).value;
  const isTooLong = left !== null && left < 0;
  const hindrance = floor.hindrance.value;
  const seconds = useSecondsLeft(hindrance && 'until' in hindrance ? hindrance.until : null).value;
  const isArmed = useSignal(false);

  const send = (): void => {
    const text = draft.value;
    if (text.trim() === '' || isTooLong) return;
    const hindered = isSilent(text) ? null : hindranceNow(floor.hindrance.peek());
    isArmed.value = hindered !== null && 'until' in hindered;
    if (hindered) return;
    const replyTo = isSilent(text) ? undefined : replyingTo.value?.seq;
    draft.value = '';
    if (!isSilent(text)) replyingTo.value = null;
    reading.toEnd();
    void sayNow(page, floor, text, replyTo);
  };
  const isOver = seconds === 0;
  useEffect(() => {
    if (isOver && isArmed.peek()) send();
    // Only the end of the wait sends; what else changes meanwhile does not.
  }, [isOver]);

  return { send, isArmed, seconds, left, isTooLong };
}

/** Says something. What was not even heard stands in the field again. */
export async function sayNow(
  { client, complaint, draft }: Pick<Page, 'client' | 'complaint' | 'draft'>,
  floor: Pick<Floor, 'said' | 'refused'>,
  text: string,
  replyTo: Seq | undefined,
): Promise<void> {
  const id = randomId(messageIdLength);
  const spoken = await client.say(text, replyTo === undefined ? { id } : { id, replyTo });
  if (spoken.ok) {
    if ('seq' in spoken) floor.said(spoken.seq);
    return;
  }
  floor.refused(spoken.code);
  // Never heard, since too much waits already, or we are nobody in the room any more. Anything else
  // that is refused stays among the messages, with the reason.
  if (spoken.status !== 0 || !['TOO_MANY', 'NO_SESSION'].includes(spoken.code)) return;
  if (client.state.lines.some((line) => line.type === 'pending' && line.id === id)) return;
  draft.value = draft.value === '' ? text : `${text}\n${draft.value}`;
  complaint.value = spoken;
}
