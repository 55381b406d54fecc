/**
 * The page's files: read, compressed and named once at the start, so that a page view costs no
 * more than sending bytes that are there.
 */
import { Answer, type AnswerFields } from '../http/answer.ts';
import type { EmbedOrigins } from '../chat/settings.ts';
import type { Fields } from '../http/request.ts';
import { takesGzip } from './encoding.ts';
import { embeddedPolicy, ownPolicy } from './policy.ts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface StoredFile {
  readonly plain: Uint8Array;
  readonly zipped: Uint8Array | null;
  readonly headers: AnswerFields;
  readonly etag: string;
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
      if (type !== undefined) files.set(path, store(name, type, readFileSync(join(folder, name))));
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
    const policy = isEmbedded && path === '/' ? this.#embedded : ownPolicy;
    const own = { ...file.headers, ...policy, ETag: file.etag };
    if (isKnown(fields.get('if-none-match'), file.etag)) return new Answer(304, own);
    if (file.zipped === null || !takesGzip(fields)) return new Answer(200, own, file.plain);
    return new Answer(200, { ...own, 'Content-Encoding': 'gzip' }, file.zipped);
  }
}

/** Whether a browser has these bytes: a list of tags, which a proxy may have weakened. */
function isKnown(header: string | null, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag);
}

function store(name: string, type: string, plain: Uint8Array): StoredFile {
  const zipped = gzipSync(plain, { level: 9 });
  return {
    plain,
    zipped: zipped.length < plain.length * 0.9 ? zipped : null,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`,
    headers: {
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
    },
  };
}

/** How long a browser may keep a file without asking. */
function keepingOf(name: string): string {
  // A name with a hash in it never means other bytes, so it is never asked for again.
  if (/-[0-9a-z]{8,}\.(js|css)$/.test(name)) return 'public, max-age=31536000, immutable';
  // Asked for by every page of another site: a visitor who goes from one to the next has it.
  return name === embedScript ? 'public, max-age=300' : 'no-cache';
}
