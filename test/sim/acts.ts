/**
 * What raw clients do: everything that members do, and what no client should do and some do all the
 * same. Each act begins something and waits for nothing.
 */
import type { Seq } from '../../src/protocol/entries.ts';
import { ask } from './ask.ts';
import { keeperCode, type Host } from './host.ts';
import type { Person, SaidBefore } from './person.ts';
import { tabsMax } from './person.ts';
import { isCutOff, type World } from './world.ts';

type Act = (person: Person, world: World, others: readonly Person[]) => void;

const words = [
  'hello',
  'Grüße aus Köln',
  'こんにちは、みなさん',
  'مرحبا بالجميع',
  '👩‍👩‍👧‍👦 family, one grapheme',
  'a\nsecond line',
  '//not a command',
  '  blanks before',
  '<b>not bold</b> & "quoted" \\ back',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag',
  'é is one, not two',
  'שלום',
];
const emoji = ['👍', '❤️', '🎉', '👩‍🚀'];
const pageNicks = ['page1', 'page2', 'page3'];
const topics = ['Comets', 'Tails', 'Perihelion', ''];

/** Each with how often it is done. */
export const weights = {
  say: 30,
  sayAgain: 8,
  sayTwiceAtOnce: 5,
  sayOtherUnderIt: 2,
  burst: 2,
  edit: 4,
  remove: 2,
  react: 7,
  unreact: 4,
  topic: 2,
  me: 2,
  rename: 3,
  typing: 2,
  openTab: 3,
  closeTab: 3,
  napTab: 4,
  pollOld: 8,
  pollTwice: 4,
  pollNow: 3,
  snapshot: 3,
  readBack: 3,
  readForward: 3,
  vanish: 2,
  leave: 2,
  strangers: 2,
  becomeKeeper: 4,
  keep: 8,
  guess: 1,
  goAway: 2,
} as const satisfies Readonly<Record<string, number>>;

export type ActName = keyof typeof weights;

