/**
 * A room over Socket.IO as fast as it can be had: what comes in goes to everybody, nothing is
 * stored, nothing is recovered. Its settings are those of its pages on performance and on memory
 * (socket.io/docs/v4/performance-tuning, socket.io/docs/v4/memory-usage), as far as they concern
 * long polling. The benchmark runs it under Node.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { serve, servingOptions } from './serving.ts';

const http = createServer();
const io = new Server(http, {
  transports: ['polling'],
  // Compression costs more than it saves on replies of this size.
  httpCompression: false,
  perMessageDeflate: false,
  serveClient: false,
});

// "Discard the initial HTTP request": it is kept for every session otherwise.
io.engine.on('connection', (session) => {
  session.request = null;
});

io.on('connection', (socket) => {
  socket.on('say', (line: object) => {
    io.emit('said', line);
  });
});

serve(http, servingOptions());
