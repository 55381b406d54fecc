/**
 * What the process says when it ends. The numbers are those of BSD's sysexits.h, which systemd
 * shows by name; 1 and 2 are left to accidents, because runtimes and shells end with them when
 * something unforeseen happens. Where starting again cannot help, whoever watches must not try.
 */
export const exitCodes = {
  ok: { code: 0, restartHelps: false, meaning: 'It did what it was asked, which may be to stop' },
  usage: {
    code: 64,
    restartHelps: false,
    meaning: 'The command line names no command, or no file for one that needs it',
  },
  badData: {
    code: 65,
    restartHelps: false,
    meaning:
      'The data folder or a backup cannot be used: damaged, newer, in use by another process, ' +
      'not writable',
  },
  noInput: {
    code: 66,
    restartHelps: false,
    meaning: 'What is to be backed up or restored is not there, or cannot be read',
  },
  portInUse: {
    code: 69,
    // At a first start it does not, and nobody tries; later the port was ours, and will be again.
    restartHelps: true,
    meaning: 'Something else listens on the port, or the address is not this machine’s',
  },
  gaveUp: {
    code: 70,
    restartHelps: true,
    meaning: 'A service kept crashing after every restart, or could not be started',
  },
  cannotCreate: {
    code: 73,
    restartHelps: false,
    meaning: 'A backup or a journal cannot be put there, or one is there already',
  },
  storageFailed: {
    code: 74,
    restartHelps: true,
    meaning: 'The storage failed while it was in use',
  },
  diskFull: {
    code: 75,
    restartHelps: true,
    meaning: 'The disk has no room left; starting again helps once it has',
  },
  badOptions: {
    code: 78,
    restartHelps: false,
    meaning: 'An option is wrong; the message says which',
  },
} as const;

/** Whether starting again may help after a process ended so. Null: a signal ended it. */
export function restartHelps(code: number | null): boolean {
  const known = Object.values(exitCodes).find((exit) => exit.code === code);
  return known === undefined || known.restartHelps;
}

/** How often a process that found no room on the disk is started again, in milliseconds. */
const diskFullMs = 5_000;

/** How long to wait before starting again, for what only time mends; null for at once. */
export function restartLaterMs(code: number | null): number | null {
  return code === exitCodes.diskFull.code ? diskFullMs : null;
}
