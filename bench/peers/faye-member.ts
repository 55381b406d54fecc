/**
 * Members of the Faye chat, by its own client: long polling only. It sends a message again until it
 * is acknowledged, without limit, which is its default.
 */
import { Client, type BayeuxMessage } from 'faye';
import { runCrew, type Place } from '../../test/torture/peers/crew.ts';
import { isLine, type Said } from './said.ts';

runCrew((url, _who, screen) => {
  const client = new Client(`${url}/chat`, {
    // Seconds until the next try after a lost connection; the default is 5.
    retry: 1,
  });
  client.disable('websocket');
  client.disable('eventsource');

  /** What the server's extension has told: by the protocol's id of a message, then by its key. */
  const keys = new Map<string, string>();
  const places = new Map<string, Place>();
  let hasBegun = false;
  client.addExtension({
    outgoing(message, pass) {
      if (message.channel === '/room' && isLine(message.data)) {
        keys.set(String(message.id), message.data.key);
      }
      pass(message);
    },
    incoming(message, pass) {
      if (message.channel === '/meta/subscribe' && message.successful === true && !hasBegun) {
        hasBegun = true;
        screen.begins(message.ext as Place);
      }
      if (message.channel === '/room' && message.successful === true) learn(message);
      pass(message);
    },
  });
  void client.subscribe('/room', (data) => screen.shows(data as Said)).then(() => undefined);

  return {
    async say(key, text) {
      await client.publish('/room', { key, text });
      const place = places.get(key);
      places.delete(key);
      if (place === undefined) throw new Error(`"${key}" was acknowledged without a place`);
      return place;
    },
  };

  function learn({ id, ext }: BayeuxMessage): void {
    const key = keys.get(String(id));
    keys.delete(String(id));
    if (key !== undefined && ext !== undefined) places.set(key, ext as Place);
  }
});
