/**
 * Takes the picture of the README: two people in a room, in a real browser, from a real server.
 *
 *     node_modules/.bin/bun scripts/screenshot.ts [FILE]    docs/guide/screenshot.png by default
 *
 * The letters and the emoji in it are those of the machine that it runs on.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBrowser, openPage } from '../test/kit/browser.ts';
import { startServer } from '../test/kit/running-server.ts';

const file = process.argv[2] ?? join(import.meta.dirname, '..', 'docs', 'guide', 'screenshot.png');
const viewport = { width: 1280, height: 800 };

const browser = await openBrowser();
const server = await startServer({ args: ['--title', 'Comet watch'] });

const mira = await openPage(browser, server.url, { viewport, colorScheme: 'dark' });
const johann = await openPage(browser, server.url, { viewport });
await mira.join('Mira');
await johann.join('Johann');
await mira.say('/topic Tonight: 2P/Encke, low in the west from 21:40, north roof');
await mira.page.locator('.topic').waitFor();

await mira.say('Clear sky after all! Who comes up to the roof?');
await johann.sees('Clear sky');
await johann.say('On my way. I bring the small refractor and two thermos flasks.');
await johann.say('Where exactly do we look?');
await mira.sees('Where exactly');
await mira.say('A hand’s width above the water tower, left of the bright star.');
await mira.say('This chart is good: https://minorplanetcenter.net/iau/MPEph/MPEph.html');
await johann.sees('This chart');
await react(johann, 'Clear sky', '🎉');
await react(mira, 'refractor', '❤️');
await react(johann, 'refractor', '❤️');
await johann.say('/me packs the star chart as well, just in case');
await mira.sees('just in case');
await mira.say('Every 3.3 years. It comes back more often than some of my friends.');
await johann.sees('Every 3.3');
await react(johann, 'Every 3.3', '😂');
await mira.page.locator('.said', { hasText: 'Every 3.3' }).locator('.reactions').waitFor();

// One sign of writing is sent in a while; each key is another chance that it is due.
const typing = mira.page.locator('.typing', { hasText: 'Johann is writing' });
while (!(await typing.isVisible())) {
  await johann.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Ha ');
}
// What only this picture would show: the answers to the commands that made it.
await mira.page.reload();
await typing.waitFor();
// Scrolling up loads what is older; a page that shows everything has loaded it by itself.
await mira.page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
await mira.page.getByText('Here the room begins').waitFor({ state: 'attached' });
await mira.page.getByRole('log').evaluate((log) => log.scrollTo({ top: log.scrollHeight }));

await mkdir(dirname(file), { recursive: true });
await mira.page.screenshot({ path: file });
console.log(`${file}: ${(await stat(file)).size} bytes`);

await browser.close();
await server.stop();

async function react(person: typeof mira, text: string, emoji: string): Promise<void> {
  const row = person.page.locator('.said', { hasText: text });
  await row.hover();
  await row.getByRole('button', { name: 'Actions' }).click();
  await row.getByRole('button', { name: `React with ${emoji}` }).click();
  await row.locator('.reactions button[aria-pressed=true]').waitFor();
}
