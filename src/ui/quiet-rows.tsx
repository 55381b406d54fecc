/** The rows that are no messages: who came and went, what changed, and what only we see. */
import type { ReplyLine } from '../client/room-state.ts';
import type { ModeBody, SanctionBody } from '../protocol/entries.ts';
import { Nick, Nicks } from './nick.tsx';
import { sumUp, type EventLine, type TrafficLine } from './rows.ts';
import { Text } from './text.tsx';
import { formatMany, momentOf, nameOfDay, timeOf } from './times.ts';

/** Nicks that one row of comings and goings names; of more it tells how many. */
const nicksMax = 6;

export function Day({ at }: { readonly at: number }) {
  return (
    <li class="day">
      <span>{nameOfDay(at, Date.now())}</span>
    </li>
  );
}

export function Traffic({ lines }: { readonly lines: readonly TrafficLine[] }) {
  const { came, went, passed, returned } = sumUp(lines);
  return (
    <li class="event">
      {came.length > 0 && (
        <span>
          <Nicks nicks={came} max={nicksMax} /> came in
        </span>
      )}
      {returned.length > 0 && (
        <span>
          <Nicks nicks={returned} max={nicksMax} /> came back
        </span>
      )}
      {passed.length > 0 && (
        <span>
          <Nicks nicks={passed} max={nicksMax} /> looked in
        </span>
      )}
      {went.length > 0 && (
        <span>
          <Nicks nicks={went} max={nicksMax} /> left
        </span>
      )}
    </li>
  );
}

export function Event({ line }: { readonly line: EventLine }) {
  return (
    <li class={line.type === 'notice' ? 'event notice' : 'event'}>
      <span dir="auto">
        <What line={line} />
      </span>{' '}
      <time dateTime={new Date(line.at).toISOString()} title={momentOf(line.at)}>
        {timeOf(line.at)}
      </time>
    </li>
  );
}

function What({ line }: { readonly line: EventLine }) {
  switch (line.type) {
    case 'leave':
      return (
        <>
          <Nick nick={line.member.nick} /> was {line.reason === 'banned' ? 'banned' : 'sent out'} by
          a keeper
        </>
      );
    case 'member':
      if (line.was.nick !== line.member.nick) {
        return (
          <>
            <Nick nick={line.was.nick} /> is now <Nick nick={line.member.nick} />
          </>
        );
      }
      return (
        <>
          <Nick nick={line.member.nick} />{' '}
          {line.member.role === 'keeper' ? 'is a keeper now' : 'is no keeper any more'}
        </>
      );
    case 'topic':
      return line.topic === '' ? (
        <>
          <Nick nick={line.by.nick} /> removed the topic
        </>
      ) : (
        <>
          <Nick nick={line.by.nick} /> set the topic: <Text text={line.topic} />
        </>
      );
    case 'mode':
      return (
        <>
          <Nick nick={line.by.nick} /> {modeOf(line)}
        </>
      );
    case 'notice':
      return <Text text={line.text} />;
    default:
      return (
        <>
          <Nick nick={line.by.nick} /> {deeds[line.what]} <Nick nick={line.member.nick} />
        </>
      );
  }
}

const deeds: Readonly<Record<SanctionBody['what'], string>> = {
  ban: 'banned',
  unban: 'lets in again:',
  mute: 'muted',
  unmute: 'lets speak again:',
};

function modeOf({ mode, slowMs }: ModeBody): string {
  if (mode === 'quiet') return 'made the room quiet: only keepers write';
  if (slowMs === 0) return 'opened the room';
  const pace = formatMany(Math.round(slowMs / 1_000), 'second', 'seconds');
  return `slowed the room: one message in ${pace}`;
}

/** The answer to a command. */
export function LocalReply({ line }: { readonly line: ReplyLine }) {
  return (
    <li class="local">
      <p class="text" dir="auto">
        <Text text={line.text} />
      </p>
      <small>Only you see this</small>
    </li>
  );
}
