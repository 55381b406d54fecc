/**
 * Members of the Socket.IO chat, by its own client: long polling only, and sending again until it
 * is acknowledged (`ackTimeout` with `retries`), as its page on delivery guarantees has it.
 */
import { io } from 'socket.io-client';
import { runCrew, type Place } from '../../test/torture/peers/crew.ts';
import type { Said } from './said.ts';

runCrew((url, _who, screen) => {
  const socket = io(url, {
    transports: ['polling'],
    auth: {},
    ackTimeout: 10_000,
    // The documentation has 3. Those who want a message to arrive after a minute without a network
    // ask for more: each try takes ten seconds.
    retries: 10,
    // The members share a process, and must not share a connection.
    forceNew: true,
  });
  let hasBegun = false;
  socket.on('welcome', (place: Place) => {
    socket.auth['offset'] ??= place.seq;
    if (!hasBegun) screen.begins(place);
    hasBegun = true;
  });
  socket.on('said', (said: Said) => {
    screen.shows(said);
    socket.auth['offset'] = said.seq;
  });
  return {
    say: async (key, text) => (await socket.emitWithAck('say', { key, text })) as Place,
  };
});
