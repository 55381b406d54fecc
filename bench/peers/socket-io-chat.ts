/**
 * A chat over Socket.IO, restricted to long polling: what its own tutorial arrives at when it is
 * done (socket.io/docs/v4/tutorial, steps 6 to 8: connection state recovery, server delivery,
 * client delivery), with the settings that its page on delivery guarantees recommends.
 *
 * A message is stored under the name that its author's client gave it, then sent to everybody with
 * its number, then acknowledged. Who was away tells the last number that they have, and is sent
 * what came after, unless Socket.IO's own recovery has done it.
 *
 *     bun peers/socket-io-chat.ts --port 8100 --data peer-data
 *     bun peers/socket-io-chat.ts --port 8100 --memory     nothing is stored, as in step 6
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { isLine } from './said.ts';
import { serve, servingOptions } from './serving.ts';
import { openCounter, openStore } from './store.ts';

const options = servingOptions();
const store = options.memory ? openCounter() : openStore(options.data);
const http = createServer();
const io = new Server(http, {
  transports: ['polling'],
  // The duration is the one that the documentation proposes.
  connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1_000, skipMiddlewares: true },
});

io.on('connection', (socket) => {
  const { epoch } = store;
  // Objects, never a bare string: the client takes a string in the last place for the offset of
  // Socket.IO's own recovery.
  if (!socket.recovered) {
    const offset = Number(socket.handshake.auth['offset'] ?? store.head());
    socket.emit('welcome', { epoch, seq: offset });
    for (const said of store.after(offset)) socket.emit('said', said);
  }
  socket.on('say', (line: unknown, acknowledge: (place: object) => void) => {
    if (!isLine(line) || typeof acknowledge !== 'function') return;
    const { seq, isNew } = store.add(line);
    if (isNew) io.emit('said', { ...line, seq, epoch });
    acknowledge({ seq, epoch });
  });
});

serve(http, options);
