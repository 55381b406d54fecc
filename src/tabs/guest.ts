/**
 * A tab that shows a room which is hosted elsewhere. It looks like a copy of its own to whoever
 * draws it, and it survives its hosts: what was asked of one that is gone is asked of the next.
 */
import type { Line, RoomState } from '../copy/room-state.ts';
import { fail } from '../client/answer.ts';
import type { Spoken } from '../client/client.ts';
import { listeners } from '../client/listeners.ts';
import { randomId } from '../client/random-id.ts';
import type { Copy, CopyEvents } from '../copy/copy.ts';
import { writeKept, type CopyStorage, type Kept } from '../copy/kept.ts';
import type { SayExtra } from '../copy/outbox.ts';
import { answeringNone, isSecret, lineOf, type Pending } from '../copy/pending.ts';
import { nothingYet, type GuestPort, type House, type ToGuest, type Verb } from './messages.ts';
import { patched } from './patch.ts';

export interface GuestParts {
  /** Of this tab: what the host wants to survive is kept here. */
  readonly storage: CopyStorage | null;
  readonly key: string;
  readonly isOnline: () => boolean;
  /** A host was heard for the first time. */
  readonly met: (house: House) => void;
  /** The host does not answer. */
  readonly lost: () => void;
  /** The tab needs no host any more. */
  readonly closed: () => void;
}

export interface Guest {
  readonly copy: Copy;
  /** How it stands with the host; null before it was heard. */
  readonly house: () => House | null;
  /** Goes on with this host. What the one before has not answered is asked again. */
  readonly attach: (port: GuestPort) => void;
  readonly detach: () => void;
  /** The tab holds the lock of its life, under this name; null: not any more. */
  readonly lives: (name: string | null) => void;
  /** Something happened to the machine or to the reader. */
  readonly back: (hasSlept?: boolean) => void;
  /** Asks whether the host is there; `lost` is called when it does not answer for too long. */
  readonly ping: () => void;
}

/**
 * A host that has been asked so often and has said nothing since is frozen, or gone. Counted, and
 * not timed: while the whole machine stands still, the tab does not ask either.
 */
const unansweredMax = 2;
const messageIdLength = 16;

interface Call {
  readonly verb: Verb;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
}

