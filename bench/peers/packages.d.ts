/**
 * As much of the peers' packages as is used here. They are installed for a run of the benchmark
 * and of the comparison only; types and lint must be the same with and without them.
 */
declare module 'socket.io' {
  import type { Server as HttpServer } from 'node:http';

  export interface ServerOptions {
    readonly transports?: readonly 'polling'[];
    readonly connectionStateRecovery?: {
      readonly maxDisconnectionDuration?: number;
      readonly skipMiddlewares?: boolean;
    };
    readonly httpCompression?: boolean;
    readonly perMessageDeflate?: boolean;
    readonly serveClient?: boolean;
  }

  export interface Socket {
    /** Whether what was missed since the last connection is sent by Socket.IO itself. */
    readonly recovered: boolean;
    readonly handshake: { readonly auth: Readonly<Record<string, unknown>> };
    on(event: string, listener: (...details: never[]) => void): this;
    emit(event: string, ...details: readonly unknown[]): boolean;
  }

  /** A session of Engine.IO, below Socket.IO. */
  export interface Session {
    request: unknown;
  }

  export class Server {
    constructor(http: HttpServer, options: ServerOptions);
    readonly engine: { on(event: 'connection', listener: (session: Session) => void): void };
    on(event: 'connection', listener: (socket: Socket) => void): this;
    emit(event: string, ...details: readonly unknown[]): boolean;
  }
}

declare module 'socket.io-client' {
  export interface SocketOptions {
    readonly transports?: readonly 'polling'[];
    readonly auth?: Record<string, unknown>;
    readonly ackTimeout?: number;
    readonly retries?: number;
    readonly forceNew?: boolean;
    readonly reconnectionDelay?: number;
    readonly reconnectionDelayMax?: number;
  }

  export interface Socket {
    readonly recovered: boolean;
    auth: Record<string, unknown>;
    on(event: string, listener: (...details: never[]) => void): this;
    emitWithAck(event: string, ...details: readonly unknown[]): Promise<unknown>;
    disconnect(): this;
  }

  export function io(url: string, options: SocketOptions): Socket;
}

declare module 'faye' {
  import type { Server as HttpServer } from 'node:http';

  /** A message of the Bayeux protocol, in either direction. */
  export interface BayeuxMessage {
    readonly channel: string;
    readonly id?: string;
    readonly clientId?: string;
    readonly subscription?: string;
    readonly successful?: boolean;
    readonly data?: unknown;
    ext?: unknown;
  }

  /** Sees each message on its way, and hands it on. */
  export interface Extension {
    incoming?(message: BayeuxMessage, pass: (message: BayeuxMessage) => void): void;
    outgoing?(message: BayeuxMessage, pass: (message: BayeuxMessage) => void): void;
  }

  export class NodeAdapter {
    constructor(options: { readonly mount: string; readonly timeout: number });
    addExtension(extension: Extension): void;
    attach(http: HttpServer): void;
  }

  export class Client {
    constructor(url: string, options: { readonly timeout?: number; readonly retry?: number });
    addExtension(extension: Extension): void;
    disable(feature: 'websocket' | 'eventsource' | 'autodisconnect'): void;
    subscribe(channel: string, listener: (data: unknown) => void): PromiseLike<void>;
    publish(channel: string, data: unknown): PromiseLike<void>;
    disconnect(): void;
  }
}
