/** What only the plain pages say, in Spanish. */
import type { Piece } from '../../../ui/words/grammar.ts';
import type { PlainCatalogue } from './en.ts';

export const es: PlainCatalogue = ({ many }) => ({
  needsNoScripts: (wholePage): Piece => [
    'Esta página no necesita scripts. ',
    wholePage,
    ' ofrece más.',
  ],
  wholePage: 'La página completa',

  asTheyCome: 'Según van llegando',
  withoutWaiting: 'Sin esperar',
  forTextBrowsers: (withoutWaiting): Piece => [
    withoutWaiting,
    ', para navegadores que solo muestran una página cuando está completa',
  ],
  lookAgain: 'Ver si hay mensajes nuevos',
  earlier: 'Mensajes anteriores',

  timesInUtc: 'Las horas están en UTC.',
  comesByItself: 'Los mensajes nuevos aparecen solos.',
  newest: (count) =>
    many(count, { one: 'El mensaje más reciente.', other: 'Los # mensajes más recientes.' }),
  leftOut: (count) =>
    many(count, {
      one: 'Aquí falta # entrada, eran demasiadas.',
      other: 'Aquí faltan # entradas, eran demasiadas.',
    }),

  messageOf: (time) => `el mensaje de las ${time}`,
  someMessage: 'un mensaje anterior',
  changed: (nick, message, text): Piece => [nick, ' ha editado ', message, ': ', text],
  deleted: (nick, message): Piece => [nick, ' ha eliminado ', message],
  reacted: (nick, message, emoji): Piece => [nick, ' ha puesto ', emoji, ' en ', message],
  tookBack: (nick, message, emoji): Piece => [nick, ' ha quitado ', emoji, ' en ', message],

  ended: {
    stopping: 'El servidor está a punto de detenerse y vuelve enseguida.',
    openAgain: 'Esta página está abierta otra vez.',
    unheard: '¿Sigues ahí?',
    long: 'Esta página ya es muy larga.',
    broken: 'Ha fallado una parte del servidor.',
  },
  goOn: 'Continuar',
});
