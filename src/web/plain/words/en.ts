/** What only the plain pages say, in English; the rest they say in the words of the page. */
import type { Grammar, Piece } from '../../../ui/words/grammar.ts';

export const en = ({ many }: Grammar) => ({
  needsNoScripts: (wholePage: Piece): Piece => [
    'This page needs no scripts. ',
    wholePage,
    ' has more to it.',
  ],
  wholePage: 'The whole page',

  asTheyCome: 'As they come',
  withoutWaiting: 'Without waiting',
  /** Why one would rather have that page. */
  forTextBrowsers: (withoutWaiting: Piece): Piece => [
    withoutWaiting,
    ', for browsers that show a page only when all of it is there',
  ],
  lookAgain: 'Look for new messages',
  earlier: 'Earlier messages',

  /** The server cannot know where the reader is. */
  timesInUtc: 'Times are in UTC.',
  comesByItself: 'New messages appear by themselves.',
  newest: (count: number) =>
    many(count, { one: 'The newest message.', other: 'The newest # messages.' }),
  leftOut: (count: number) =>
    many(count, {
      one: '# entry is not shown here, they were too many.',
      other: '# entries are not shown here, they were too many.',
    }),

  /** A message by which a sentence goes, known by its time, or not even by that. */
  messageOf: (time: string) => `the message of ${time}`,
  someMessage: 'an earlier message',
  changed: (nick: Piece, message: Piece, text: Piece): Piece => [
    nick,
    ' changed ',
    message,
    ': ',
    text,
  ],
  deleted: (nick: Piece, message: Piece): Piece => [nick, ' deleted ', message],
  reacted: (nick: Piece, message: Piece, emoji: Piece): Piece => [
    nick,
    ' put ',
    emoji,
    ' on ',
    message,
  ],
  tookBack: (nick: Piece, message: Piece, emoji: Piece): Piece => [
    nick,
    ' took ',
    emoji,
    ' off ',
    message,
  ],

  /** Why a page that goes on has ended, and the link that goes on. */
  ended: {
    stopping: 'The server is about to stop, and is back in a moment.',
    openAgain: 'This page is open once more.',
    unheard: 'Are you still there?',
    long: 'This page has grown long.',
    broken: 'A part of the server broke.',
  },
  goOn: 'Go on',
});

export type PlainWords = ReturnType<typeof en>;

/** The words of one language. English is the model: what it has, each of the others has. */
export type PlainCatalogue = (grammar: Grammar) => PlainWords;
