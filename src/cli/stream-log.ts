/** The log as it is written: to a stream, a line an event, for a person or for a machine. */
import type { Fields, Log, LogFormat } from '../supervisor/log.ts';
import type { Colours } from './terminal.ts';

type Level = 'info' | 'warn' | 'error';

export interface StreamLogParts {
  readonly format: LogFormat;
  readonly now: () => Date;
  readonly colours: Colours;
  readonly write: (line: string) => void;
}

/** Makes a log that writes to a stream. */
export function streamLog({ format, now, colours, write }: StreamLogParts): Log {
  const asText = (level: Level, message: string, fields: Fields): string => {
    const mark = level === 'info' ? '' : `${colours.red(level)} `;
    const rest = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${colours.dim(`${name}=`)}${shown(value)}`)
      .join('');
    return `${colours.dim(now().toISOString())} ${mark}${message}${rest}\n`;
  };
  const asJson = (level: Level, message: string, fields: Fields): string =>
    `${JSON.stringify({ at: now().toISOString(), level, message, ...fields })}\n`;
  const line = format === 'json' ? asJson : asText;
  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}): void =>
      write(line(level, message, fields));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** A value on one line, whatever is in it: a log line is never two. */
function shown(value: Fields[string]): string {
  const text = String(value);
  return /^[\w.:/@-]*$/.test(text) ? text : JSON.stringify(text);
}
