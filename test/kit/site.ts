/**
 * A site that is not the room's: files on an origin of its own. It listens on 127.0.0.1 as the room
 * does, and is asked for as `localhost`, which to a browser is another site altogether.
 */
export interface Site {
  /** Without a slash at the end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Opens a site with these pages and scripts, by path. They are looked up when asked for. */
export function openSite(pages: Readonly<Record<string, string>>): Site {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const page = pages[pathname];
      const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
      const headers = { 'Content-Type': `${type}; charset=utf-8` };
      return page === undefined
        ? new Response('Nothing is here', { status: 404 })
        : new Response(page, { headers });
    },
  });
  const origin = `http://localhost:${server.port}`;
  return { origin, stop: async () => await server.stop(true) };
}
