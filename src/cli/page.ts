/** The page's files, built when they are missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbedOrigins } from '../chat/settings.ts';
import { buildPage } from '../ui/build.ts';
import { Files } from '../web/files.ts';

/** Where the built page lies. */
export const pageFolder = join(import.meta.dirname, '../../dist/ui');

/** Reads the page; builds it first when that has not been done. */
export async function readPage(embedOrigins: EmbedOrigins): Promise<Files> {
  if (!existsSync(join(pageFolder, 'index.html'))) await buildPage(pageFolder);
  return Files.read(pageFolder, embedOrigins);
}
