/**
 * What is read beside the lines of the room, as it stands when it is there: what is changed while
 * the answer is on its way may be newer than the answer.
 */
import type { Answer } from '../../client/answer.ts';
import { amended, type Amendment } from '../../copy/amended.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Message, WireEntry } from '../../protocol/entries.ts';
import type { HistoryPage } from '../../protocol/replies.ts';

/** The messages of a page, and how far it goes. */
export interface UpToDate {
  readonly messages: readonly Message[];
  /** The last of what was read, which may be no message. */
  readonly last: WireEntry | undefined;
  readonly more: boolean;
}

/** Asks for a page, and once more where something passed by untold meanwhile. */
export async function upToDate(
  client: Pick<Copy, 'on'>,
  ask: () => Promise<Answer<HistoryPage>>,
): Promise<Answer<UpToDate>> {
  for (;;) {
    const amendments: Amendment[] = [];
    let hasMissed = false;
    const ends = [
      client.on('entry', (entry) => {
        if ('of' in entry) amendments.push(entry);
      }),
      client.on('missed', () => {
        hasMissed = true;
      }),
    ];
    const page = await ask();
    for (const end of ends) end();
    if (!page.ok) return page;
    if (hasMissed) continue;
    const { entries, more } = page;
    const messages = amendments.reduce(withAmendment, entries.filter(isMessage));
    return { ok: true, messages, last: entries.at(-1), more };
  }
}

/** The same list where the message is not in it. */
export function withAmendment(
  messages: readonly Message[],
  amendment: Amendment,
): readonly Message[] {
  const at = messages.findIndex(({ seq }) => seq === amendment.of);
  const message = messages[at];
  return message === undefined ? messages : messages.with(at, amended(message, amendment));
}

function isMessage(entry: WireEntry): entry is Message {
  return entry.type === 'message';
}
