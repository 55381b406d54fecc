/** What only the plain pages say, in French. Tall signs have a space that does not break. */
import type { Piece } from '../../../ui/words/grammar.ts';
import type { PlainCatalogue } from './en.ts';

export const fr: PlainCatalogue = ({ many }) => ({
  needsNoScripts: (wholePage): Piece => [
    'Cette page se passe de scripts. ',
    wholePage,
    ' en offre davantage.',
  ],
  wholePage: 'La page complète',

  asTheyCome: 'Au fil de l’eau',
  withoutWaiting: 'Sans attendre',
  forTextBrowsers: (withoutWaiting): Piece => [
    withoutWaiting,
    ', pour les navigateurs qui ne montrent une page qu’une fois complète',
  ],
  lookAgain: 'Voir s’il y a de nouveaux messages',
  earlier: 'Messages précédents',

  timesInUtc: 'Les heures sont en UTC.',
  comesByItself: 'Les nouveaux messages apparaissent d’eux-mêmes.',
  newest: (count) =>
    many(count, { one: 'Le message le plus récent.', other: 'Les # messages les plus récents.' }),
  leftOut: (count) =>
    many(count, {
      one: '# entrée n’est pas montrée ici, il y en avait trop.',
      other: '# entrées ne sont pas montrées ici, il y en avait trop.',
    }),

  messageOf: (time) => `le message de ${time}`,
  someMessage: 'un message plus ancien',
  changed: (nick, message, text): Piece => [nick, ' a modifié ', message, '\u00a0: ', text],
  deleted: (nick, message): Piece => [nick, ' a supprimé ', message],
  reacted: (nick, message, emoji): Piece => [nick, ' a mis ', emoji, ' sur ', message],
  tookBack: (nick, message, emoji): Piece => [nick, ' a retiré ', emoji, ' mis sur ', message],

  ended: {
    stopping: 'Le serveur va s’arrêter, et revient dans un instant.',
    openAgain: 'Cette page est ouverte une fois de plus.',
    unheard: 'Êtes-vous toujours là\u00a0?',
    long: 'Cette page est devenue longue.',
    broken: 'Une partie du serveur est tombée en panne.',
  },
  goOn: 'Continuer',
});
