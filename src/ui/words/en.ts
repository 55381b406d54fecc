/** What the page says, in English. */
import type { Grammar, Piece } from './grammar.ts';

export const en = ({ many, number }: Grammar) => ({
  app: {
    /** Stands for the title of a room that has not told its own. */
    name: 'Encke',
    skip: 'Skip to writing',
    close: 'Close',
    leave: 'Leave',
  },

  join: {
    comeIn: 'Come in',
    nick: 'Your nick',
    passcode: 'Passcode',
    join: 'Join',
    joinAgain: 'Join again',
    joining: 'Joining …',
    whyToFollow: 'You see the latest messages. Join to follow what comes, and to write.',
    whyNothingYet: 'Join to follow what is said, and to write.',
    whyLocked: 'This room is read and written with a passcode.',
    emptyRoom: 'Nothing has been said yet',
    emptyRoomInvites: 'The first word is yours.',
    lockedRoom: 'A room with a door',
    lockedRoomInvites: 'Come in to read what is said here.',
    loading: 'Loading the messages',
  },

  people: {
    title: 'Who is here',
    here: 'Here now',
    count: (count: number) => `${number(count)} here`,
    onlyCount: (count: number) =>
      many(count, { one: '# person is here.', other: '# people are here.' }) +
      ' In a room of this size only their number is told.',
    you: 'you',
    keeper: 'keeper',
    others: (count: number) => many(count, { one: '# other', other: '# others' }),
    writing: (nicks: Piece, count: number): Piece => [
      nicks,
      many(count, { one: ' is writing', other: ' are writing' }),
    ],
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
    found: 'Connected again. Nothing was missed.',
    deviceOffline: 'This device is offline. What you write is sent when it is back.',
    inAnotherWindow: 'The room goes on in another window.',
    useThisOne: 'Use this one',
    lost: 'The connection is lost.',
    tryingNow: 'Trying now …',
    nextTry: (seconds: number) => many(seconds, { other: 'Next try in # s.' }),
    tryNow: 'Try now',
  },

  settings: {},

  reading: {
    messages: 'Messages',
    newMessagesTitle: 'New messages',
    announced: (nick: string, text: string) => `${nick}: ${text}`,
    announcedMany: (count: number, nick: string) =>
      many(count, { one: '# new message', other: '# new messages' }) + `, the last from ${nick}`,
    toNewest: 'To the newest',
    newMessages: (count: number) => many(count, { one: '# new message', other: '# new messages' }),
    beginning: 'Here the room begins',
    loadOlder: 'Load older messages',
    loadingOlder: 'Loading older messages …',
    gap: 'Some messages are missing here.',
    loadGap: 'Load them',
    loadingGap: 'Loading them …',
    today: 'Today',
    yesterday: 'Yesterday',
    deleted: 'This message was deleted',
    edited: 'edited',
    actions: 'Actions',
    actionsFor: (nick: string, time: string) => `Actions for the message by ${nick} at ${time}`,
    reactions: 'Reactions',
    reaction: (emoji: string, count: number) => `${emoji} ${number(count)}`,
    reactWith: (emoji: string) => `React with ${emoji}`,
    edit: 'Edit',
    delete: 'Delete',
    deleteForEveryone: 'Delete for everyone',
    onlyYou: 'Only you see this',
    cameIn: (nicks: Piece, _count: number): Piece => [nicks, ' came in'],
    cameBack: (nicks: Piece, _count: number): Piece => [nicks, ' came back'],
    lookedIn: (nicks: Piece, _count: number): Piece => [nicks, ' looked in'],
    left: (nicks: Piece, _count: number): Piece => [nicks, ' left'],
    wasBanned: (nick: Piece): Piece => [nick, ' was banned by a keeper'],
    wasSentOut: (nick: Piece): Piece => [nick, ' was sent out by a keeper'],
    isNow: (old: Piece, nick: Piece): Piece => [old, ' is now ', nick],
    isKeeper: (nick: Piece): Piece => [nick, ' is a keeper now'],
    isNoKeeper: (nick: Piece): Piece => [nick, ' is no keeper any more'],
    removedTopic: (nick: Piece): Piece => [nick, ' removed the topic'],
    setTopic: (nick: Piece, topic: Piece): Piece => [nick, ' set the topic: ', topic],
    madeQuiet: (nick: Piece): Piece => [nick, ' made the room quiet: only keepers write'],
    opened: (nick: Piece): Piece => [nick, ' opened the room'],
    slowed: (nick: Piece, seconds: number): Piece => [
      nick,
      ' slowed the room: one message in ',
      many(seconds, { one: '# second', other: '# seconds' }),
    ],
    banned: (nick: Piece, other: Piece): Piece => [nick, ' banned ', other],
    unbanned: (nick: Piece, other: Piece): Piece => [nick, ' lets in again: ', other],
    muted: (nick: Piece, other: Piece): Piece => [nick, ' muted ', other],
    unmuted: (nick: Piece, other: Piece): Piece => [nick, ' lets speak again: ', other],
  },

  search: {},

  writing: {
    message: 'Message',
    placeholder: 'Write a message',
    send: 'Send',
    hint: (enter: Piece, shift: Piece, help: Piece): Piece => [
      enter,
      ' sends, ',
      shift,
      ' ',
      enter,
      ' begins a line, ',
      help,
      ' shows commands',
    ],
    charactersLeft: (count: number) =>
      many(count, { one: '# character left', other: '# characters left' }),
    charactersTooMany: (count: number) =>
      many(count, { one: '# character too many', other: '# characters too many' }),
    atLeastTooMany: (count: number) =>
      many(count, {
        one: 'At least # character too many',
        other: 'At least # characters too many',
      }),
    sending: 'sending',
    notSent: (why: string) => `Not sent: ${why}`,
    retry: 'Retry',
    edit: 'Edit',
    discard: 'Discard',
    editField: 'Edit your message',
    save: 'Save',
    cancel: 'Cancel',
  },

  embed: {},
});
