/** What the numbers depend on. */
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** `encke`: the folder of the version that is measured. */
export function describeMachine(encke: string): readonly string[] {
  const all = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const packages = join(import.meta.dir, 'node_modules');
  return [
    `Encke ${output(['git', '-C', encke, 'describe', '--always', '--dirty'])}`,
    `${all.length} cores, ${all[0]?.model.trim() ?? 'unknown'}, ${memoryGb} GB of memory`,
    `Linux ${release()}, Bun ${Bun.version}, Node ${output(['node', '--version'])}`,
    `nginx ${debian('nginx')}, Nchan ${debian('libnginx-mod-nchan')}`,
    `Socket.IO ${versionIn(packages, 'socket.io')}, Faye ${versionIn(packages, 'faye')}`,
    `Chromium ${debian('chromium')}`,
  ];
}

function debian(name: string): string {
  return output(['dpkg-query', '--show', '--showformat=${Version}', name]);
}

function output(command: readonly [string, ...string[]]): string {
  if (Bun.which(command[0]) === null) return 'of unknown version';
  return (
    Bun.spawnSync([...command])
      .stdout.toString()
      .trim() || 'of unknown version'
  );
}

function versionIn(packages: string, name: string): string {
  try {
    const manifest = require(join(packages, name, 'package.json')) as { version: string };
    return manifest.version;
  } catch {
    return 'not installed';
  }
}
