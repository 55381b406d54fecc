/** What whoever runs the room asks: does it live, is it ready, what is it. */
import { Answer } from '../http/answer.ts';
import type { TreeNode } from '../supervisor/supervisor.ts';
import type { Call } from './call.ts';
import { send, sendNothing } from './responses.ts';

/** The process answers. */
export function getHealth(): Answer {
  return send({ status: 'ok' });
}

/** Every service runs, and the process is not about to stop. Shows the tree and its restarts. */
export function getReady(call: Call): Answer {
  const { tree, isDraining, postOffice, room } = call.parts;
  const root = tree();
  const isReady = isRunning(root) && !isDraining();
  const load = postOffice.get()?.load() ?? null;
  const online = room.get()?.presence().online ?? null;
  return send(
    { ready: isReady, draining: isDraining(), online, load, tree: root },
    isReady ? 200 : 503,
  );
}

/** Figures for Prometheus, in its text format 0.0.4. No nick, text or address among them. */
export function getMetrics(call: Call): Answer {
  const { journal, postOffice, room, tree } = call.parts;
  const load = postOffice.get()?.load();
  const figures: readonly (readonly [string, string, string, number])[] = [
    ['encke_journal_seq', 'counter', 'Entries in the journal', journal.head().seq],
    ['encke_members', 'gauge', 'Members in the room', room.get()?.presence().online ?? 0],
    ['encke_held_polls', 'gauge', 'Polls that are held', load?.held ?? 0],
    ['encke_mailboxes', 'gauge', 'Mailboxes', load?.mailboxes ?? 0],
    ['encke_ring_bytes', 'gauge', 'Bytes of encoded entries kept', load?.ringBytes ?? 0],
    ['encke_restarts', 'gauge', 'Restarts of the services that run', restartsIn(tree())],
    ['encke_resident_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss()],
  ];
  const text = figures
    .map(
      ([name, type, help, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    )
    .join('');
  const fields = { 'Content-Type': 'text/plain; version=0.0.4', 'Cache-Control': 'no-store' };
  return new Answer(200, fields, text);
}

export function getVersion(call: Call): Answer {
  return send({ name: 'encke', version: call.parts.version });
}

/** A preflight: what a page on an allowed origin may do. */
export function preflight(call: Call): Answer {
  return sendNothing(call.cors);
}

function isRunning(node: TreeNode): boolean {
  return node.state === 'running' && (node.children ?? []).every(isRunning);
}

function restartsIn(node: TreeNode): number {
  return (node.children ?? []).reduce((sum, child) => sum + restartsIn(child), node.restarts);
}
