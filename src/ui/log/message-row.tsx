import { useComputed } from '@preact/signals';
import type { Message } from '../../protocol/entries.ts';
import { AnsweredHere } from './answered-here.tsx';
import { isNaming } from '../text/naming.ts';
import { later } from '../later.tsx';
import { Nick } from '../people/nick.tsx';
import { useView } from '../view.ts';
import { Reactions } from './reactions.tsx';
import { idOf } from '../reading/reading.ts';
import { SaidRow } from './said-row.tsx';
import { Text } from '../text/text.tsx';
import { momentOf, timeOf } from '../times.ts';
import { words } from '../words/words.ts';

const Actions = later((aside) => aside.Actions);
const Answered = later((aside) => aside.Answered, AnsweredHere);
const EditForm = later((aside) => aside.EditForm);

interface MessageRowProps {
  readonly message: Message;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function MessageRow({ message, isFirst, isLast }: MessageRowProps) {
  const view = useView();
  const { seq, by, deleted, reactions = [], replyTo } = message;
  const isEdited = useComputed(() => view.edited.value === seq);
  const isStop = useComputed(() => view.tabStop.value === seq);
  const isMember = useComputed(() => view.you.value !== null);
  const state = useComputed(() => {
    const { value: you } = view.you;
    const states = [
      you?.id === by.id && 'is-ours',
      you?.id !== by.id && isNaming(message, you, view.mentionable.value) && 'is-mention',
      view.target.value === seq && 'is-target',
      view.replyingTo.value?.seq === seq && 'is-answered',
      replyTo !== undefined && !deleted && 'has-quote',
    ];
    return states.filter(Boolean).join(' ');
  });
  const id = idOf(seq);
  return (
    <SaidRow
      id={id}
      by={by}
      isFirst={isFirst}
      isLast={isLast}
      isAction={message.action === true && !deleted}
      state={state.value}
      beside={<Time id={`${id}-at`} at={message.at} />}
      above={replyTo !== undefined && !deleted && <Answered seq={replyTo} />}
      isStop={isStop.value}
      onFocus={() => {
        view.visited.value = seq;
      }}
    >
      {isEdited.value ? (
        <EditForm message={message} />
      ) : (
        <Body id={`${id}-text`} message={message} />
      )}
      {reactions.length > 0 && <Reactions message={message} />}
      {!deleted && !isEdited.value && <Actions message={message} isMember={isMember.value} />}
    </SaidRow>
  );
}

/** The exact time, and how long ago it was, are told to who points at the row or goes to it. */
function Time({ id, at }: { readonly id: string; readonly at: number }) {
  return (
    <time class="at" id={id} dateTime={new Date(at).toISOString()}>
      {timeOf(at)}
    </time>
  );
}

function Body({ id, message }: { readonly id: string; readonly message: Message }) {
  const { at, action, by, deleted, edited, text } = message;
  if (deleted) {
    return (
      <p id={id} class="text is-gone">
        {words.reading.deleted}
      </p>
    );
  }
  return (
    <div id={id} class={action ? 'text is-action' : 'text'} dir="auto">
      {action && (
        <>
          <Nick nick={by.nick} />{' '}
        </>
      )}
      <Text text={text} />
      {action && (
        <>
          {' '}
          <Time id={`${id}-at`} at={at} />
        </>
      )}
      {edited !== undefined && (
        <small class="edited" title={momentOf(edited)}>
          {' '}
          {words.reading.edited(timeOf(edited))}
        </small>
      )}
    </div>
  );
}
