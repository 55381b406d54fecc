/**
 * The application: opens the journal, reads the secrets, starts the tree, and stops everything in
 * order. This is the one place that knows all the parts.
 */
import { newEpoch } from '../journal/hash.ts';
import { openSqliteJournal, type RunningWorker, type SqliteJournal } from '../journal/sqlite.ts';
import { limits } from '../protocol/limits.ts';
import { reporting, type ChildContext, type Running } from '../supervisor/child.ts';
import type { Log } from '../supervisor/log.ts';
import { Ref } from '../supervisor/ref.ts';
import { Supervisor, type TreeNode } from '../supervisor/supervisor.ts';
import type { Files } from '../web/files.ts';
import type { Listener } from '../http/listener.ts';
import { trustProxies } from '../web/address.ts';
import { Feeds } from '../web/plain/feeds.ts';
import { Proofs } from '../web/proof.ts';
import { sendProblem } from '../web/responses.ts';
import { Sessions } from '../web/session.ts';
import { SnapshotText } from '../web/snapshot-text.ts';
import { Web } from '../web/web.ts';
import { Heartbeat, type Beat } from './heartbeat.ts';
import { realMachine, type Machine } from './machine.ts';
import { PaceBook } from './pace.ts';
import { PostOffice } from './post-office.ts';
import { Room } from './room.ts';
import { keepPrivate, readSecrets } from './secrets.ts';
import type { GivenSettings, Settings } from './settings.ts';
import { treeOf, type Services } from './tree.ts';

export interface ServerParts {
  readonly settings: GivenSettings;
  readonly files: Files;
  readonly log: Log;
  readonly version: string;
  /** Other parts of a machine than those of this one. */
  readonly machine?: Partial<Machine>;
  /** Hears the heartbeat. */
  readonly beat?: (beat: Beat) => void;
  /** Restarting did not help, or the disk cannot be trusted: the process must end. */
  readonly failed: (reason: unknown) => void;
}

export type ServiceName = 'journal' | 'room' | 'post-office' | 'web' | 'heartbeat';

/** How long requests that are under way may take when the server stops, in milliseconds. */
const graceMs = 1_500;
/** The same when the web alone is restarted: its members are waiting. */
const restartGraceMs = 100;

export class Server {
  readonly #parts: ServerParts;
  readonly #machine: Machine;
  readonly #settings: Settings;
  readonly #journal: SqliteJournal;
  readonly #sessions: Sessions;
  readonly #secret: Uint8Array;
  readonly #supervisor: Supervisor;
  readonly #journalWorker = new Ref<RunningWorker>('journal');
  readonly #room = new Ref<Room>('room');
  readonly #postOffice = new Ref<PostOffice>('post-office');
  readonly #web = new Ref<Listener>('web');
  readonly #heartbeat = new Ref<Heartbeat>('heartbeat');
  /** What the post office does just now, for the network: it lets others wait meanwhile. */
  readonly #telling = { isOn: false };
  readonly #contexts = new Map<ServiceName, ChildContext>();
  #port: number;
  #url = '';
  #isStopping = false;

  private constructor(
    parts: ServerParts,
    machine: Machine,
    journal: SqliteJournal,
    settings: Settings,
    secret: Uint8Array,
  ) {
    this.#parts = parts;
    this.#machine = machine;
    this.#journal = journal;
    this.#settings = settings;
    this.#secret = secret;
    this.#port = settings.port;
    const { clock } = machine;
    this.#sessions = new Sessions(secret, () => clock.now());
    const spec = treeOf(this.#services(), clock, parts.log);
    this.#supervisor = new Supervisor(spec, clock, parts.log, parts.failed);
  }

  /**
   * Starts the chat. Throws when it cannot start at all: `JournalRefused`, `BadSecret`, or the
   * system's error when the port is taken.
   */
  static async start(parts: ServerParts): Promise<Server> {
    const { settings: given, log } = parts;
    const machine = { ...realMachine, ...parts.machine };
    keepPrivate();
    const journal = await openSqliteJournal({
      ...machine,
      folder: given.data,
      log,
      epoch: newEpoch(machine.random),
      failed: parts.failed,
    });
    try {
      const secrets = readSecrets(given.data, machine.random);
      const settings = { ...given, keeperCode: given.keeperCode ?? secrets.keeperCode };
      const server = new Server(parts, machine, journal, settings, secrets.key);
      await server.#supervisor.start();
      return server;
    } catch (reason) {
      await journal.close().catch(() => undefined);
      throw reason;
    }
  }

  /** Where a browser finds it. */
  url(): string {
    return this.#url;
  }

  port(): number {
    return this.#port;
  }

  tree(): TreeNode {
    return this.#supervisor.tree();
  }

  /**
   * Stops: accepts nothing new, sends every held poll away, lets what is under way finish, flushes
   * the journal and closes it. Calling it twice is harmless.
   */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#postOffice.get()?.drain();
    await this.#supervisor.stop();
    await this.#journal.close();
  }

