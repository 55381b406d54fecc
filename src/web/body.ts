/** Reads the body of a request: bounded bytes, strict UTF-8, JSON that is not nested deeply. */
import { refuse, type Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';

/**
 * Reads a JSON body. `text/plain` is taken as well: a page on another origin, and `sendBeacon`,
 * can send that without asking first. An empty body reads as an empty object.
 */
export async function readBody(request: Request): Promise<Outcome<{ value: unknown }>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  // Bun joins equal lengths: "2, 2" is no number, and so not larger than any limit.
  if (Number.isNaN(declared)) return refuse('BAD_REQUEST', 'The body has two lengths, send one');
  if (declared > limits.bodyBytesMax) return tooLarge();
  const bytes = await readBytes(request);
  if (bytes === null) return refuse('BAD_REQUEST', 'The body did not arrive whole');
  if (bytes.byteLength > limits.bodyBytesMax) return tooLarge();
  if (bytes.byteLength === 0) return { ok: true, value: {} };
  const type = request.headers.get('content-type') ?? '';
  if (!/^(application\/json|text\/plain)\s*(;|$)/i.test(type)) {
    return refuse(
      'MEDIA_TYPE',
      `Send "application/json" or "text/plain", not "${type.slice(0, 60)}"`,
    );
  }
  return parseJson(bytes);
}

/**
 * Reads bytes until the body ends or is too large: one that did not say its length may have none.
 * Null when it breaks off.
 */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  try {
    if (request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of request.body ?? []) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > limits.bodyBytesMax) break;
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}

/** Parses JSON from bytes. Refuses with BAD_REQUEST. */
export function parseJson(bytes: ArrayBuffer | Uint8Array): Outcome<{ value: unknown }> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('BAD_REQUEST', 'The body is not UTF-8');
  }
  if (depthOf(text) > limits.depthMax) {
    return refuse('BAD_REQUEST', `The body is nested deeper than ${limits.depthMax} levels`);
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refuse('BAD_REQUEST', 'The body is not JSON');
  }
}

/**
 * How deep brackets nest, outside of strings. Counted before parsing, so that the parser's own
 * recursion is never asked to bear what a client sends.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}

function tooLarge(): Outcome<never> {
  return refuse('TOO_LARGE', `The body is larger than ${limits.bodyBytesMax} bytes`);
}
