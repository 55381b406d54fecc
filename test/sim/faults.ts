/** What is broken on purpose, and how it is known that it was. */
import { intensity, periodMs } from '../../src/chat/tree.ts';
import type { ServiceName } from '../../src/chat/server.ts';
import type { TreeNode } from '../../src/supervisor/supervisor.ts';
import type { Auditor } from './auditor.ts';
import type { Chance } from './chance.ts';
import type { Copy, Trap } from './disk.ts';
import { hangMsMax } from './disk-thread.ts';
import { changeable, fair, storm } from './network.ts';
import type { World } from './world.ts';

/** Each with how often it comes. */
export const weights = {
  'a service crashes': 6,
  'services crash together': 2,
  'the worker dies before a commit': 3,
  'the worker dies after a commit': 4,
  'the process is killed': 3,
  'the process is killed after a commit': 4,
  'the power fails': 2,
  'the power fails after a commit': 5,
  'the room is stopped and started': 2,
  'an older copy is put back': 2,
  'a backup is restored': 2,
  'the disk is full': 2,
  'the disk is slow': 2,
  'a commit hangs': 1,
  'the process is frozen': 1,
  'the machine is busy': 2,
  'the wall clock jumps': 2,
  'a storm on the network': 4,
} as const satisfies Readonly<Record<string, number>>;

export type FaultName = keyof typeof weights;

const services: readonly ServiceName[] = ['journal', 'room', 'post-office', 'web', 'heartbeat'];
const offMs = [50, 6_000] as const;
/** A service that crashed is back in this time. */
const backMs = 1_500;

export class Faults {
  readonly #world: World;
  readonly #auditor: Auditor;
  readonly #chance: Chance;
  /** Evidence that is awaited: what is set and has not happened yet. */
  readonly #awaited = new Map<Trap, FaultName>();
  #copy: (Copy & { readonly head: number }) | null = null;
  #isStopping = false;
  /** How often something was broken, or was mended. */
  #count = 0;
  #crashedMs: number[] = [];
  #lastingUntilMs = 0;
  /** Nothing more is broken. */
  isOver = false;

  constructor(world: World, auditor: Auditor) {
    this.#world = world;
    this.#auditor = auditor;
    this.#chance = world.chance.of('faults');
    world.disk.trapped = (trap) => this.#trapped(trap);
  }

  strike(): void {
    const name = this.#chance.weighed(weights);
    this.#world.trace.note('fault', name);
    this.#strike(name);
  }

  /** Everything is well from now on. */
  heal(): void {
    const { disk, network, host } = this.#world;
    this.isOver = true;
    disk.trap = null;
    disk.isFull = false;
    disk.syncMs = [0.3, 4];
    network.weather = fair;
    if (host.life !== null) host.life.busyMs = 0;
    if (!this.#isStopping) host.start();
  }

  #strike(name: FaultName): void {
    switch (name) {
      case 'a service crashes':
        return this.#crash(name, [this.#chance.pick(services) ?? 'room']);
      case 'services crash together':
        return this.#crash(
          name,
          services.filter(() => this.#chance.happens(0.5)),
        );
      case 'the worker dies before a commit':
        return this.#set(name, 'worker dies before the commit');
      case 'the worker dies after a commit':
        return this.#set(name, 'worker dies after the commit');
      case 'the process is killed after a commit':
        return this.#set(name, 'process dies after the commit');
      case 'the power fails after a commit':
        return this.#set(name, 'power fails after the commit');
      case 'a commit hangs':
        return this.#set(name, 'commit hangs');
      case 'the process is killed':
        return this.#kill(name);
      case 'the power fails':
        return this.#cutPower(name);
      case 'the room is stopped and started':
        return this.#stop(name, () => 'it stopped in order');
      case 'an older copy is put back':
        return this.#stop(name, (after) => this.#putBack(after));
      case 'a backup is restored':
        return this.#backUp(name);
      case 'a storm on the network':
        return this.#storm(name);
      default:
        return this.#trouble(name);
    }
  }

