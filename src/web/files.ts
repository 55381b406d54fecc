/**
 * The page's files: read, compressed and named once at the start, so that a page view costs no
 * more than sending bytes that are there.
 */
import { Answer } from '../http/answer.ts';
import type { Fields } from '../http/request.ts';
import { takesGzip } from './encoding.ts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface StoredFile {
  readonly plain: Uint8Array;
  readonly zipped: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

/**
 * Nothing but the room's own script and style runs or loads; no other site may frame the page. The
 * page needs no exception from this, not for one inline style.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export class Files {
  readonly #files: ReadonlyMap<string, StoredFile>;

  private constructor(files: ReadonlyMap<string, StoredFile>) {
    this.#files = files;
  }

  /**
   * Reads all files of a folder. `index.html` stands at `/`. Throws when there is no such folder.
   */
  static read(folder: string): Files {
    const files = new Map<string, StoredFile>();
    for (const name of readdirSync(folder)) {
      const path = name === 'index.html' ? '/' : `/${name}`;
      const type = types[extname(name)];
      if (type !== undefined) files.set(path, store(name, type, readFileSync(join(folder, name))));
    }
    return new Files(files);
  }

  /** A room without a page, for tests of the wire alone. */
  static none(): Files {
    return new Files(new Map());
  }

  /** The answer to a request for a path, or null when there is no such file. */
  answer(path: string, fields: Fields): Answer | null {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    const own = { ...file.headers, ETag: file.etag };
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
  // A name with a hash in it never means other bytes, so it is never asked for again.
  const isHashed = /-[0-9a-z]{8,}\.(js|css)$/.test(name);
  return {
    plain,
    zipped: zipped.length < plain.length * 0.9 ? zipped : null,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`,
    headers: {
      'Content-Type': type,
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Frame-Options': 'DENY',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    },
  };
}
