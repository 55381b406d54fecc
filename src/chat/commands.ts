/**
 * The commands: what a text that begins with `/` does. One table of name, parser, effect and help
 * line; `/help` and the documents are made from it.
 */
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { MemberId, Who } from '../protocol/entries.ts';
import type { CommandReply, MembersPage, RoomInfo } from '../protocol/replies.ts';
import { slowSecondsMax, type Asker, type Keeping } from './keeping.ts';
import type { Actor } from './room-parts.ts';
import type { SayRequest, Spoken } from './speech.ts';

export interface Call extends Actor {
  readonly request: SayRequest;
}

interface Command<Argument> {
  readonly name: string;
  /** What follows the name in the help, for example `NICK`. */
  readonly usage: string;
  readonly help: string;
  readonly isForKeepers?: true;
  /** Reads what follows the name; a string says what is wrong with it. */
  parse(rest: string): { readonly value: Argument } | string;
  run(scene: Scene, argument: Argument): Promise<Outcome<Spoken>> | Outcome<Spoken>;
}

/** What commands need of the room. */
export interface Commanded {
  who(id: MemberId): Who | null;
  info(): RoomInfo;
  membersPage(query: { after: string; prefix: string; limit: number }): MembersPage;
  post(id: MemberId, request: SayRequest & { action?: true }): Promise<Outcome<Spoken>>;
  rename(id: MemberId, nick: string, key: string): Promise<Outcome<{ member: Who }>>;
  setTopic(id: MemberId, topic: string, key: string): Promise<Outcome<{ topic: string }>>;
}

interface Scene {
  readonly room: Commanded;
  readonly keeping: Keeping;
  readonly call: Call;
}

/** Nicks that `/who` names before it only counts. */
const whoMax = 50;

const nothing = (rest: string): { value: null } | string =>
  rest === '' ? { value: null } : 'takes nothing after it';
const something = (rest: string): { value: string } | string =>
  rest === '' ? 'needs something after it' : { value: rest };
const anything = (rest: string): { value: string } => ({ value: rest });

/** Keeps a command's argument type to itself, so that commands of all types fit one table. */
function command<Argument>(one: Command<Argument>): Runnable {
  const { name, usage, help } = one;
  return {
    name,
    usage,
    help,
    isForKeepers: one.isForKeepers === true,
    run: async (scene, rest) => {
      const parsed = one.parse(rest);
      if (typeof parsed !== 'string') return await one.run(scene, parsed.value);
      return refuse('BAD_TEXT', `"/${name}" ${parsed}: /${name}${usage === '' ? '' : ` ${usage}`}`);
    },
  };
}

export interface Runnable {
  readonly name: string;
  readonly usage: string;
  readonly help: string;
  readonly isForKeepers: boolean;
  run(scene: Scene, rest: string): Promise<Outcome<Spoken>>;
}

export const commands: readonly Runnable[] = [
  command({
    name: 'help',
    usage: '',
    help: 'shows this list',
    parse: nothing,
    run: ({ room, call }) => told(helpFor(room.who(call.id)?.role === 'keeper')),
  }),
  command({
    name: 'me',
    usage: 'TEXT',
    help: 'tells what you do',
    parse: something,
    run: async ({ room, call }, text) =>
      await room.post(call.id, { ...call.request, text, action: true }),
  }),
  command({
    name: 'nick',
    usage: 'NICK',
    help: 'gives you another nick',
    parse: something,
    run: async ({ room, call }, nick) => {
      const done = await room.rename(call.id, nick, keyOf(call));
      return done.ok ? told(`You are "${done.member.nick}" now`) : done;
    },
  }),
  command({
    name: 'who',
    usage: '',
    help: 'tells who is here',
    parse: nothing,
    run: ({ room }) => {
      const { members, online, more } = room.membersPage({ after: '', prefix: '', limit: whoMax });
      const nicks = members.map((member) => member.nick).join(', ');
      return told(`${online} here: ${nicks}${more ? ' and others' : ''}`);
    },
  }),
  command({
    name: 'topic',
    usage: '[TEXT]',
    help: 'tells the topic, or sets it',
    parse: anything,
    run: async ({ room, call }, text) => {
      if (text === '') {
        const { topic } = room.info();
        return told(topic === '' ? 'There is no topic' : `The topic is: ${topic}`);
      }
      const done = await room.setTopic(call.id, text, keyOf(call));
      return done.ok ? told(`The topic is now: ${done.topic}`) : done;
    },
  }),
  command({
    name: 'keeper',
    usage: 'CODE',
    help: 'makes you a keeper; the code is in the data folder',
    parse: something,
    run: async ({ keeping, call }, code) =>
      await keeping.promote(askerOf(call), code, call.address),
  }),
  keeperCommand('kick', 'sends somebody out', 'kick'),
  keeperCommand('ban', 'sends somebody out for good', 'ban'),
  keeperCommand('unban', 'lets somebody in again', 'unban'),
  keeperCommand('mute', 'takes somebody’s right to write', 'mute'),
  keeperCommand('unmute', 'gives it back', 'unmute'),
  command({
    name: 'mode',
    usage: 'open|quiet|slow SECONDS',
    help: 'opens, quiets or slows the room',
    isForKeepers: true,
    parse: parseMode,
    run: async ({ keeping, call }, { mode, slowSeconds }) =>
      await keeping.setMode(askerOf(call), mode, slowSeconds),
  }),
];

const byName = new Map(commands.map((one) => [one.name, one]));

/** Runs the command that a text names. Refuses with BAD_TEXT, and with what the command does. */
export async function runCommand(
  room: Commanded,
  keeping: Keeping,
  call: Call,
): Promise<Outcome<Spoken>> {
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/u.exec(call.request.text) ?? [];
  const found = byName.get(name.toLowerCase());
  if (found === undefined) {
    return refuse('BAD_TEXT', `There is no command "/${name.slice(0, 24)}", /help shows them all`);
  }
  return await found.run({ room, keeping, call }, rest.trim());
}

function keeperCommand(
  name: string,
  help: string,
  verb: 'kick' | 'ban' | 'unban' | 'mute' | 'unmute',
): Runnable {
  return command({
    name,
    usage: 'NICK',
    help,
    isForKeepers: true,
    parse: something,
    run: async ({ keeping, call }, nick) => await keeping[verb](askerOf(call), nick),
  });
}

/** The key of what a command records: of the same call again, it is the same. */
function keyOf({ id, request }: Call): string {
  return `${id}:${request.id}`;
}

function askerOf(call: Call): Asker {
  return { id: call.id, key: keyOf(call) };
}

function parseMode(
  rest: string,
): { value: { mode: 'open' | 'quiet'; slowSeconds: number } } | string {
  if (rest === 'open' || rest === 'quiet') return { value: { mode: rest, slowSeconds: 0 } };
  const [, digits] = /^slow (\d{1,5})$/.exec(rest) ?? [];
  const slowSeconds = Number(digits);
  if (slowSeconds >= 1 && slowSeconds <= slowSecondsMax) {
    return { value: { mode: 'open', slowSeconds } };
  }
  return `takes open, quiet, or slow and 1 to ${slowSecondsMax} seconds`;
}

function helpFor(isKeeper: boolean): string {
  return commands
    .filter((one) => isKeeper || !one.isForKeepers)
    .map(({ name, usage, help }) => `/${name}${usage === '' ? '' : ` ${usage}`}: ${help}`)
    .join('\n');
}

function told(reply: string): Outcome<CommandReply> {
  return { ok: true, reply };
}
