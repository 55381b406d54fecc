/** The one program that the long run needs and a bare machine does not have. */
import { existsSync } from 'node:fs';

/** Installs it where that is possible. Without it, some faults are left out. */
export function installStrace(print: (line: string) => void): void {
  const isDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (Bun.which('strace') !== null || !isDebian) return;
  print('Installing strace, once');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', 'strace']]) {
    const { success, stderr } = Bun.spawnSync(['apt-get', ...args], { env, stderr: 'pipe' });
    if (!success) print(`It could not be installed: ${stderr.toString().trim()}`);
  }
}
