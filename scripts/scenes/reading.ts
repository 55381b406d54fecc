/** Where one reads. */
import type { Seq } from '../../src/protocol/entries.ts';
import { testSettings } from '../../test/kit/chat.ts';
import { Conversation } from '../conversation.ts';
import { openActions, press, rowOf, type Scene } from './stage.ts';

export const reading: readonly Scene[] = [
  {
    name: 'busy',
    async play(stage) {
      const talk = new Conversation(await stage.room());
      stage.after(async () => talk.close());
      await talk.fill();
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      await mira.say('I bring cake. Is *anybody* allergic to nuts?');
      await mira.sees('allergic');
      await page.goto('about:blank');
      await talk.goOn('Mira');
      await page.goto(talk.url);
      await mira.sees('Roof is open');
      talk.typing('Sami');
      await page.locator('.typing .nick').waitFor();
      await stage.shoot(mira, 'busy');
      for (const topPx of [650, 1300, 1950]) {
        await page.getByRole('log').evaluate((log, px) => {
          log.scrollTo({ top: log.scrollHeight - log.clientHeight - px });
        }, topPx);
        await stage.shoot(mira, `busy-${topPx}`);
      }
      await talk.say('Sami', 'Found the red lamp!');
      await page.getByRole('button', { name: '1 new message' }).waitFor();
      await stage.shoot(mira, 'newer');
      await page.goto('about:blank');
      await page.goto(`${talk.url}/#m60`);
      await page.locator('.is-target').waitFor();
      await page.locator('.newer').waitFor();
      await stage.shoot(mira, 'past');
      await page.locator('.newer').click();
      await page.goto('about:blank');
      for (let number = 1; number <= 30; number += 1) {
        await talk.say(number % 3 === 0 ? 'Ines' : 'Sami', `Meteor number ${number}`);
      }
      await page.goto(talk.url);
      await page.getByText('New since you were here').waitFor();
      await stage.shoot(mira, 'unread-above');
      await page.goto('about:blank');
      await page.goto(`${talk.url}/#m9`);
      await page.locator('.is-target').waitFor();
      await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
      await page.getByText('Here the room begins').waitFor();
      await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
      await stage.shoot(mira, 'beginning');
    },
  },
  {
    name: 'actions',
    async play(stage) {
      const talk = await stage.talk();
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      await mira.say('I bring cake. Is *anybody* allergic to nuts?');
      await mira.sees('allergic');
      if (stage.device === 'desk') {
        await rowOf(mira, 'Where exactly').hover();
        await stage.shoot(mira, 'hover');
      }
      await openActions(mira, 'allergic');
      await stage.shoot(mira, 'actions');
      await press(mira, 'Delete');
      await stage.shoot(mira, 'actions-sure');
      await page.keyboard.press('Escape');
      await openActions(mira, 'Clear sky');
      await page.locator('.menu').getByRole('button', { name: 'React with another' }).click();
      await page.locator('.emoji-list [role=option]').first().waitFor();
      await stage.shoot(mira, 'reaction-picker');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await openActions(mira, 'red lamp');
      await page.locator('.menu').getByRole('button', { name: 'Copy link' }).click();
      await page.locator('.done:not(:empty)').waitFor();
      await stage.shoot(mira, 'copied');
      await openActions(mira, 'red lamp');
      await page.locator('.menu').getByRole('button', { name: 'Reply', exact: true }).click();
      await page.locator('.reply-strip').waitFor();
      await stage.shoot(mira, 'reply');
      await page.keyboard.press('Escape');
      await page.locator('.said').last().focus();
      await page.keyboard.press('ArrowUp');
      await stage.shoot(mira, 'row-focus');
    },
  },
  {
    name: 'edit',
    async play(stage) {
      const talk = await stage.talk();
      const keeper = await talk.room.joinKeeper('Edmond');
      const mira = await stage.open(talk.url);
      const { page } = mira;
      await mira.join('Mira');
      await mira.say('I bring cake. Is *anybody* allergic to nuts?');
      await mira.sees('allergic');
      await page.keyboard.press('ArrowUp');
      await page.locator('.edit').waitFor();
      await stage.shoot(mira, 'edit');
      const seq = Number((await rowOf(mira, 'Mira').getAttribute('id'))?.slice(1)) as Seq;
      await keeper.call('PATCH', `/v1/messages/${seq}`, { body: { text: 'I bring cake' } });
      await page.getByText('changed meanwhile').waitFor();
      await stage.shoot(mira, 'edit-changed');
      await page.getByLabel('Edit your message').fill('x'.repeat(2_012));
      await stage.shoot(mira, 'edit-over');
      await page.getByLabel('Edit your message').fill('I bring two cakes');
      await keeper.call('DELETE', `/v1/messages/${seq}`);
      await page.getByText('deleted meanwhile').waitFor();
      await stage.shoot(mira, 'edit-deleted');
    },
  },
  {
    name: 'texts',
    async play(stage) {
      const talk = await stage.talk();
      const mira = await stage.open(talk.url);
      await mira.join('Mira');
      const shootEnd = async (text: string, name: string): Promise<void> => {
        await mira.sees(text);
        await stage.shoot(mira, name);
      };
      await talk.say(
        'Ines',
        'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter'.repeat(4),
      );
      await talk.say(
        'Ines',
        'https://minorplanetcenter.net/iau/MPEph/MPEph.html?comet=2P&epoch=2026-11-22&format=long',
      );
      await talk.say(
        'Sami',
        '> Somebody said this\n> in two lines\nAnd I say **that**, _slanted_, ~~gone~~ and `const x = 1`.',
      );
      await talk.say(
        'Johann',
        '```ts\nexport function periodYears(semiMajorAxisAu: number): number {\n\treturn semiMajorAxisAu ** 1.5; // a line of code that is a good deal longer than the column is wide, and so it breaks\n}\n```',
      );
      await talk.say('Caroline', '🌠');
      await talk.say('Caroline', '👍🏽 👩‍🚀 🏳️‍🌈');
      await talk.say('Caroline', 'Six of them 🌠🌠🌠🌠🌠🌠');
      await talk.say('Johann', '@Mira and @Ines: look up, @everybody');
      await shootEnd('look up', 'texts');
      await talk.say(
        'Sami',
        `${'A text that goes on and on and does not come to an end for a long time. '.repeat(27)}The end.`,
      );
      await shootEnd('The end', 'texts-long');
      await talk.come('ليلى');
      await talk.come('美咲');
      await talk.say('ليلى', 'رأيته الآن من الشرفة، ذيله أطول مما توقعت!');
      await talk.say('美咲', '東京は曇りです。写真を楽しみにしています 📷');
      await talk.say('ليلى', 'انظر https://example.org/comet?a=1 و `const x = 1`');
      const wrong = await talk.say('Caroline', 'wrong window, sorry');
      await talk.of('Caroline').remove(wrong);
      const typo = await talk.say('Caroline', 'It is righ there');
      await talk.of('Caroline').edit(typo, 'It is right there');
      await talk.say('Ines', 'So it was', wrong);
      await talk.say(
        'Sami',
        '/me packs the star chart as well, just in case it is needed up there on the roof tonight',
      );
      await talk.react(typo, '👍', 'Sami', 'Johann', 'Ines', 'ليلى');
      for (const emoji of ['❤️', '😂', '🎉', '👀', '🔭', '🌠', '🧣', '🍵', '✨', '🙏', '🤔']) {
        await talk.react(typo, emoji, 'Sami');
      }
      await mira.sees('just in case');
      await stage.shoot(mira, 'texts-mixed');
    },
  },
  {
    name: 'events',
    async play(stage) {
      const talk = await stage.talk();
      const keeper = await talk.room.joinKeeper('Edmond');
      const mira = await stage.open(talk.url);
      await mira.join('Mira');
      await keeper.say('Good evening, everybody');
      for (const nick of ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Fay', 'Gil', 'Hal']) {
        await talk.room.join(nick);
      }
      await keeper.say('So many!');
      await keeper.command(
        '/topic Tonight from the south roof instead, since the crane stands before the west: take the second stairs, not the lift, and shut the door behind you',
      );
      await keeper.command('/mode slow 5');
      await keeper.command('/mode quiet');
      await keeper.command('/mode open');
      await keeper.command('/mute Ada');
      await keeper.command('/unmute Ada');
      await keeper.command('/kick Bo');
      await keeper.command('/ban Cy');
      await keeper.command('/unban Cy');
      await talk.say('Sami', '/nick Samir');
      await keeper.command('/mute Mira');
      await keeper.command('/unmute Mira');
      await mira.say('/who');
      await mira.page.locator('.local').waitFor();
      await mira.say('/help');
      await mira.page.locator('.local').nth(1).waitFor();
      await mira.say(`/keeper ${testSettings.keeperCode ?? ''}`);
      await mira.page.getByText('Mira is a keeper').waitFor();
      await keeper.say('And now the door is shut');
      await mira.sees('door is shut');
      await stage.shoot(mira, 'events-end');
      await mira.page.getByRole('log').evaluate((log) => log.scrollBy({ top: -560 }));
      await stage.shoot(mira, 'events-middle');
      await mira.page.getByRole('log').evaluate((log) => log.scrollBy({ top: -560 }));
      await stage.shoot(mira, 'events');
    },
  },
];
