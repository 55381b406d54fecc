/** Programs of the system that a fault needs. */

/** Runs a program to its end. Throws what it complains of. */
export function run(command: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(command, { stdout: 'pipe', stderr: 'pipe' });
  if (!success) throw new Error(`"${command.join(' ')}" failed: ${stderr.toString().trim()}`);
  return stdout.toString();
}

/** Has the disk write what was put there by hand, as whoever does such things should. */
export function sync(folder: string): void {
  run(['sync', '-f', folder]);
}

/** Why something that needs a program is impossible; null when it is there. */
export function theReasonNotTo(program: string): string | null {
  return Bun.which(program) === null ? `"${program}" is not installed` : null;
}
