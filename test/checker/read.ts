/** Reads a history from bytes: one JSON record a line. Empty lines are passed over. */
import type { HistoryRecord } from './record.ts';
import { recordOf } from './shapes.ts';

export interface Line {
  readonly record: HistoryRecord;
  /** Where it stands, from 1. */
  readonly line: number;
}

/** What is written there is no history. */
export class NoHistory extends Error {
  override readonly name = 'NoHistory';
}

/**
 * The records, in order, as they come: the history may be larger than the memory. Throws
 * `NoHistory`, which tells the line, at the first line that is no record. The last line may have
 * been cut off while it was written, as when the recorder was killed: then it counts as unwritten.
 */
export async function* readHistory(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decode(decoder, chunk, line)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield { record: parse(text, line), line };
    }
  }
  if (rest.trim() === '' || !isWhole(rest)) return;
  yield { record: parse(rest, line + 1), line: line + 1 };
}

function decode(decoder: TextDecoder, chunk: Uint8Array, line: number): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new NoHistory(`After line ${line} there are bytes that are not UTF-8`);
  }
}

function parse(text: string, line: number): HistoryRecord {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoHistory(`Line ${line} is not JSON: ${shown}`);
  }
  const parsed = recordOf(value);
  if (parsed.ok) return parsed.record;
  throw new NoHistory(`Line ${line} is no record of a history (${parsed.why}): ${shown}`);
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
