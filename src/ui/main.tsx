/** The page's beginning: the client of this room, and the page that shows it. */
import { render } from 'preact';
import { App } from './app.tsx';
import { openRoom } from './browser/tabs.ts';
import type { Embedding } from './embedding/embedded.ts';
import { whenThere } from './later.tsx';
import { leadToAddress } from './reading/address.ts';
import { followSettings, settings } from './settings/settings.ts';
import { openView } from './view.ts';
import { languagesWanted, speak } from './words/words.ts';

// What is loaded on the way imports this file, and would wait for it.
// oxlint-disable-next-line unicorn/prefer-top-level-await
void open();

async function open(): Promise<void> {
  followSettings();
  const embedding = await openEmbedding();
  const preferred = embedding?.languages ?? navigator.languages;
  await speak(languagesWanted(settings.value.language, preferred));

  const view = openView(openRoom(embedding === null ? 'own' : 'embedded'));
  embedding?.follow(view);
  leadToAddress(view);
  void whenThere.then(({ begin }) => begin(view));

  const root = document.getElementById('app');
  if (root === null) throw new Error('The document has no place for the page');
  render(<App view={view} />, root);
}

/** What only a page in a frame of another site needs, is loaded only there. */
async function openEmbedding(): Promise<Embedding | null> {
  const mayBeEmbedded = new URLSearchParams(location.search).get('embed') === '1';
  return mayBeEmbedded ? (await import('./embedding/embedded.ts')).openEmbedding() : null;
}
