/**
 * The page's files: read, compressed and named once at the start, so that a page view costs no
 * more than sending bytes that are there.
 */
import { Answer, type AnswerFields } from '../http/answer.ts';
import type { EmbedOrigins } from '../chat/settings.ts';
import type { Fields } from '../http/request.ts';
import { encodings, packedName, type Encoding } from '../protocol/encodings.ts';
import { firstTaken } from './encoding.ts';
import { embeddedPolicy, ownPolicy } from './policy.ts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';

interface StoredFile {
  readonly plain: Stored;
  /** The file in fewer bytes, where that saves some. */
  readonly packed: ReadonlyMap<Encoding, Stored>;
  readonly encodings: readonly Encoding[];
}

/** The bytes of a file in one encoding, and what an answer with them says. */
interface Stored {
  readonly bytes: Uint8Array;
  readonly fields: AnswerFields;
  readonly etag: string;
  /** What only an answer with the bytes says. */
  readonly packing: AnswerFields;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** The script that defines `<encke-chat>`, at the one path that other sites write down. */
const embedScript = 'embed.js';

export class Files {
  readonly #files: ReadonlyMap<string, StoredFile>;
  /** What the page has in place of its own policy where it is embedded. */
  readonly #embedded: AnswerFields;

  private constructor(files: ReadonlyMap<string, StoredFile>, embedOrigins: EmbedOrigins) {
    this.#files = files;
    this.#embedded = embeddedPolicy(embedOrigins);
  }

  /**
   * Reads all files of a folder. `index.html` stands at `/`. Throws when there is no such folder.
   */
  static read(folder: string, embedOrigins: EmbedOrigins = []): Files {
    const files = new Map<string, StoredFile>();
    for (const name of readdirSync(folder)) {
      const path = name === 'index.html' ? '/' : `/${name}`;
      const type = types[extname(name)];
      if (type !== undefined) files.set(path, store(folder, name, type));
    }
    return new Files(files, embedOrigins);
  }

  /** A room without a page, for tests of the wire alone. */
  static none(): Files {
    return new Files(new Map(), []);
  }

  /**
   * The answer to a request for a path, or null when there is no such file. `isEmbedded`: it is the
   * page that is asked for, to stand in a frame.
   */
  answer(path: string, fields: Fields, isEmbedded = false): Answer | null {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    const encoding = firstTaken(fields, file.encodings);
    const stored = (encoding && file.packed.get(encoding)) ?? file.plain;
    const policy = isEmbedded && path === '/' ? this.#embedded : ownPolicy;
    const own = { ...stored.fields, ...policy };
    if (isKnown(fields.get('if-none-match'), stored.etag)) return new Answer(304, own);
    return new Answer(200, { ...own, ...stored.packing }, stored.bytes);
  }
}

/** Whether a browser has these bytes: a list of tags, which a proxy may have weakened. */
function isKnown(header: string | null, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag);
}

function store(folder: string, name: string, type: string): StoredFile {
  const bytes = readFileSync(join(folder, name));
  const common = commonFields(name, type);
  const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  const packed = new Map<Encoding, Stored>();
  for (const encoding of encodings) {
    const fewer = packedWith(encoding, join(folder, name), bytes);
    if (fewer === null || fewer.length >= bytes.length * 0.9) continue;
    // Other bytes, and so another tag: a cache on the way may never take one for the other.
    const etag = `"${tag}-${encoding}"`;
    const packing = { 'Content-Encoding': encoding };
    packed.set(encoding, { bytes: fewer, fields: { ...common, ETag: etag }, etag, packing });
  }
  const etag = `"${tag}"`;
  return {
    plain: { bytes, fields: { ...common, ETag: etag }, etag, packing: {} },
    packed,
    encodings: [...packed.keys()],
  };
}

const unpack = { br: brotliDecompressSync, gzip: gunzipSync };

/**
 * A file as the build has compressed it. Not where that is of other bytes, which another build may
 * have left; then it is compressed here, as far as that is quick.
 */
function packedWith(encoding: Encoding, path: string, bytes: Uint8Array): Uint8Array | null {
  try {
    const packed = readFileSync(packedName(path, encoding));
    if (unpack[encoding](packed).equals(bytes)) return packed;
  } catch {
    // There is none.
  }
  return encoding === 'gzip' ? gzipSync(bytes, { level: 9 }) : null;
}

/** What is the same in whatever encoding. */
function commonFields(name: string, type: string): AnswerFields {
  return {
    'Content-Type': type,
    'Cache-Control': keepingOf(name),
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    // A page on any site may load the one script; whether it may show the room is asked later.
    ...(name === embedScript
      ? { 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' }
      : { 'Cross-Origin-Resource-Policy': 'same-origin' }),
  };
}

/** How long a browser may keep a file without asking. */
function keepingOf(name: string): string {
  // A name with a hash in it never means other bytes, so it is never asked for again.
  if (/-[0-9a-z]{8,}\.(js|css)$/.test(name)) return 'public, max-age=31536000, immutable';
  // Asked for by every page of another site: a visitor who goes from one to the next has it.
  return name === embedScript ? 'public, max-age=300' : 'no-cache';
}
