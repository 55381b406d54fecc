/**
 * Chromium over its own protocol. Playwright keeps every page in sight, as it has to for what it is
 * made for; here a page that lies behind another one is hidden, and so can be frozen as a browser
 * freezes it, or crash.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BareBrowser {
  /** Opens a tab before the others. `script` runs in it before anything of the page. */
  open(url: string, script?: string): Promise<BareTab>;
  close(): Promise<void>;
}

export interface BareTab {
  /** What an expression comes to in the page, which goes through JSON. */
  read<T>(expression: string): Promise<T>;
  /** Calls a method of the protocol for this tab. */
  send(method: string, params?: object): Promise<unknown>;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts it. The page is as `openBrowser` has built it. */
export async function openBareBrowser(): Promise<BareBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'encke-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
  const more = ['--disable-background-networking', '--remote-debugging-port=0'];
  const child = spawn(
    process.env['ENCKE_CHROMIUM'] ?? '/usr/bin/chromium',
    [...flags, ...more, `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const socket = new WebSocket(await addressIn(child.stderr));
  await once(socket, 'open');
  const asked = new Map<number, (reply: Reply) => void>();
  let count = 0;
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    asked.get(reply.id ?? 0)?.(reply);
    asked.delete(reply.id ?? 0);
  });

  async function send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++count;
    const { error, result } = await new Promise<Reply>((resolve) => {
      asked.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    if (error) throw new Error(`"${method}": ${error.message}`);
    return result as T;
  }

  return {
    async open(url, script = '') {
      const created = { url: 'about:blank' };
      const { targetId } = await send<{ targetId: string }>('Target.createTarget', created);
      const attached = { targetId, flatten: true };
      const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', attached);
      await send('Page.enable', {}, sessionId);
      await send('Page.addScriptToEvaluateOnNewDocument', { source: script }, sessionId);
      await send('Page.navigate', { url }, sessionId);
      return {
        async read<T>(expression: string) {
          const asking = { expression, returnByValue: true, awaitPromise: true };
          const { result } = await send<{ result: { value: T } }>(
            'Runtime.evaluate',
            asking,
            sessionId,
          );
          return result.value;
        },
        send: async (method, params) => await send(method, params, sessionId),
      };
    },
    async close() {
      const ended = once(child, 'exit');
      await send('Browser.close');
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** It prints where it listens. */
async function addressIn(printed: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of printed) {
    text += String(chunk);
    const [address] = /ws:\S+/.exec(text) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`The browser did not start: ${text}`);
}
