/** The network between the clients and the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { harms, rough } from '../proxy.ts';
import { nothing, type Fault } from './fault.ts';

const stormMs = 5_000;
/** Three of four requests suffer. */
const storm = Object.fromEntries(harms.map((harm) => [harm, harm === 'stall' ? 0.02 : 0.1]));

export const cutLines: Fault = {
  name: 'cut-lines',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  inject({ proxy }) {
    const cut = proxy.cutAll();
    if (cut === 0) throw new Error('There was no connection to cut');
    return Promise.resolve(`${cut} connections were cut`);
  },
};

export const badWeather: Fault = {
  name: 'bad-weather',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  async inject({ proxy }) {
    const before = { ...proxy.counts };
    proxy.become(storm);
    await sleep(stormMs);
    proxy.become(rough);
    const done = harms.map((harm) => `${harm} ${proxy.counts[harm] - before[harm]}`);
    const requests = proxy.counts.requests - before.requests;
    if (requests === 0) throw new Error('Nobody asked anything meanwhile');
    return `of ${requests} requests: ${done.join(', ')}`;
  },
};
