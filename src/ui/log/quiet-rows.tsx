/** The rows that are no messages: who came and went, what changed, and what only we see. */
import type { ReplyLine } from '../../copy/room-state.ts';
import { Nick } from '../people/nick.tsx';
import { Nicks } from '../people/nicks.tsx';
import type { EventLine, TrafficLine } from './rows.ts';
import { sumUp } from './traffic.ts';
import { PlainText as Text } from '../text/text.tsx';
import { momentOf, timeOf } from '../times.ts';
import type { Piece } from '../words/grammar.ts';
import { words } from '../words/words.ts';

/** Nicks that one row of comings and goings names; of more it tells how many. */
const nicksMax = 6;

export function Traffic({ lines }: { readonly lines: readonly TrafficLine[] }) {
  const { came, went, passed, returned } = sumUp(lines);
  return (
    <div role="listitem" class="event">
      {came.length > 0 && (
        <span>{words.reading.cameIn(<Nicks nicks={came} max={nicksMax} />, came.length)}</span>
      )}
      {returned.length > 0 && (
        <span>
          {words.reading.cameBack(<Nicks nicks={returned} max={nicksMax} />, returned.length)}
        </span>
      )}
      {passed.length > 0 && (
        <span>
          {words.reading.lookedIn(<Nicks nicks={passed} max={nicksMax} />, passed.length)}
        </span>
      )}
      {went.length > 0 && (
        <span>{words.reading.left(<Nicks nicks={went} max={nicksMax} />, went.length)}</span>
      )}
    </div>
  );
}

export function Event({ line }: { readonly line: EventLine }) {
  return (
    <div role="listitem" class={line.type === 'notice' ? 'event notice' : 'event'}>
      <span dir="auto">{sayWhat(line)}</span>{' '}
      <time dateTime={new Date(line.at).toISOString()} title={momentOf(line.at)}>
        {timeOf(line.at)}
      </time>
    </div>
  );
}

function sayWhat(line: EventLine): Piece {
  switch (line.type) {
    case 'leave': {
      const nick = <Nick nick={line.member.nick} />;
      return line.reason === 'banned'
        ? words.reading.wasBanned(nick)
        : words.reading.wasSentOut(nick);
    }
    case 'member': {
      const nick = <Nick nick={line.member.nick} />;
      if (line.was.nick !== line.member.nick) {
        return words.reading.isNow(<Nick nick={line.was.nick} />, nick);
      }
      return line.member.role === 'keeper'
        ? words.reading.isKeeper(nick)
        : words.reading.isNoKeeper(nick);
    }
    case 'topic': {
      const nick = <Nick nick={line.by.nick} />;
      return line.topic === ''
        ? words.reading.removedTopic(nick)
        : words.reading.setTopic(nick, <Text text={line.topic} />);
    }
    case 'mode':
      return sayMode(line);
    case 'notice':
      return <Text text={line.text} />;
    default: {
      const { banned, unbanned, muted, unmuted } = words.reading;
      const deed = { ban: banned, unban: unbanned, mute: muted, unmute: unmuted }[line.what];
      return deed(<Nick nick={line.by.nick} />, <Nick nick={line.member.nick} />);
    }
  }
}

function sayMode({ by, mode, slowMs }: Extract<EventLine, { type: 'mode' }>): Piece {
  const nick = <Nick nick={by.nick} />;
  if (mode === 'quiet') return words.reading.madeQuiet(nick);
  if (slowMs === 0) return words.reading.opened(nick);
  return words.reading.slowed(nick, Math.round(slowMs / 1_000));
}

/** The answer to a command. */
export function LocalReply({ line }: { readonly line: ReplyLine }) {
  return (
    <div role="listitem" class="local">
      <p class="text" dir="auto">
        <Text text={line.text} />
      </p>
      <small>{words.reading.onlyYou}</small>
    </div>
  );
}
