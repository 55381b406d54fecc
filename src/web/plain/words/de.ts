/** What only the plain pages say, in German. */
import type { Piece } from '../../../ui/words/grammar.ts';
import type { PlainCatalogue } from './en.ts';

export const de: PlainCatalogue = ({ many }) => ({
  needsNoScripts: (wholePage): Piece => [
    'Diese Seite kommt ohne Skripte aus. ',
    wholePage,
    ' kann mehr.',
  ],
  wholePage: 'Die ganze Seite',

  asTheyCome: 'Fortlaufend',
  withoutWaiting: 'Ohne zu warten',
  forTextBrowsers: (withoutWaiting): Piece => [
    withoutWaiting,
    ', für Browser, die eine Seite erst zeigen, wenn sie ganz da ist',
  ],
  lookAgain: 'Nach neuen Nachrichten sehen',
  earlier: 'Frühere Nachrichten',

  timesInUtc: 'Die Zeiten sind in UTC.',
  comesByItself: 'Neue Nachrichten erscheinen von selbst.',
  newest: (count) =>
    many(count, { one: 'Die neueste Nachricht.', other: 'Die neuesten # Nachrichten.' }),
  leftOut: (count) =>
    many(count, {
      one: '# Eintrag wird hier nicht gezeigt, es waren zu viele.',
      other: '# Einträge werden hier nicht gezeigt, es waren zu viele.',
    }),

  messageOf: (time) => `die Nachricht von ${time}`,
  someMessage: 'eine frühere Nachricht',
  changed: (nick, message, text): Piece => [nick, ' hat ', message, ' geändert: ', text],
  deleted: (nick, message): Piece => [nick, ' hat ', message, ' gelöscht'],
  reacted: (nick, message, emoji): Piece => [nick, ' reagiert auf ', message, ' mit ', emoji],
  tookBack: (nick, message, emoji): Piece => [
    nick,
    ' reagiert auf ',
    message,
    ' nicht mehr mit ',
    emoji,
  ],

  ended: {
    stopping: 'Der Server hält an und ist gleich wieder da.',
    openAgain: 'Diese Seite ist noch einmal offen.',
    unheard: 'Bist du noch da?',
    long: 'Diese Seite ist lang geworden.',
    broken: 'Ein Teil des Servers ist ausgefallen.',
  },
  goOn: 'Weiter',
});
