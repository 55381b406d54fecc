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

export { Actions } from './log/actions.tsx';
export { Announcer } from './attention/announcer.tsx';
export { followBadge } from './attention/badge.ts';
export { BannerWords } from './connection/banner-words.tsx';
export { Comet } from './log/comet.tsx';
export { Composer } from './writing/composer.tsx';
export { EditForm } from './writing/edit-form.tsx';
export { EmojiPicker } from './emoji/emoji-picker.tsx';
export { JoinForm } from './people/join-form.tsx';
export { KeyboardMap } from './settings/keyboard-map.tsx';
export { LogKeys } from './log/log-keys.ts';
export { followMessages } from './attention/notifier.ts';
export { PendingRow } from './log/pending-row.tsx';
export { People } from './people/people.tsx';
export { ReactionPicker } from './log/reaction-picker.tsx';
export { SearchPanel } from './search/search-panel.tsx';
export { SettingsPanel } from './settings/settings-panel.tsx';
export { followScreenKeyboard } from './writing/screen-keyboard.ts';
export { completingIn, SuggestionList } from './writing/suggestion-list.tsx';