export const acts: Readonly<Record<ActName, Act>> = {
  say: (person) => {
    if (person.who !== null) void person.say(person.newMessage(textOf(person)), sayer(person));
  },

  // The answer may have been lost, or not: asked again, at any time, it is the same message.
  sayAgain: (person, world) => {
    const message = person.chance.pick(ours(person, world));
    if (message !== undefined) void person.say(message, sayer(person));
  },

  sayTwiceAtOnce: (person) => {
    if (person.who === null) return;
    const message = person.newMessage(textOf(person));
    void person.say(message, sayer(person));
    void person.say(message, sayer(person));
  },

  sayOtherUnderIt: (person, world) => {
    const message = person.chance.pick(ours(person, world).filter(({ seq }) => seq !== null));
    if (message === undefined) return;
    const { history } = message;
    const other = { ...message, text: `${message.text} (another)` };
    void person.say(other, sayer(person)).then((answer) => {
      if (answer === null || answer.status >= 300 || answer.history !== history) return;
      const key = `${message.by}:${message.id}`;
      world.trace.trouble('reused', `"${key}" was taken twice, with two texts`);
    });
  },

  // More at once than a pace allows: each is refused or recorded, and in the order of arrival.
  burst: (person) => {
    if (person.who === null) return;
    for (let count = 4 + person.chance.below(12); count > 0; count--) {
      void person.say(person.newMessage(textOf(person)), sayer(person));
    }
  },

  edit: (person, world) => {
    const message = person.chance.pick(ours(person, world));
    if (message === undefined || message.seq === null) return;
    const body = { text: `${textOf(person)} (changed)` };
    void person.ask({ method: 'PATCH', path: `/v1/messages/${message.seq}`, body });
  },

  remove: (person, world) => {
    const message = person.chance.pick(ours(person, world));
    if (message === undefined || message.seq === null) return;
    void person.ask({ method: 'DELETE', path: `/v1/messages/${message.seq}`, body: {} });
  },

  react: (person, world, others) => {
    const of = seqOf(person, world, others);
    if (of === null) return;
    const kind = encodeURIComponent(person.chance.pick(emoji) ?? '👍');
    const path = `/v1/messages/${of}/reactions/${kind}`;
    person.reacted.push(path);
    void person.ask({ method: 'PUT', path, body: {} });
  },

  unreact: (person) => {
    const path = person.chance.pick(person.reacted.slice(-5));
    if (path !== undefined) void person.ask({ method: 'DELETE', path, body: {} });
  },

  topic: (person) => command(person, `/topic ${person.chance.pick(topics) ?? ''}`),

  me: (person) => {
    if (person.who !== null) void person.say(person.newMessage('/me waves'), sayer(person));
  },

  // Sometimes to a nick that somebody else has, or is about to have.
  rename: (person, _, others) => {
    const other = person.chance.pick(others);
    const nick = person.chance.happens(0.5)
      ? `nick-${person.chance.below(3)}`
      : person.chance.happens(0.5)
        ? person.name
        : (other?.nick ?? person.name);
    command(person, `/nick ${nick}`);
  },

  typing: (person) => void person.ask({ method: 'POST', path: '/v1/typing', body: {} }),

  openTab: (person) => {
    if (person.who !== null && person.isIn && person.openTabs.length < tabsMax) person.open();
  },

  // A page that goes says so, or not.
  closeTab: (person) => {
    if (person.openTabs.length < 2) return;
    const tab = person.chance.pick(person.openTabs);
    tab?.close();
    if (tab === undefined || person.chance.happens(0.5)) return;
    void person.ask({ method: 'POST', path: '/v1/leave', body: { tab: tab.name } });
  },

  napTab: (person, { timeline }) => {
    const tab = person.chance.pick(person.openTabs);
    if (tab === undefined || tab.isAsleep) return;
    tab.isAsleep = true;
    timeline.after(person.chance.waiting(12_000), () => {
      tab.isAsleep = false;
    });
  },

  // From any place where it ever stood.
  pollOld: (person, { cuts }) => {
    const tab = person.chance.pick(person.openTabs);
    const cutOff = tab?.cursors.filter((at) => isCutOff(at, cuts)) ?? [];
    const isPreferred = cutOff.length > 0 && person.chance.happens(0.5);
    const from = person.chance.pick(isPreferred ? cutOff : (tab?.cursors ?? []));
    if (tab === undefined || from === undefined) return;
    const holdS = person.chance.happens(0.5) ? 0 : person.chance.below(20);
    void tab.poll(from, holdS, 'old', 1 + person.chance.below(3));
  },

  // The same tab asks again before it was answered, as after a change of networks.
  pollTwice: (person) => {
    const tab = person.chance.pick(person.openTabs);
    const at = tab?.at ?? null;
    if (at !== null) void tab?.poll(at, 20);
  },

  pollNow: (person) => {
    const tab = person.chance.pick(person.openTabs);
    const at = tab?.at ?? null;
    if (at !== null) void tab?.poll(at, 0, 'now', 1);
  },

  // The tab forgets where it stood.
  snapshot: (person) => {
    const tab = person.chance.pick(person.openTabs);
    if (tab !== undefined && person.who !== null) tab.at = null;
  },

  readBack: (person) => {
    const before = 1 + person.chance.below(400);
    void person.ask({ path: `/v1/messages?before=${before}&limit=20` });
  },

  readForward: (person) => {
    const tab = person.chance.pick(person.openTabs);
    const from = person.chance.pick(tab?.cursors ?? []);
    if (from === undefined) return;
    void person.page(from.seq, 1 + person.chance.below(200));
  },

  // The machine is gone: nobody says goodbye. Somebody may come back, with the token or without.
  vanish: (person, world) => {
    person.vanish();
    const isForgotten = person.chance.happens(0.3);
    world.timeline.after(person.chance.waiting(15_000), () => {
      if (isForgotten) {
        person.token = null;
        person.who = null;
        person.nick = `${person.name}-${person.newId(3)}`;
      }
      person.isIn = true;
      void person.join();
    });
  },

  leave: (person, world) => {
    person.isIn = false;
    person.vanish();
    void person.ask({ method: 'POST', path: '/v1/leave', body: {} });
    world.timeline.after(person.chance.waiting(8_000), () => void person.join());
  },

  // Two strangers who want the same nick, and each of whom asks twice. Then they are gone.
  strangers: (person, world) => {
    const nick = `same-${person.chance.below(1_000)}`;
    for (const id of [person.newId(22), person.newId(22)]) {
      const question = { method: 'POST', path: '/v1/join', body: { nick, id } };
      void ask(person.asking, question);
      if (person.chance.happens(0.5)) void ask(person.asking, question);
    }
    world.trace.count('strangers');
  },

  // Only some: keepers are safe from each other.
  becomeKeeper: (person, _, others) => {
    const one = [person, ...others].find(({ name }) => name === 'r1' || name === 'r2');
    if (one !== undefined && one.role !== 'keeper') command(one, `/keeper ${keeperCode}`);
  },

  keep: (anybody, _, everybodyElse) => {
    const all = [anybody, ...everybodyElse];
    const person = all.find(({ role }) => role === 'keeper');
    if (person === undefined) return;
    const others = all.filter((other) => other !== person);
    const nick = person.chance.pick([...others.map((other) => other.nick), ...pageNicks]) ?? '';
    const kinds = { mute: 6, unmute: 6, kick: 2, ban: 1, unban: 3, mode: 2 };
    const kind = person.chance.weighed(kinds);
    if (kind !== 'mode') return command(person, `/${kind} ${nick}`);
    command(person, `/mode ${person.chance.happens(0.2) ? 'slow 2' : 'open'}`);
  },

  // The keepers' code, guessed by somebody who says each time to come from elsewhere.
  guess: (person, world) => void guess(person, world),

  goAway: (person, { timeline }) => {
    person.line.isAway = true;
    timeline.after(person.chance.waiting(6_000), () => {
      person.line.isAway = false;
    });
  },
};

