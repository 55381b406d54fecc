/** Ways between tabs and workers over what browsers have for that. */
import type { Port } from './messages.ts';

export function overPort<In, Out>(port: MessagePort): Port<In, Out> {
  return {
    post: (message) => port.postMessage(message),
    listen(listener) {
      port.addEventListener('message', ({ data }) => listener(data as In));
      port.start();
    },
    close: () => port.close(),
  };
}

export function overChannel(channel: BroadcastChannel): Port<unknown, unknown> {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it stays in its origin
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
    close: () => channel.close(),
  };
}
