/** The page's beginning: the client of this room, and the page that shows it. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { connect } from '../client/client.ts';
import { App } from './app.tsx';
import { rememberDraft, rememberedDraft, tabStorage } from './browser-memory.ts';
import { openEmbedding } from './embedded.ts';
import { openPage } from './page.ts';
import { speak, words } from './words/words.ts';

const embedding = openEmbedding();
await speak(embedding?.languages ?? navigator.languages);

const storage = tabStorage();
const client = connect({
  url: '',
  ...(storage && { storage }),
  ...(embedding && { credentials: 'bearer' }),
});
const page = openPage(client);
embedding?.follow(page);

page.draft.value = rememberedDraft();
effect(() => rememberDraft(page.draft.value));
effect(() => {
  const title = page.room.value?.title ?? words.app.name;
  const missed = page.attention.missed.value;
  document.title = missed === 0 ? title : `(${missed}) ${title}`;
});

const root = document.getElementById('app');
if (root === null) throw new Error('The document has no place for the page');
render(<App page={page} />, root);
