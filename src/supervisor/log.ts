/**
 * The log: one line an event, for a person or for a machine. It never carries a token, a passcode
 * or the text of a message.
 */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export type LogFormat = 'text' | 'json';
