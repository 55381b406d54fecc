/**
 * The page as a whole: what it shows, and what one does beside reading. What is shown is there
 * before; this comes with the parts of the page that need it.
 */
import { signal, type Signal } from '@preact/signals';
import type { Failure } from '../client/answer.ts';
import type { Message, Seq } from '../protocol/entries.ts';
import { attention, type Attention } from './attention/attention.ts';
import { KnownNicks } from './log/known-nicks.ts';
import { Quoted } from './log/quoted.ts';
import { older, type Older } from './reading/older.ts';
import { Past } from './reading/past.ts';
import { ways, type Ways } from './reading/ways.ts';
import { useView, type View } from './view.ts';
import { words } from './words/words.ts';
import { keptDraft } from './writing/draft.ts';

export interface Page extends View, Ways {
  /** The message whose actions are shown. */
  readonly opened: Signal<Seq | null>;
  /** The message that the mouse points at. */
  readonly pointed: Signal<Seq | null>;
  readonly quoted: Quoted;
  readonly nicks: KnownNicks;
  readonly past: Past;
  readonly older: Older;
  /** Whether the list of keys is shown. */
  readonly keys: Signal<boolean>;
  readonly attention: Attention;
  /** What is being written. */
  readonly draft: Signal<string>;
  /** The newest message of ours that can be edited. */
  readonly newestOfOurs: () => Message | null;
}

let whole: Page | null = null;

/** The page of what is shown: a document has one of each. */
export function pageOf(view: View): Page {
  return (whole ??= openPage(view));
}

export function usePage(): Page {
  return pageOf(useView());
}

function openPage(view: View): Page {
  const { client, excursion, reading, you } = view;
  const past = new Past(client, excursion, () => reading.inSight());
  return {
    ...view,
    ...ways(view, past),
    opened: signal<Seq | null>(null),
    pointed: signal<Seq | null>(null),
    quoted: new Quoted(client),
    nicks: new KnownNicks(client),
    past,
    older: older(client, past),
    keys: signal(false),
    attention: attention(view),
    draft: keptDraft(),
    newestOfOurs() {
      const ours = client.state.lines.findLast(
        (line) => line.type === 'message' && !line.deleted && line.by.id === you.value?.id,
      );
      return ours?.type === 'message' ? ours : null;
    },
  };
}

/** Why something failed, as a sentence. */
export function sentence({ code, detail }: Failure): string {
  return words.app.failure(code, detail);
}
