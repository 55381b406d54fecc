/** What goes wrong on the way to the room, and in it. */
import type { PollReply } from '../../src/protocol/replies.ts';
import { fieldOf, press, type Scene } from './stage.ts';

export const trouble: readonly Scene[] = [
  {
    name: 'lost',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      const { page } = noor;
      await noor.join('Noor');
      let isHeld = false;
      await page.route('**/v1/**', async (route) => {
        if (!isHeld) await route.abort();
      });
      await (await room.join('Theo')).say('Anybody here?');
      await page.getByText('Next try in').waitFor();
      await noor.say('Does anybody hear me?');
      await page.getByText('waits for the connection').waitFor();
      await page.waitForTimeout(1_200);
      await stage.shoot(noor, 'lost');
      isHeld = true;
      await press(noor, 'Try now');
      await page.getByText('Trying now').waitFor();
      await stage.shoot(noor, 'lost-trying');
      await page.unrouteAll();
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await page.getByText('Connected again').waitFor();
      await stage.shoot(noor, 'lost-found');
    },
  },
  {
    name: 'restarting',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.open(room.url);
      await noor.join('Noor');
      await room.server.stop();
      await noor.page.getByText(/The server (is restarting|does not answer)/).waitFor();
      await stage.shoot(noor, 'restarting');
    },
  },
  {
    name: 'offline',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      await noor.page.context().setOffline(true);
      await noor.page.getByText('This device is offline').waitFor();
      await noor.say('From the tunnel');
      await noor.say('And another one, for when there is light again');
      await noor.page.waitForTimeout(1_500);
      await stage.shoot(noor, 'offline');
    },
  },
  {
    name: 'superseded',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      await noor.page.route('**/v1/poll*', async (route) => {
        const response = await route.fetch();
        const reply = (await response.json()) as PollReply;
        await route.fulfill({ response, json: { ...reply, superseded: true } });
      });
      await (await room.join('Theo')).say('Anybody here?');
      await noor.page.getByText('goes on in another window').waitFor();
      await stage.shoot(noor, 'superseded');
    },
  },
  {
    name: 'gap',
    async play(stage) {
      const talk = await stage.talk();
      const noor = await stage.openAlone(talk.url);
      await noor.join('Noor');
      await noor.page.context().setOffline(true);
      await noor.page.getByText('This device is offline').waitFor();
      for (let number = 1; number <= 260; number += 1) {
        await talk.say('Sami', `Meteor number ${number}, towards the west`);
      }
      await noor.page.route('**/v1/messages*', async (route) => await route.abort());
      await noor.page.context().setOffline(false);
      await noor.page.locator('.gap').waitFor();
      await noor.page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
      await noor.page.locator('.gap').scrollIntoViewIfNeeded();
      await stage.shoot(noor, 'gap');
    },
  },
  {
    name: 'failed',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      await noor.say('/roof at eight');
      await noor.page.locator('.is-refused').waitFor();
      await noor.say('/lock');
      await noor.page.locator('.is-refused').nth(1).waitFor();
      await stage.shoot(noor, 'failed');
    },
  },
  {
    name: 'sending',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      await noor.say('On my way');
      await noor.sees('On my way');
      await noor.page.route('**/v1/messages', () => {});
      await noor.say('With two friends');
      await noor.say('They bring *binoculars*');
      await noor.page.waitForTimeout(1_500);
      await stage.shoot(noor, 'sending');
    },
  },
  {
    name: 'pace',
    async play(stage) {
      const { room } = await stage.talk({ pace: 15_000 });
      const noor = await stage.open(room.url);
      await noor.join('Noor');
      for (let number = 1; number <= 11; number += 1) await noor.say(`${number}`);
      await noor.page.locator('.wait').waitFor();
      await fieldOf(noor).fill('And the next one');
      await stage.shoot(noor, 'fast');
    },
  },
  {
    name: 'barred',
    async play(stage) {
      const { room } = await stage.talk();
      const keeper = await room.joinKeeper('Edmond');
      const noor = await stage.open(room.url);
      await noor.join('Noor');
      await keeper.command('/mode slow 30');
      await noor.say('One in half a minute, then');
      await noor.sees('half a minute');
      await stage.shoot(noor, 'slow');
      await fieldOf(noor).fill('And the next one');
      await fieldOf(noor).press(stage.device === 'phone' ? 'Control+Enter' : 'Enter');
      await noor.page.getByText('Will be sent in').waitFor();
      await stage.shoot(noor, 'slow-armed');
      await fieldOf(noor).press('Escape');
      await fieldOf(noor).fill('');
      await keeper.command('/mode quiet');
      await noor.page.locator('.barred').waitFor();
      await stage.shoot(noor, 'quiet');
      await keeper.command('/mode open');
      await noor.page.locator('.barred').waitFor({ state: 'detached' });
      await keeper.command('/mute Noor');
      await noor.page.getByText('muted', { exact: false }).first().waitFor();
      await noor.say('May I?');
      await noor.page.locator('.barred').waitFor();
      await stage.shoot(noor, 'muted');
    },
  },
  {
    name: 'complaint',
    async play(stage) {
      const { room } = await stage.talk();
      const noor = await stage.openAlone(room.url);
      await noor.join('Noor');
      await noor.page.route('**/reactions/**', async (route) => {
        const json = {
          code: 'NOT_FOUND',
          status: 404,
          title: 'There is nothing here',
          detail: 'There is no message 12',
        };
        await route.fulfill({ status: 404, contentType: 'application/problem+json', json });
      });
      await noor.page.locator('.reactions button').first().click();
      await noor.page.locator('.complaint:not(:empty)').waitFor();
      await stage.shoot(noor, 'complaint');
    },
  },
];
