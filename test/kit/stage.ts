/**
 * What the tests of a file have in common: a browser, and a server of their own. To be awaited
 * at the top of the file; when all of its tests are through, both are closed.
 */
import { afterAll } from 'bun:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { startServer, type RunningServer, type ServerOptions } from './running-server.ts';

export interface Stage {
  readonly browser: Browser;
  readonly server: RunningServer;
}

export async function openStage(options: ServerOptions = {}): Promise<Stage> {
  const browser = await openBrowser();
  const server = await startServer(options);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  return { browser, server };
}
