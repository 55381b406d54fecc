/**
 * Takes pictures of every state of the page, in light and dark, at a desk and on a phone, from a
 * real server in a real browser: for who looks at them, and mends what they see.
 *
 *     node_modules/.bin/bun scripts/screenshots.ts FOLDER [SCENE ...]
 *
 * The letters and the emoji in them are those of the machine that it runs on.
 */
import { mkdir } from 'node:fs/promises';
import { openBrowser } from '../test/kit/browser.ts';
import { apart } from './scenes/apart.ts';
import { beside } from './scenes/beside.ts';
import { coming } from './scenes/coming.ts';
import { reading } from './scenes/reading.ts';
import { Stage, type Scene } from './scenes/stage.ts';
import { trouble } from './scenes/trouble.ts';
import { writing } from './scenes/writing.ts';

const scenes: readonly Scene[] = [coming, reading, writing, beside, trouble, apart].flat();

const [folder = '', ...wanted] = process.argv.slice(2);
if (folder === '') throw new Error('Say in which folder the pictures belong');
await mkdir(folder, { recursive: true });

const browser = await openBrowser();
for (const scene of scenes) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  for (const device of ['desk', 'phone'] as const) {
    if (scene.device !== undefined && scene.device !== device) continue;
    await using stage = new Stage(browser, device, folder);
    // One that cannot be reached is named, and the others are seen.
    await scene.play(stage).catch((error: unknown) => {
      console.error(`${scene.name} (${device}): ${String(error)}`);
      process.exitCode = 1;
    });
  }
}
await browser.close();
