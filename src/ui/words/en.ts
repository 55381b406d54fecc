/** What the page says around the first messages, in English. The rest is in `en-aside.ts`. */
import type { Grammar } from './grammar.ts';

export const en = ({ number }: Grammar) => ({
  app: {
    /** Stands for the title of a room that has not told its own. */
    name: 'Encke',
    search: 'Search',
    settings: 'Settings',
  },

  join: {
    loading: 'Loading the messages',
  },

  people: {
    count: (count: number) => `${number(count)} here`,
    keeper: 'keeper',
  },

  connection: {
    idle: 'Looking in',
    connecting: 'Connecting',
    live: 'Live',
    waiting: 'Reconnecting',
    offline: 'Offline',
    superseded: 'Elsewhere',
    out: 'Out',
    closed: 'Closed',
  },

  reading: {
    messages: 'Messages',
    announced: (nick: string, text: string) => `${nick}: ${text}`,
    unread: 'New',
    answerTo: 'In answer to',
    beginning: 'Here the room begins',
    today: 'Today',
    yesterday: 'Yesterday',
    deleted: 'This message was deleted',
    edited: (time: string) => `edited ${time}`,
    reactions: 'Reactions',
  },
});
