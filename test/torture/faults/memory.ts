/** There is no more memory: the system's limit is reached, or our own. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../kit/serving-process.ts';
import { until } from '../../kit/until.ts';
import { nothing, type Fault } from './fault.ts';

/** What the process may take beyond what it has; and what it is made to take. */
const groupMegabytes = 48;
const eatenMegabytes = 200;
/** Above `--memory-max-mb`, whatever it takes already. */
const gluttonMegabytes = 900;

/** How a control group limits memory, in the two versions of that interface. */
const versions = [
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    events: 'memory.oom_control',
  },
  { root: '/sys/fs/cgroup', limit: 'memory.max', events: 'memory.events' },
] as const;

const version = versions.find(({ root }) => {
  if (root !== '/sys/fs/cgroup') return existsSync(join(root, 'tasks'));
  return readIf(join(root, 'cgroup.subtree_control')).includes('memory');
});

export const outOfMemory: Fault = {
  name: 'out-of-memory',
  endsProcess: true,
  weight: 1,
  needs: () => (version === undefined ? 'no control group of memory can be had here' : null),
  async inject(stage) {
    if (version === undefined) throw new Error('There are no control groups here');
    const pid = stage.mustPid();
    const group = join(version.root, `encke-torture-${process.pid}`);
    mkdirSync(group);
    try {
      writeFileSync(join(group, version.limit), `${groupMegabytes * 1_048_576}`);
      writeFileSync(join(group, 'cgroup.procs'), `${pid}`);
      await stage.inside({ do: 'eat', mb: eatenMegabytes }).catch(() => undefined);
      await until('the system to kill it', () => !isAlive(pid));
      const events = readFileSync(join(group, version.events), 'utf8');
      const kills = /^oom_kill (\d+)$/m.exec(events)?.[1] ?? '0';
      if (kills === '0') throw new Error(`The system killed nobody: ${events}`);
      return `oom_kill ${kills} of pid ${pid}, ${await stage.serves(pid)} serves`;
    } finally {
      await until('the group to be empty', () => removed(group)).catch(() => undefined);
    }
  },
};

export const glutton: Fault = {
  name: 'memory-limit',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const mark = stage.mark();
    const eaten = stage.inside({ do: 'eat', mb: gluttonMegabytes }).catch(() => undefined);
    const line = await stage.logged(/"The serving process is killed".*MB of memory/, mark);
    await eaten;
    await stage.serves(pid);
    return line;
  },
};

function readIf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}
