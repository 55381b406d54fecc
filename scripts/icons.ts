/**
 * Draws the icons that must be pixels from those that are paths, with the system's Chromium:
 *
 *     node_modules/.bin/bun scripts/icons.ts
 *
 * What it makes is committed: a build needs no browser.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = join(import.meta.dirname, '..', 'src', 'ui', 'icons');

/** A touch icon has no corners of its own, as a maskable one has none: the system cuts them. */
const drawings = [
  { source: 'app.svg', name: 'app-192.png', sizePx: 192 },
  { source: 'app.svg', name: 'app-512.png', sizePx: 512 },
  { source: 'app-maskable.svg', name: 'app-maskable-512.png', sizePx: 512 },
  { source: 'app-maskable.svg', name: 'apple-touch-icon.png', sizePx: 180 },
] as const;

const browser = await chromium.launch({
  executablePath: process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { source, name, sizePx } of drawings) {
  const page = await browser.newPage({ viewport: { width: sizePx, height: sizePx } });
  const drawing = Buffer.from(await readFile(join(folder, source))).toString('base64');
  await page.setContent(
    `<body style="margin:0"><img style="display:block;width:100vw" src="data:image/svg+xml;base64,${drawing}">`,
  );
  await page.locator('img').evaluate(async (image: HTMLImageElement) => await image.decode());
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
