/** Where one writes. */
import { fieldOf, press, type Scene } from './stage.ts';

export const writing: readonly Scene[] = [
  {
    name: 'writing',
    async play(stage) {
      const talk = await stage.talk();
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      const field = fieldOf(mira);
      await field.focus();
      await stage.shoot(mira, 'composer');
      await field.fill(
        'A first line\nand a second one\nand a third, which is a good deal longer than those two before it were',
      );
      await stage.shoot(mira, 'composer-lines');
      await field.fill('');
      await field.pressSequentially('Ask @');
      await page.locator('.suggestions').waitFor();
      await stage.shoot(mira, 'complete-nick');
      await field.fill('');
      await field.pressSequentially('/');
      await page.locator('.suggestions').waitFor();
      await stage.shoot(mira, 'complete-command');
      await field.fill('');
      await field.pressSequentially('Look :sta');
      await page.locator('.suggestions').waitFor();
      await stage.shoot(mira, 'complete-emoji');
      await field.fill('x '.repeat(980));
      await page.getByText('characters left').waitFor();
      await stage.shoot(mira, 'limit-near');
      await field.fill('x '.repeat(1_020));
      await page.getByText('too many').waitFor();
      await stage.shoot(mira, 'limit-over');
      await field.fill('');
      await press(mira, 'Choose an emoji');
      await page.locator('.emoji-list [role=option]').first().waitFor();
      await stage.shoot(mira, 'emoji');
      await page.getByRole('combobox', { name: 'Search emoji' }).fill('qqqq');
      await page.getByText('There is no such emoji').waitFor();
      await stage.shoot(mira, 'emoji-none');
      await page.keyboard.press('Escape');
    },
  },
];