/** Wrong codes that an address may try at once, and one more every six seconds. */
const guessMax = 10;

async function guess(person: Person, { host, trace }: World): Promise<void> {
  if (person.who === null) return;
  const before = treeOf(host);
  const tries = Array.from({ length: guessMax + 4 }, () => {
    const body = { id: `g${person.newId(6)}`, text: `/keeper ${person.newId(12)}` };
    return person.ask({ method: 'POST', path: '/v1/messages', body });
  });
  const answers = await Promise.all(tries);
  const wrong = answers.filter((answer) => answer?.code === 'FORBIDDEN').length;
  trace.count('guesses refused', answers.filter((answer) => answer?.code === 'TOO_FAST').length);
  // A room that began anew in between has forgotten how often it was tried.
  if (treeOf(host) === before && wrong > guessMax + 3) {
    trace.trouble('unpaced', `${person.name} guessed the keepers' code ${wrong} times at once`);
  }
}

/** The lives of all services, as one text. */
function treeOf({ server, life }: Host): string {
  return life?.isOver === false && server !== null ? JSON.stringify(server.tree()) : '';
}

function command(person: Person, text: string): void {
  if (person.who === null) return;
  const body = { id: `c${person.newId(6)}`, text };
  void person.ask({ method: 'POST', path: '/v1/messages', body });
}

/** Who is said to say it: a tab of theirs, or they themselves. */
function sayer(person: Person): string {
  return person.openTabs[0]?.who ?? person.name;
}

/** What they have said as who they are now, and where it was not cut off since. */
function ours(person: Person, { cuts }: World): readonly SaidBefore[] {
  return person.said.filter(({ by, seq, history }) => {
    if (by !== person.who?.id) return false;
    return seq === null || !isCutOff({ cursor: '', epoch: '', seq, history }, cuts);
  });
}

function seqOf(person: Person, world: World, others: readonly Person[]): Seq | null {
  const whose = person.chance.pick([person, ...others]) ?? person;
  return person.chance.pick(ours(whose, world))?.seq ?? null;
}

function textOf(person: Person): string {
  const { chance } = person;
  const text = chance.pick(words) ?? 'hello';
  return chance.happens(0.02) ? text.repeat(30) : `${text} ${chance.below(1_000)}`;
}
