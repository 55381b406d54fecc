/** The page's beginning: the client of this room, and the page that shows it. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { followAddress } from './address.ts';
import { App } from './app.tsx';
import { followBadge } from './badge.ts';
import { rememberDraft, rememberedDraft } from './browser-memory.ts';
import { openRoom } from './browser-tabs.ts';
import { openEmbedding } from './embedded.ts';
import { openPage } from './page.ts';
import { followMessages } from './notifier.ts';
import { followSettings, settings } from './settings.ts';
import { listenForShortcuts } from './shortcuts.ts';
import { languagesWanted, speak } from './words/words.ts';

const embedding = openEmbedding();
followSettings();
const preferred = embedding?.languages ?? navigator.languages;
await speak(languagesWanted(settings.value.language, preferred));

const client = openRoom(embedding === null ? 'own' : 'embedded');
const page = openPage(client);
embedding?.follow(page);

followAddress(page);
page.draft.value = rememberedDraft();
effect(() => rememberDraft(page.draft.value));
followBadge(page);
followMessages(client);
listenForShortcuts(page);

const root = document.getElementById('app');
if (root === null) throw new Error('The document has no place for the page');
render(<App page={page} />, root);
