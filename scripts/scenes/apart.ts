/** The same room for other readers, and in other places. */
import { openSite } from '../../test/kit/site.ts';
import { until } from '../../test/kit/until.ts';
import { Conversation } from '../conversation.ts';
import { openActions, press, type Scene, type Stage } from './stage.ts';

async function fullTalk(stage: Stage): Promise<Conversation> {
  const talk = new Conversation(await stage.room());
  stage.after(async () => talk.close());
  await talk.fill();
  return talk;
}

/** The room in a language, whose words for what is pressed are its own. */
const inLanguage = (locale: string): Scene => ({
  name: `in-${locale}`,
  async play(stage) {
    const talk = await fullTalk(stage);
    await talk.room.joinKeeper('Edmond');
    const reader = await stage.open(talk.url, { locale });
    const { page } = reader;
    await page.locator('.join input').waitFor();
    await stage.shoot(reader, `${locale}-join`);
    await page.locator('.join input').fill('Mira');
    await page.locator('.join .primary').click();
    await page.locator('.composer textarea').waitFor();
    await talk.say('Sami', '@Mira أين أنت now?');
    await page.locator('.is-mention').waitFor();
    await stage.shoot(reader, locale);
    await page.getByRole('log').evaluate((log) => log.scrollBy({ top: -900 }));
    await stage.shoot(reader, `${locale}-above`);
    await page.locator('.settings-button').click();
    await page.locator('.settings.is-open select').first().waitFor();
    await stage.shoot(reader, `${locale}-settings`);
    await page.keyboard.press('Escape');
    await page.locator('.search-button').click();
    await page.locator('.search input').fill('roof');
    await page.locator('.found a').first().waitFor();
    await stage.shoot(reader, `${locale}-search`);
    await page.keyboard.press('Escape');
    await page.locator('.composer textarea').pressSequentially('/');
    await page.locator('.suggestions').waitFor();
    await stage.shoot(reader, `${locale}-commands`);
  },
});

export const apart: readonly Scene[] = [
  inLanguage('ar'),
  inLanguage('de'),
  inLanguage('ja'),
  {
    name: 'huge',
    async play(stage) {
      const talk = await fullTalk(stage);
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await page.evaluate(() => document.documentElement.style.setProperty('--size', '2'));
      await page.getByLabel('Your nick').waitFor();
      await stage.shoot(mira, 'huge-join');
      await mira.join('Mira');
      await stage.shoot(mira, 'huge');
      await openActions(mira, 'place on the roof');
      await stage.shoot(mira, 'huge-actions');
      await page.keyboard.press('Escape');
      await press(mira, 'Settings');
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await stage.shoot(mira, 'huge-settings');
    },
  },
  {
    name: 'zoom',
    device: 'desk',
    async play(stage) {
      const talk = await fullTalk(stage);
      const mira = await stage.open(talk.url, {
        viewport: { width: 320, height: 200 },
        deviceScaleFactor: 4,
      });
      const { page } = mira;
      await page.getByLabel('Your nick').waitFor();
      await stage.shoot(mira, 'zoom-join');
      await mira.join('Mira');
      await stage.shoot(mira, 'zoom');
      await openActions(mira, 'place on the roof');
      await stage.shoot(mira, 'zoom-actions');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await press(mira, 'Settings');
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await stage.shoot(mira, 'zoom-settings');
      await page.keyboard.press('Escape');
      await press(mira, 'Choose an emoji');
      await page.locator('.emoji-list [role=option]').first().waitFor();
      await stage.shoot(mira, 'zoom-emoji');
    },
  },
  {
    name: 'forced',
    async play(stage) {
      const talk = await fullTalk(stage);
      const mira = await stage.open(talk.url, { forcedColors: 'active', reducedMotion: 'reduce' });
      await mira.page.getByLabel('Your nick').waitFor();
      await stage.shoot(mira, 'forced-join');
      await mira.join('Mira');
      await talk.say('Sami', '@Mira is on the roof');
      await mira.page.locator('.is-mention').waitFor();
      await stage.shoot(mira, 'forced');
      await openActions(mira, 'place on the roof');
      await stage.shoot(mira, 'forced-actions');
      await mira.page.keyboard.press('Escape');
      await press(mira, 'Settings');
      await mira.page.getByRole('heading', { name: 'Settings' }).waitFor();
      await stage.shoot(mira, 'forced-settings');
    },
  },
  {
    name: 'embedded',
    device: 'desk',
    async play(stage) {
      const pages: Record<string, string> = {};
      const site = openSite(pages);
      stage.after(async () => await site.stop());
      const talk = await stage.talk({ embedOrigins: [site.origin] });
      pages['/'] =
        `<!doctype html><meta name="color-scheme" content="light dark">` +
        `<script src="${talk.url}/embed.js" async></script><body>` +
        `<encke-chat accent="#a34a12" style="width: 320px; height: 400px"></encke-chat>`;
      const bea = await stage.open(site.origin, {
        viewport: { width: 352, height: 432 },
        deviceScaleFactor: 2,
      });
      const frame = await until('the room in its frame', () =>
        bea.page.frames().find((one) => one.url().startsWith(talk.url)),
      );
      await frame.getByLabel('Your nick').waitFor();
      await stage.shoot(bea, 'embedded-join');
      await frame.getByLabel('Your nick').fill('Bea');
      await frame.getByRole('button', { name: 'Join' }).click();
      await frame.getByRole('textbox', { name: 'Message' }).waitFor();
      await stage.shoot(bea, 'embedded');
      await frame.getByRole('button', { name: 'Settings' }).click();
      await frame.getByRole('heading', { name: 'Settings' }).waitFor();
      await stage.shoot(bea, 'embedded-settings');
      await frame.getByRole('button', { name: 'Close' }).click();
      await frame.getByRole('button', { name: 'Choose an emoji' }).click();
      await frame.locator('.emoji-list [role=option]').first().waitFor();
      await stage.shoot(bea, 'embedded-emoji');
    },
  },
  {
    name: 'plain',
    async play(stage) {
      const talk = await stage.talk();
      const theo = await stage.open(`${talk.url}/plain`);
      await theo.page.getByLabel('Your nick').waitFor();
      await stage.shoot(theo, 'plain-join');
      await theo.page.getByLabel('Your nick').fill('Theo');
      // The page that follows has no end.
      await theo.page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true });
      await theo.page.frameLocator('iframe').getByRole('textbox', { name: 'Message' }).waitFor();
      await stage.shoot(theo, 'plain');
    },
  },
];
