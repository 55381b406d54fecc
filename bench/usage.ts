/** What a process and everything below it uses, as the kernel of Linux accounts for it. */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's unit in /proc: a hundredth of a second on every common build. */
const tickMs = 10;

/**
 * Processor time so far, in milliseconds, of all threads that run: the scheduler's own account,
 * which is exact to the nanosecond. That in /proc/PID/stat is the same, rounded to hundredths of a
 * second, which is more than a thousand deliveries take.
 */
export function cpuMs(pid: number): number {
  return sum(familyOf(pid), (member) => sum(tasksOf(member), taskCpuMs));
}

/** Resident memory, in bytes. */
export function residentBytes(pid: number): number {
  return sum(familyOf(pid), (member) => {
    const status = readFileSync(`/proc/${member}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  });
}

/** The same, with what several processes share counted once in all: for a browser. */
export function proportionalBytes(pid: number): number {
  return sum(familyOf(pid), (member) => {
    const rollup = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  });
}

/** Processor time of the whole machine so far, in milliseconds, without what was idle. */
export function machineCpuMs(): number {
  const [, line = ''] = /^cpu +(.+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  // user, nice, system, idle, iowait, irq, softirq: idle and iowait are no work.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq) * tickMs;
}

/** Processor time of this process and of everything that it started and that has ended. */
export function ownCpuMs(): number {
  // utime, stime, and those of children that were waited for: fields 14 to 17 of proc(5).
  return sum(statOf(process.pid).slice(11, 15), Number) * tickMs;
}

/** A process and all its descendants that run, itself first. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      parents.set(Number(name), Number(statOf(Number(name))[1]));
    } catch {
      // It ended between the list and the look.
    }
  }
  const found = [pid];
  for (const member of found) {
    for (const [child, parent] of parents) if (parent === member) found.push(child);
  }
  return found;
}

function tasksOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
}

/** The path of a thread, in /proc. One that has ended meanwhile counts as nothing. */
function taskCpuMs(path: string): number {
  try {
    return Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ')[0]) / 1_000_000;
  } catch {
    return 0;
  }
}

/** The fields of /proc/PID/stat from the third on: the second, a name, may contain anything. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => total + measure(value), 0);
}
