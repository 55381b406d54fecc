/**
 * What the page does not need to show the messages: to come in, to write, to search, to see who is
 * here, to be told of what comes. Loaded in one piece, once there is something to read.
 */

// The page itself is named here, and runs no second time, so that all of it stays in one script.
// Without this the bundler cuts what both use out of it, and the two halves take 4 kB more.
import './main.tsx';
import { followBadge } from './attention/badge.ts';
import { followMessages } from './attention/notifier.ts';
import { pageOf } from './page.ts';
import { followAddress } from './reading/ways.ts';
import { listenForShortcuts } from './settings/shortcuts.ts';
import type { View } from './view.ts';
import { enAside } from './words/en-aside.ts';
import { complete } from './words/words.ts';
import { followParting } from './writing/parting.ts';
import { followScreenKeyboard } from './writing/screen-keyboard.ts';

complete(enAside);

/** What happens from now on beside what is drawn: titles change, keys do something, links lead. */
export function begin(view: View): void {
  const page = pageOf(view);
  followAddress(page);
  followBadge(page);
  followMessages(page);
  followParting(page);
  followScreenKeyboard();
  listenForShortcuts(page);
}

export { Actions } from './log/actions.tsx';
export { Answered } from './log/answered.tsx';
export { Banner } from './connection/banner.tsx';
export { Beside } from './beside.tsx';
export { EditForm } from './writing/edit-form.tsx';
export { Empty } from './log/empty.tsx';
export { followHand } from './log/log-hand.ts';
export { Foot } from './foot.tsx';
export { LoadOlder, NewerMessages } from './log/missing.tsx';
export { OtherRow } from './log/other-row.tsx';
export { ReactionPicker } from './log/reaction-picker.tsx';
export { Skip } from './skip.tsx';
export { UnreadAbove } from './reading/unread-above.tsx';
export { whoGave } from './log/reactors.ts';
