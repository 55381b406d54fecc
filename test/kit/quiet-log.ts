import type { Fields, Log } from '../../src/supervisor/log.ts';

/** A log that says nothing. */
export const quietLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A log that keeps what it is told, to assert on. */
export function keptLog(): Log & {
  readonly lines: { level: string; message: string; fields: Fields }[];
} {
  const lines: { level: string; message: string; fields: Fields }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: Fields = {}) => {
      lines.push({ level, message, fields });
    };
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}
