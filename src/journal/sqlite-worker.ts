/** The journal's thread: a clerk, and the way to and from it. */
import { Clerk } from './sqlite-clerk.ts';
import type { ToWorker } from './sqlite-messages.ts';
import { pack, unpack } from './sqlite-thread.ts';

declare const self: Worker;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
const clerk = new Clerk((message) => self.postMessage(pack(message)));

self.addEventListener('message', ({ data }: MessageEvent<string>) =>
  clerk.hear(unpack(data) as ToWorker),
);
