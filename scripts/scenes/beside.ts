/** What opens beside the messages. */
import { Conversation } from '../conversation.ts';
import { press, type Scene } from './stage.ts';

export const beside: readonly Scene[] = [
  {
    name: 'people',
    async play(stage) {
      const talk = await stage.talk();
      await talk.room.joinKeeper('Edmond');
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      if (stage.device === 'phone') await press(mira, /here$/);
      await stage.shoot(mira, 'people');
      for (let number = 1; number <= 30; number += 1) await talk.room.join(`Guest ${number}`);
      await talk.room.joinKeeper('A nick of 24 characters.');
      await page.getByPlaceholder('Find a nick').waitFor();
      await stage.shoot(mira, 'people-many');
      await page.getByPlaceholder('Find a nick').fill('zz');
      await stage.shoot(mira, 'people-none');
    },
  },
  {
    name: 'large',
    async play(stage) {
      const talk = await stage.talk();
      for (let number = 0; number < 230; number += 1) await talk.room.join(`Guest ${number}`);
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      if (stage.device === 'phone') await press(mira, /here$/);
      await page.getByPlaceholder('Find a nick').waitFor();
      await stage.shoot(mira, 'large');
      await page.getByPlaceholder('Find a nick').fill('guest 1');
      await page.locator('.people li').first().waitFor();
      await stage.shoot(mira, 'large-found');
      await page.getByPlaceholder('Find a nick').fill('nobody');
      await page.getByText('Nobody here').waitFor();
      await stage.shoot(mira, 'large-none');
    },
  },
  {
    name: 'search',
    async play(stage) {
      const talk = new Conversation(await stage.room());
      stage.after(async () => talk.close());
      await talk.fill();
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      await press(mira, 'Search');
      await page.getByRole('searchbox').waitFor();
      await stage.shoot(mira, 'search-empty');
      await page.getByRole('searchbox').fill('roof');
      await page.locator('.found a').first().waitFor();
      await stage.shoot(mira, 'search');
      await page.getByRole('searchbox').fill('the');
      await page.locator('.found + .plain').scrollIntoViewIfNeeded();
      await stage.shoot(mira, 'search-more');
      await page.getByRole('searchbox').fill('snowflake');
      await page.getByText('Nothing was found').waitFor();
      await stage.shoot(mira, 'search-none');
      await page.getByRole('searchbox').fill('poster');
      await page.locator('.found a').first().click();
      await page.locator('.is-target').waitFor();
      await stage.shoot(mira, 'search-followed');
    },
  },
  {
    name: 'settings',
    async play(stage) {
      const talk = await stage.talk();
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      await press(mira, 'Settings');
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await stage.shoot(mira, 'settings');
      await page.getByRole('combobox', { name: 'Notifications' }).selectOption('all');
      await page.locator('.settings .refusal:not(:empty)').waitFor();
      await press(mira, 'Leave the room');
      await page.getByText('Leave?').waitFor();
      await page.locator('.settings').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
      await stage.shoot(mira, 'settings-end');
      await page.getByRole('button', { name: 'Keys' }).click();
      await page.locator('.keys[open]').waitFor();
      await stage.shoot(mira, 'keys');
    },
  },
];
