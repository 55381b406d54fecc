/** The polls that a server holds, as it tells whoever watches over it. */
import type { RunningServer } from './running-server.ts';

export async function heldAt({ url }: RunningServer): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^encke_held_polls (\d+)/m.exec(metrics)?.[1]);
}
