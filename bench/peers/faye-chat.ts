/**
 * A chat over Faye, by long polling: publish and subscribe on one channel, as its documentation
 * has it (faye.jcoglan.com/node.html), with its default engine, which keeps in memory what it has
 * not handed over yet.
 *
 * An extension numbers the messages and tells their authors, so that receivers can be compared. It
 * changes nothing in what is delivered.
 *
 *     bun peers/faye-chat.ts --port 8200
 */
import { createServer } from 'node:http';
import { NodeAdapter, type BayeuxMessage } from 'faye';
import { isLine, type Place } from './said.ts';
import { serve, servingOptions } from './serving.ts';
import { openCounter } from './store.ts';

const options = servingOptions();
const counter = openCounter();
/** The places of messages whose acknowledgement is on its way, by who sent them. */
const places = new Map<string, Place>();

const faye = new NodeAdapter({
  mount: '/chat',
  // The value of the documentation's example. A client that is away is remembered for twice as
  // long, so a shorter one would lose more.
  timeout: 45,
});

faye.addExtension({
  incoming(message, pass) {
    if (message.channel !== '/room' || !isLine(message.data)) return pass(message);
    const { key, text } = message.data;
    const { seq, epoch } = counter.add({ key, text });
    places.set(nameOf(message), { seq, epoch });
    return pass({ ...message, data: { key, text, seq, epoch } });
  },
  outgoing(message, pass) {
    if (message.channel === '/meta/subscribe') {
      return pass({ ...message, ext: { seq: counter.head(), epoch: counter.epoch } });
    }
    if (message.channel !== '/room' || message.successful === undefined) return pass(message);
    const place = places.get(nameOf(message));
    places.delete(nameOf(message));
    return pass(place === undefined ? message : { ...message, ext: place });
  },
});

const http = createServer();
faye.attach(http);
serve(http, options);

function nameOf({ clientId, id }: BayeuxMessage): string {
  return `${clientId}/${id}`;
}
