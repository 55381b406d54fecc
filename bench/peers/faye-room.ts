/**
 * A room over Faye, by long polling, as its documentation has it, with its own engine in memory and
 * no extension: publish and subscribe on one channel. The benchmark runs it under Node.
 */
import { createServer } from 'node:http';
import { NodeAdapter } from 'faye';
import { serve, servingOptions } from './serving.ts';

const http = createServer();
const faye = new NodeAdapter({
  mount: '/chat',
  // The value of the documentation's example: the longest hold that common proxies allow.
  timeout: 45,
});
faye.attach(http);
serve(http, servingOptions());
