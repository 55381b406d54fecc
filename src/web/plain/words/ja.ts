/** What only the plain pages say, in Japanese. */
import type { Piece } from '../../../ui/words/grammar.ts';
import type { PlainCatalogue } from './en.ts';

export const ja: PlainCatalogue = ({ many }) => ({
  needsNoScripts: (wholePage): Piece => [
    'このページはスクリプトなしで使えます。もっと多くの機能は',
    wholePage,
    'にあります。',
  ],
  wholePage: '通常のページ',

  asTheyCome: '届いた順に表示',
  withoutWaiting: '待たずに表示',
  forTextBrowsers: (withoutWaiting): Piece => [
    withoutWaiting,
    '（ページ全体が届いてから表示するブラウザー向け）',
  ],
  lookAgain: '新着メッセージを確認',
  earlier: '以前のメッセージ',

  timesInUtc: '時刻はUTCです。',
  comesByItself: '新着メッセージは自動で表示されます。',
  newest: (count) => many(count, { other: '最新のメッセージ#件。' }),
  leftOut: (count) => many(count, { other: '多すぎるため、#件をここでは省略しています。' }),

  messageOf: (time) => `${time} のメッセージ`,
  someMessage: '以前のメッセージ',
  changed: (nick, message, text): Piece => [nick, ' さんが', message, 'を編集しました：', text],
  deleted: (nick, message): Piece => [nick, ' さんが', message, 'を削除しました'],
  reacted: (nick, message, emoji): Piece => [
    nick,
    ' さんが',
    message,
    'に ',
    emoji,
    ' でリアクションしました',
  ],
  tookBack: (nick, message, emoji): Piece => [
    nick,
    ' さんが',
    message,
    'の ',
    emoji,
    ' を取り消しました',
  ],

  ended: {
    stopping: 'サーバーがまもなく停止します。すぐに戻ります。',
    openAgain: 'このページは別のところでも開かれています。',
    unheard: 'まだご覧になっていますか？',
    long: 'このページは長くなりました。',
    broken: 'サーバーの一部で問題が起きました。',
  },
  goOn: '続ける',
});
