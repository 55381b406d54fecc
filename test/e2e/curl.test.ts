/**
 * The shell steps of `docs/protocol.md`, run as they stand there, beside two people in browsers. A
 * step that does not work any more is a document that lies.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { PollReply } from '../../src/protocol/replies.ts';
import { openBrowser, openPage, type Person } from '../kit/browser.ts';
import { startServer, type RunningServer } from '../kit/running-server.ts';

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'encke-curl-'));
let browser: Browser;
let server: RunningServer;
let grace: Person;
let bo: Person;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer();
  grace = await openPage(browser, server.url);
  bo = await openPage(browser, server.url);
  await grace.join('Grace');
  await bo.join('Bo');
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The steps of the document, against our own server, and what the last of them printed. */
async function runSteps(more: string): Promise<string> {
  const document = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');
  const steps = /```sh\n([\s\S]+?)```/.exec(document)?.[1];
  if (steps === undefined) throw new Error('The document has no shell steps');
  const script = `set -e\n${steps}\necho\n${more}`.replaceAll('localhost:8000', server.url);
  const shell = Bun.spawn(['bash', '-c', script], { cwd: folder, stdout: 'pipe', stderr: 'pipe' });
  const printed = await new Response(shell.stdout).text();
  expect(await shell.exited).toBe(0);
  return printed;
}

test('two browsers and a shell with curl see each other’s messages', async () => {
  // After the steps, the shell goes on polling. A reply without entries is no end: somebody types.
  const next = `
    for TURN in 1 2 3 4 5 6 7 8 9 10; do
      REPLY=$(curl -s "localhost:8000/v1/poll?after=$CURSOR" -H "Authorization: Bearer $TOKEN")
      CURSOR=$(echo "$REPLY" | sed 's/.*"cursor":"\\([^"]*\\)".*/\\1/')
      echo "$REPLY"
      case "$REPLY" in *"Hello shell"*) break;; esac
    done`;
  const running = runSteps(next);
  await grace.sees('Hello from curl');
  await bo.sees('Hello from curl');
  await grace.say('Hello shell');
  await bo.sees('Hello shell');
  const lines = (await running).trim().split('\n').slice(1);
  const replies = lines.map((line) => JSON.parse(line) as PollReply);
  const texts = replies.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : [])),
  );
  // The steps kept the cursor of the join, so polling from it brings both again.
  expect(texts).toEqual(['Hello from curl', 'Hello shell']);
});
