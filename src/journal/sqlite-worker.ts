/** The journal's thread: a clerk, and the way to and from it. */
import { Clerk } from './sqlite-clerk.ts';
import type { ToWorker } from './sqlite-messages.ts';

declare const self: Worker;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
const clerk = new Clerk((message) => self.postMessage(message));

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => clerk.hear(data));