  /** Those that last for a while. */
  #trouble(name: FaultName): void {
    const { disk, host, timeline } = this.#world;
    const chance = this.#chance;
    const { life } = host;
    switch (name) {
      case 'the disk is full': {
        disk.isFull = true;
        return this.#lasting(name, chance.between(500, 15_000), () => (disk.isFull = false));
      }
      case 'the disk is slow': {
        disk.syncMs = [100, 600];
        return this.#lasting(name, chance.between(2_000, 12_000), () => (disk.syncMs = [0.3, 4]));
      }
      case 'the machine is busy': {
        if (life === null) return;
        life.busyMs = chance.between(2, 14);
        return this.#lasting(name, chance.between(2_000, 10_000), () => (life.busyMs = 0));
      }
      case 'the process is frozen': {
        if (life === null) return;
        const ms = chance.between(100, 4_000);
        life.freeze(ms);
        return this.#lasting(name, ms, () => undefined);
      }
      default: {
        const jumpMs = chance.happens(0.2) ? 13 * 3_600_000 : chance.between(-600_000, 600_000);
        timeline.wallMs += Math.round(jumpMs);
        this.#happened('the wall clock jumps', `by ${Math.round(jumpMs)} ms`);
      }
    }
  }

  #crash(name: FaultName, which: readonly ServiceName[]): void {
    const { host, timeline, trace } = this.#world;
    const crashed = which.filter((service) => host.crash(service));
    if (crashed.length === 0) return;
    this.#happened(name, crashed.join(', '));
    const { life } = host;
    // Under a slow disk, say, it may take longer; and so it does where whole groups are restarted.
    if (this.#lastingUntilMs > timeline.nowMs || this.#recentCrashes() > intensity) return;
    if (this.#isStopping) return;
    const nothingElse = this.#count;
    timeline.after(backMs, () => {
      // Unless something else was broken meanwhile, all services are there again.
      if (this.#count !== nothingElse || host.life !== life || life?.isOver !== false) return;
      const away = host.server === null ? crashed : awayIn(host.server.tree());
      if (away.length > 0) trace.trouble('unserved', `${away.join(', ')} did not come back`);
    });
  }

  #set(name: FaultName, trap: Trap): void {
    this.#world.disk.trap = trap;
    this.#awaited.set(trap, name);
  }

  #trapped(trap: Trap): void {
    const { host, timeline } = this.#world;
    const name = this.#awaited.get(trap) ?? 'a commit hangs';
    const not = trap.includes('before') ? 'not ' : '';
    const evidence = `entries were ${not}committed and not answered`;
    if (trap === 'power fails after the commit') {
      const left = host.cutPower(this.#chance.between(...offMs));
      this.#world.trace.count(left);
      return this.#happened(name, `${evidence}, ${left}`);
    }
    this.#happened(name, evidence);
    if (trap === 'commit hangs') this.#lastingUntilMs = timeline.nowMs + hangMsMax;
    // Within the call of the thread that dies by it nothing else may go on.
    if (trap === 'process dies after the commit') timeline.after(0, () => host.kill());
  }

  #kill(name: FaultName): void {
    const { host } = this.#world;
    if (host.life === null) return;
    host.kill();
    this.#happened(name, 'it is gone');
  }

  #cutPower(name: FaultName): void {
    const { host } = this.#world;
    if (host.life === null) return;
    this.#happened(name, host.cutPower(this.#chance.between(...offMs)));
  }

  /** Stops the room, does something to its folder, and starts it again. */
  #stop(name: FaultName, work: (after: number) => string): void {
    const { host, timeline, recorder, trace } = this.#world;
    if (this.#isStopping || !host.isRunning) return;
    this.#isStopping = true;
    this.#count++;
    const over = recorder.fault(name);
    host.stop();
    const look = (): void => {
      if (host.isRunning || host.life !== null) {
        timeline.after(100, look);
        return;
      }
      const evidence = work(this.#auditor.readTo);
      this.#isStopping = false;
      this.#count++;
      trace.count(name);
      trace.note('fault', evidence);
      over(evidence);
      timeline.after(this.#chance.between(10, 1_000), () => host.start());
    };
    look();
  }

  /** First it only keeps a copy; some time later the room goes back to it. */
  #putBack(after: number): string {
    const { disk, trace, timeline } = this.#world;
    const now = disk.copy(after);
    this.#auditor.take(now.entries);
    const copy = this.#copy;
    if (copy === null || now.head <= copy.head) {
      this.#copy = now;
      timeline.after(this.#chance.between(5_000, 30_000), () => {
        if (!this.isOver) this.#strike('an older copy is put back');
      });
      return `a copy was made at ${now.head}`;
    }
    disk.putBack(copy);
    this.#auditor.cut(copy.head);
    this.#copy = null;
    trace.count('history cut');
    return `the room went back from ${now.head} to ${copy.head}`;
  }

  /** Takes a backup of the room as it runs; some time later the room is restored from it. */
  #backUp(name: FaultName): void {
    const { disk, timeline, trace } = this.#world;
    if (!disk.isSynced || disk.isEmpty) return;
    const file = disk.backUp();
    const { history } = this.#auditor;
    trace.note('fault', 'a backup was taken');
    timeline.after(this.#chance.between(3_000, 30_000), () => {
      // A backup of what was cut off since is of no use to anybody here.
      if (this.isOver || this.#auditor.history !== history) return;
      this.#stop(name, (after) => {
        this.#auditor.take(disk.copy(after).entries);
        const { seq, epoch } = disk.restore(file);
        const { readTo } = this.#auditor;
        this.#auditor.cut(seq, epoch);
        this.#copy = null;
        trace.count('history cut');
        return `the room went back from ${readTo} to ${seq}, under another name`;
      });
    });
  }

  #storm(name: FaultName): void {
    const { network } = this.#world;
    network.weather = storm;
    this.#lasting(name, this.#chance.between(1_000, 20_000), () => {
      network.weather = changeable;
    });
  }

  #lasting(name: FaultName, ms: number, end: () => void): void {
    const { recorder, timeline, trace } = this.#world;
    trace.count(name);
    const over = recorder.fault(name);
    this.#count++;
    this.#lastingUntilMs = Math.max(this.#lastingUntilMs, timeline.nowMs + ms);
    timeline.after(ms, () => {
      over(`for ${Math.round(ms)} ms`);
      this.#count++;
      if (!this.isOver) end();
    });
  }

  #recentCrashes(): number {
    const sinceMs = this.#world.timeline.nowMs - periodMs;
    this.#crashedMs = this.#crashedMs.filter((atMs) => atMs > sinceMs);
    return this.#crashedMs.length;
  }

  #happened(name: FaultName, evidence: string): void {
    const { recorder, trace, timeline } = this.#world;
    this.#count++;
    if (name.includes('crash') || name.includes('worker')) this.#crashedMs.push(timeline.nowMs);
    trace.count(name);
    trace.note('fault', `${name}: ${evidence}`);
    recorder.fault(name)(evidence);
  }
}

/** The services that do not run. */
function awayIn({ id, kind, state, children = [] }: TreeNode): string[] {
  const below = children.flatMap(awayIn);
  return kind === 'service' && state !== 'running' ? [id, ...below] : below;
}
