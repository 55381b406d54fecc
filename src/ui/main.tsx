/** The page's beginning: the client of this room, and the page that shows it. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { isSecret } from '../copy/pending.ts';
import { followAddress } from './reading/address.ts';
import { App } from './app.tsx';
import { rememberDraft, rememberedDraft } from './browser/memory.ts';
import { openRoom } from './browser/tabs.ts';
import { openPage } from './page.ts';
import type { Embedding } from './embedding/embedded.ts';
import { aside } from './later.tsx';
import { followSettings, settings } from './settings/settings.ts';
import { listenForShortcuts } from './settings/shortcuts.ts';
import { languagesWanted, speak } from './words/words.ts';

// What is loaded on the way imports this file, and would wait for it.
// oxlint-disable-next-line unicorn/prefer-top-level-await
void open();

async function open(): Promise<void> {
  followSettings();
  const embedding = await openEmbedding();
  const preferred = embedding?.languages ?? navigator.languages;
  await speak(languagesWanted(settings.value.language, preferred));

  const client = openRoom(embedding === null ? 'own' : 'embedded');
  const page = openPage(client);
  embedding?.follow(page);

  followAddress(page);
  page.draft.value = rememberedDraft();
  // The code of the keepers is stored nowhere, and not while it is typed either.
  effect(() => rememberDraft(isSecret(page.draft.value) ? '' : page.draft.value));
  listenForShortcuts(page);
  const stopWaiting = effect(() => {
    if (aside.value === null) return;
    aside.value.followBadge(page);
    aside.value.followMessages(page);
    aside.value.followScreenKeyboard();
    queueMicrotask(() => stopWaiting());
  });

  const root = document.getElementById('app');
  if (root === null) throw new Error('The document has no place for the page');
  render(<App page={page} />, root);
}

/** What only a page in a frame of another site needs, is loaded only there. */
async function openEmbedding(): Promise<Embedding | null> {
  const mayBeEmbedded = new URLSearchParams(location.search).get('embed') === '1';
  return mayBeEmbedded ? (await import('./embedding/embedded.ts')).openEmbedding() : null;
}