  /** Makes a service crash, as a broken assumption in it would. For tests of supervision. */
  crash(service: ServiceName): void {
    if (service === 'journal') this.#journalWorker.now().kill();
    else this.#contexts.get(service)?.crashed(new Error(`The service "${service}" was killed`));
  }

  // --- The services, each by how it is started --------------------------------------------------

  #services(): Services {
    return {
      journal: { ref: this.#journalWorker, start: (context) => this.#startJournal(context) },
      room: { ref: this.#room, start: (context) => this.#startRoom(context) },
      postOffice: { ref: this.#postOffice, start: (context) => this.#startPostOffice(context) },
      web: { ref: this.#web, start: (context) => this.#startWeb(context) },
      heartbeat: { ref: this.#heartbeat, start: (context) => this.#startHeartbeat(context) },
    };
  }

  async #startJournal({ crashed }: ChildContext): Promise<Running<RunningWorker>> {
    const worker = await this.#journal.openWorker({ crashed });
    return { service: worker, stop: () => worker.stop() };
  }

  async #startRoom(context: ChildContext): Promise<Running<Room>> {
    this.#contexts.set('room', context);
    const { log } = this.#parts;
    const parts = {
      journal: this.#journal,
      clock: this.#machine.clock,
      random: this.#machine.random,
      log,
      secret: this.#secret,
      settings: this.#settings,
    };
    const room = await Room.open(parts, context.crashed);
    return { service: reporting(room, context.crashed), stop: () => room.close() };
  }

  async #startPostOffice(context: ChildContext): Promise<Running<PostOffice>> {
    this.#contexts.set('post-office', context);
    const parts = {
      journal: this.#journal,
      room: this.#room,
      clock: this.#machine.clock,
      random: this.#machine.chance,
      log: this.#parts.log,
      memory: this.#machine.memory,
      telling: this.#telling,
      heldPollsMax: this.#settings.heldPollsMax,
      crashed: context.crashed,
    };
    const office = await PostOffice.open(parts);
    return { service: reporting(office, context.crashed), stop: () => office.close() };
  }

  #startWeb(context: ChildContext): Running<Listener> {
    this.#contexts.set('web', context);
    const web = new Web({
      room: this.#room,
      postOffice: this.#postOffice,
      journal: this.#journal,
      sessions: this.#sessions,
      proofs: new Proofs(this.#sessions),
      settings: this.#settings,
      files: this.#parts.files,
      clock: this.#machine.clock,
      log: this.#parts.log,
      version: this.#parts.version,
      snapshot: new SnapshotText(),
      feeds: new Feeds(),
      reads: new PaceBook({ burst: limits.readBurst, everyMs: limits.readMs }),
      tree: () => this.tree(),
      isDraining: () => this.#isStopping,
      trusted: trustProxies(this.#settings.trustedProxies),
    });
    const listener = this.#machine.listen({
      host: this.#settings.host,
      // After a restart members look for it where it was.
      port: this.#port,
      clock: this.#machine.clock,
      telling: this.#telling,
      answer: (request, exchange) => web.answer(request, exchange),
      problem: sendProblem,
    });
    this.#port = listener.port;
    this.#url = listener.url;
    const stop = async (): Promise<void> => {
      if (!this.#isStopping) this.#postOffice.get()?.disperse();
      await listener.stop(this.#isStopping ? graceMs : restartGraceMs);
    };
    return { service: listener, stop };
  }

  #startHeartbeat(context: ChildContext): Running<Heartbeat> {
    this.#contexts.set('heartbeat', context);
    const heartbeat = new Heartbeat({
      journal: this.#journal,
      postOffice: this.#postOffice,
      clock: this.#machine.clock,
      tell: this.#parts.beat ?? (() => undefined),
    });
    heartbeat.start();
    return { service: heartbeat, stop: () => heartbeat.stop() };
  }
}
