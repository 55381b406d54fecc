/**
 * Builds the one script that other sites load. Its path never changes, for it stands in their
 * pages, so it has no hash in its name; and it is one function, so that it leaves no name behind.
 */
import { join } from 'node:path';

/** What a page of another site gets for its one line, in bytes of gzip. */
export const widgetBytesMax = 2_000;

/** Bundles the script. */
export async function bundleWidget(): Promise<Uint8Array> {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, 'embed.ts')],
    target: 'browser',
    format: 'iife',
    minify: true,
  });
  const [script, ...others] = outputs;
  if (script === undefined || others.length > 0) {
    throw new Error(`The widget was built into ${outputs.length} files instead of one`);
  }
  return new Uint8Array(await script.arrayBuffer());
}
