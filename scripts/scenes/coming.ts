/** Before the room, and after it. */
import type { Page } from 'playwright-core';
import type { Person } from '../../test/kit/browser.ts';
import { press, type Scene } from './stage.ts';

/** Nothing that is asked of the room is answered. */
const hang = async (page: Page): Promise<void> => {
  await page.route('**/v1/**', () => {});
};

const nickOf = ({ page }: Person) => page.getByLabel('Your nick');

const tryNick = async (person: Person, nick: string): Promise<void> => {
  await nickOf(person).fill(nick);
  await press(person, /Join/);
};

const isRefused = async ({ page }: Person): Promise<void> =>
  await page.locator('#join-refusal:not(:empty)').waitFor();

export const coming: readonly Scene[] = [
  {
    name: 'loading',
    async play(stage) {
      const room = await stage.room();
      const noor = await stage.openAlone(room.url, hang);
      await noor.page.locator('.loading').waitFor();
      await noor.page.waitForTimeout(800);
      await stage.shoot(noor, 'loading');
    },
  },
  {
    name: 'unreachable',
    async play(stage) {
      const room = await stage.room();
      const noor = await stage.openAlone(room.url, async (page) => {
        await page.route('**/v1/**', async (route) => await route.abort());
      });
      await noor.page.getByText(/The server (is restarting|does not answer)/).waitFor();
      await stage.shoot(noor, 'unreachable');
    },
  },
  {
    name: 'empty',
    async play(stage) {
      const room = await stage.room();
      const noor = await stage.open(room.url);
      await noor.page.getByText('Nothing has been said yet').waitFor();
      await nickOf(noor).waitFor();
      await stage.shoot(noor, 'empty');
      await noor.join('Noor');
      await stage.shoot(noor, 'empty-joined');
    },
  },
  {
    name: 'join',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.open(room.url);
      await nickOf(noor).waitFor();
      await stage.shoot(noor, 'join');
      await tryNick(noor, 'Ines');
      await isRefused(noor);
      await stage.shoot(noor, 'join-taken');
      await tryNick(noor, 'Somebody whose nick is rather too long for anybody');
      await isRefused(noor);
      await stage.shoot(noor, 'join-long');
    },
  },
  {
    name: 'full',
    async play(stage) {
      const { room } = await stage.talk({ membersMax: 4 });
      const noor = await stage.open(room.url);
      await tryNick(noor, 'Noor');
      await isRefused(noor);
      await stage.shoot(noor, 'join-full');
    },
  },
  {
    name: 'joining',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url, async (page) => {
        await page.route('**/v1/join', () => {});
      });
      await tryNick(noor, 'Noor');
      await noor.page.getByText('Joining').waitFor();
      await stage.shoot(noor, 'joining');
    },
  },
  {
    name: 'passcode',
    async play(stage) {
      const room = await stage.room({ passcode: 'orbit' });
      const noor = await stage.open(room.url);
      await noor.page.getByLabel('Passcode').waitFor();
      await stage.shoot(noor, 'passcode');
      await noor.page.getByLabel('Passcode').fill('ellipse');
      await tryNick(noor, 'Noor');
      await isRefused(noor);
      await stage.shoot(noor, 'passcode-wrong');
    },
  },
  {
    name: 'out',
    async play(stage) {
      const { room } = await stage.talk();
      const keeper = await room.joinKeeper('Edmond');
      for (const [nick, name] of [
        ['Otto', 'kick'],
        ['Bert', 'ban'],
      ] as const) {
        const out = await stage.open(room.url);
        await out.join(nick);
        await keeper.command(`/${name} ${nick}`);
        await out.page.getByRole('button', { name: 'Join again' }).waitFor();
        await stage.shoot(out, name);
        if (name !== 'ban') continue;
        await press(out, 'Join again');
        await isRefused(out);
        await stage.shoot(out, 'ban-again');
      }
    },
  },
  {
    name: 'ended',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      // The room in which this session is one is gone.
      await noor.page.route('**/v1/poll*', async (route) => {
        const json = {
          code: 'NO_SESSION',
          status: 401,
          title: '',
          detail: 'Your session is missing or over, join the room',
        };
        await route.fulfill({ status: 401, contentType: 'application/problem+json', json });
      });
      await (await room.join('Theo')).say('Anybody here?');
      await noor.page.getByRole('button', { name: 'Join again' }).waitFor();
      await stage.shoot(noor, 'ended');
    },
  },
  {
    name: 'left',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.open(room.url);
      await noor.join('Noor');
      await noor.leave();
      await nickOf(noor).waitFor();
      await stage.shoot(noor, 'left');
    },
  },
  {
    name: 'noscript',
    async play(stage) {
      const room = await stage.room();
      const noor = await stage.open(room.url, { javaScriptEnabled: false });
      await stage.shoot(noor, 'noscript');
    },
  },
];