export function guest({ storage, key, isOnline, met, lost, closed }: GuestParts): Guest {
  const { on, tell } = listeners<CopyEvents>();
  const calls = new Map<number, Call>();
  let count = 0;
  let port: GuestPort | null = null;
  let house: House | null = null;
  /** What the host has told, and what is shown: the last host's room, until the new one has it. */
  let told: RoomState | null = null;
  let room: RoomState = { ...nothingYet, status: { kind: 'idle' } };
  /** What was said here, and is not in the host's hands as far as we know. */
  let said: readonly Pending[] = [];
  /** Both together. */
  let state = room;
  /** How often the host was asked whether it is there since it last said anything. */
  let unanswered = 0;
  let life: string | null = null;
  /** The host is another than before, and has to find its way into the room first. */
  let isEntering = false;
  let isClosed = false;

  return {
    copy: {
      get state() {
        return state;
      },
      subscribe: (listener) => on('state', listener),
      on,
      join: (...args) => call('join', args),
      resume: () => call('resume', []),
      leave: () => call('leave', []),
      // While the host finds its way into the room, this is what may help it.
      reconnect: () => ask('reconnect'),
      say,
      retry: (id) => void call('retry', [id]),
      discard(id) {
        void call('discard', [id]);
        // Seen at once: whoever takes it back writes it anew.
        unsay(id);
        show({ ...room, lines: room.lines.filter((line) => !isPending(line, id)) });
      },
      edit: (...args) => call('edit', args),
      remove: (...args) => call('remove', args),
      react: (...args) => call('react', args),
      typing: () => ask('typing'),
      history: (...args) => call('history', args),
      read: (...args) => call('read', args),
      search: (...args) => call('search', args),
      members: (...args) => call('members', args),
      close() {
        if (isClosed) return;
        isClosed = true;
        detach();
        show({ ...room, status: { kind: 'closed' } });
        tell('status', state.status);
        for (const { resolve } of calls.values()) resolve(fail('CLOSED', 'The client was closed'));
        calls.clear();
        closed();
      },
    },
    house: () => house,
    attach,
    detach,
    lives(name) {
      life = name;
      if (life !== null) port?.post({ lives: life });
    },
    back(hasSlept = false) {
      // Asleep, nobody answers; and whatever happened, more of it may come in the same moment.
      unanswered = 0;
      port?.post({ back: { isOnline: isOnline(), hasSlept } });
    },
    ping() {
      if (!port) return;
      if (unanswered === unansweredMax) {
        unanswered = 0;
        return lost();
      }
      unanswered += 1;
      port.post({ ping: true });
    },
  };

  function attach(to: GuestPort): void {
    if (isClosed) return;
    detach();
    port = to;
    told = null;
    to.listen((message) => {
      if (port === to) hear(message);
    });
    to.post({ hello: { kept: storage?.getItem(key) ?? null, isOnline: isOnline() } });
    if (life !== null) to.post({ lives: life });
    isEntering = house !== null;
    const askAgain = (): void => {
      if (port !== to) return;
      isEntering = false;
      // It has found its way, or there is none: then the last host's room is gone for us, too.
      if (told) show(told);
      for (const [nr, { verb, args }] of calls) to.post({ call: { nr, verb, args } });
    };
    if (isEntering) void call('resume', []).then(askAgain);
    else askAgain();
  }

  function detach(): void {
    unanswered = 0;
    port?.post({ bye: true });
    port?.close();
    port = null;
  }

  /** Shown and stored at once: the host may be gone, and the page be loaded again before that. */
  async function say(text: string, extra: SayExtra = {}): Promise<Spoken> {
    // The id makes it the same message, whoever is asked for it.
    const id = extra.id ?? randomId(messageIdLength);
    const spoken = call<Spoken>('say', [text, { ...extra, id }]);
    if (isClosed || !state.you) return await spoken;
    said = [...said, { id, text, replyTo: extra.replyTo, by: state.you.id }];
    keep();
    show(room);
    const answer = await spoken;
    unsay(id);
    show(room);
    return answer;
  }

  function unsay(id: string): void {
    said = said.filter((pending) => pending.id !== id);
    keep();
  }

  /** In another history a seq names another message. */
  function forgetAnswered(): void {
    said = said.map(answeringNone);
    for (const [nr, { verb, args, resolve }] of calls) {
      if (verb !== 'say') continue;
      const [text, extra] = args as Parameters<typeof say>;
      calls.set(nr, { verb, args: [text, { id: extra?.id }], resolve });
    }
  }

  /** Asks for what nobody waits for, and what is of no use later. */
  function ask(verb: Verb): void {
    port?.post({ call: { nr: 0, verb, args: [] } });
  }

  function call<T>(verb: Verb, args: readonly unknown[]): Promise<T> {
    if (isClosed) return Promise.resolve(fail('CLOSED', 'The client was closed') as T);
    return new Promise<T>((resolve) => {
      const nr = ++count;
      calls.set(nr, { verb, args, resolve: resolve as (value: unknown) => void });
      // Before that it would answer that nobody has joined; it is asked with the others.
      if (!isEntering || verb === 'resume') port?.post({ call: { nr, verb, args } });
    });
  }

  function hear(message: ToGuest): void {
    unanswered = 0;
    if ('answer' in message) {
      const { nr, value } = message.answer;
      calls.get(nr)?.resolve(value);
      calls.delete(nr);
    } else if ('patch' in message) {
      // Where letters pass through one channel for all, one for an earlier visit may still come.
      const was = message.isWhole ? nothingYet : told;
      if (!was) return;
      const isFirst = told === null;
      ({ house } = message);
      told = patched(was, message.patch);
      const { lines } = told;
      said = said.filter(({ id }) => !lines.some((line) => 'id' in line && line.id === id));
      if (message.news.some(([name]) => name === 'reset')) forgetAnswered();
      keep();
      // A host that has just begun knows nothing yet that we do not show.
      show(told.room || !room.room || !isEntering ? told : { ...room, status: told.status });
      if (isFirst) met(house);
      // What others heard before this tab came to them is no news for it.
      if (isFirst && isEntering) tell('missed', null);
      for (const [name, detail] of message.news) {
        if (name === 'reset') tell('reset', state);
        else tell(name, detail as never);
      }
    }
  }

  function show(now: RoomState): void {
    room = now;
    state = said.length === 0 ? room : { ...room, lines: [...room.lines, ...said.map(lineOf)] };
    tell('state', state);
  }

  /** Stores what the host wants to survive, and what it may not have heard. */
  function keep(): void {
    if (!storage || isClosed) return;
    const ofHost = JSON.parse(house?.kept ?? 'null') as Kept | null;
    const outbox = [...(ofHost?.outbox ?? []), ...said.filter(({ text }) => !isSecret(text))];
    writeKept(storage, key, { position: null, ...ofHost, outbox });
  }
}

function isPending(line: Line, id: string): boolean {
  return line.type === 'pending' && line.id === id;
}
