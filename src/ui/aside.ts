/**
 * What the page does not need to show the messages: to come in, to write, to search, to see who is
 * here, to be told of what comes. Loaded in one piece, once the first of it is to be drawn.
 */

// The page itself is named here, and runs no second time, so that all of it stays in one script.
// Without this the bundler cuts what both use out of it, and the two halves take 4 kB more.
import './main.tsx';
import { enAside } from './words/en-aside.ts';
import { complete } from './words/words.ts';

complete(enAside);

export { Actions } from './actions.tsx';
export { Announcer } from './announcer.tsx';
export { followBadge } from './badge.ts';
export { BannerWords } from './banner-words.tsx';
export { Comet } from './comet.tsx';
export { Composer } from './composer.tsx';
export { EditForm } from './edit-form.tsx';
export { EmojiPicker } from './emoji-picker.tsx';
export { JoinForm } from './join-form.tsx';
export { KeyboardMap } from './keyboard-map.tsx';
export { LogKeys } from './log-keys.ts';
export { followMessages } from './notifier.ts';
export { PendingRow } from './pending-row.tsx';
export { People } from './people.tsx';
export { ReactionPicker } from './reaction-picker.tsx';
export { SearchPanel } from './search-panel.tsx';
export { SettingsPanel } from './settings-panel.tsx';
export { completingIn, SuggestionList } from './suggestion-list.tsx';
