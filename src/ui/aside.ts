/**
 * What the page does not need to be read in: to come in, to write, to search. Loaded in one piece,
 * when the first of it is asked for.
 */

// The page itself is named here, and runs no second time, so that all of it stays in one script.
// Without this the bundler cuts what both use out of it, and the two halves take 4 kB more.
import './main.tsx';

export { Actions } from './actions.tsx';
export { Composer } from './composer.tsx';
export { EditForm } from './edit-form.tsx';
export { EmojiPicker } from './emoji-picker.tsx';
export { JoinForm } from './join-form.tsx';
export { KeyboardMap } from './keyboard-map.tsx';
export { PendingRow } from './pending-row.tsx';
export { SearchPanel } from './search-panel.tsx';
export { SettingsPanel } from './settings-panel.tsx';
export { completingIn, SuggestionList } from './suggestion-list.tsx';
