/**
 * The tree of supervision, as data. What stands lower in a list builds upon what stands above it.
 *
 *     encke                rest for one: what builds upon a broken part starts again with it
 *     ├─ store             one for one
 *     │  └─ journal        the worker thread that owns the file
 *     ├─ chat              one for one: each finds its place again in the journal by itself
 *     │  ├─ room           rules and state
 *     │  └─ post office    mailboxes, held polls
 *     └─ edge              one for one
 *        ├─ web            the socket
 *        └─ heartbeat      proof of work for the parent process
 *
 * Above it stands that parent process (`supervisor/guard.ts`), which is small, touches no data, and
 * restarts the whole when it hangs, eats memory, or gives up.
 */
import type { ChildSpec } from '../supervisor/child.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import {
  supervisorChild,
  type AnyChildSpec,
  type SupervisorSpec,
} from '../supervisor/supervisor.ts';

/** The services, each by how it is started. */
export interface Services {
  readonly journal: Service;
  readonly room: Service;
  readonly postOffice: Service;
  readonly web: Service;
  readonly heartbeat: Service;
}

// oxlint-disable-next-line typescript/no-explicit-any -- each service is of its own kind
type Service = Pick<ChildSpec<any>, 'ref' | 'start'>;

/** The original's rule: three restarts in ten seconds are enough. */
export const intensity = 3;
export const periodMs = 10_000;

/** Makes the tree of these services. */
export function treeOf(services: Services, clock: Clock, log: Log): SupervisorSpec {
  const group = (id: string, children: readonly AnyChildSpec[]): AnyChildSpec =>
    supervisorChild({ id, strategy: 'one_for_one', intensity, periodMs, children }, clock, log);
  return {
    id: 'encke',
    strategy: 'rest_for_one',
    intensity,
    periodMs,
    children: [
      group('store', [permanent('journal', services.journal, { startMs: 20_000, stopMs: 5_000 })]),
      group('chat', [
        permanent('room', services.room, { startMs: 20_000, stopMs: 2_000 }),
        permanent('post-office', services.postOffice, { startMs: 5_000, stopMs: 1_000 }),
      ]),
      group('edge', [
        permanent('web', services.web, { startMs: 5_000, stopMs: 4_000 }),
        permanent('heartbeat', services.heartbeat, { startMs: 1_000, stopMs: 1_000 }),
      ]),
    ],
  };
}

function permanent(
  id: string,
  service: Service,
  within: { readonly startMs: number; readonly stopMs: number },
): AnyChildSpec {
  return { id, restart: 'permanent', ...within, ...service };
}
