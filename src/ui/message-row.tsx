import { useComputed } from '@preact/signals';
import type { Message } from '../protocol/entries.ts';
import { Actions } from './actions.tsx';
import { EditForm } from './edit-form.tsx';
import { Nick } from './nick.tsx';
import { usePage } from './page.ts';
import { Reactions } from './reactions.tsx';
import { SaidRow } from './said-row.tsx';
import { Text } from './text.tsx';
import { momentOf, timeOf } from './times.ts';
import { words } from './words/words.ts';

interface MessageRowProps {
  readonly message: Message;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function MessageRow({ message, isFirst, isLast }: MessageRowProps) {
  const page = usePage();
  const isEdited = useComputed(() => page.edited.value === message.seq);
  const isOurs = useComputed(() => page.you.value?.id === message.by.id);
  const isMember = useComputed(() => page.you.value !== null);
  return (
    <SaidRow
      by={message.by}
      isFirst={isFirst}
      isLast={isLast}
      isAction={message.action === true && !message.deleted}
      state={isOurs.value ? 'is-ours' : ''}
      aside={<Time at={message.at} />}
    >
      {isEdited.value ? <EditForm message={message} /> : <Body message={message} />}
      {message.reactions && message.reactions.length > 0 && <Reactions message={message} />}
      {isMember.value && !message.deleted && !isEdited.value && <Actions message={message} />}
    </SaidRow>
  );
}

function Time({ at }: { readonly at: number }) {
  return (
    <time class="at" dateTime={new Date(at).toISOString()} title={momentOf(at)}>
      {timeOf(at)}
    </time>
  );
}

function Body({ message }: { readonly message: Message }) {
  if (message.deleted) return <p class="text is-gone">{words.reading.deleted}</p>;
  return (
    <p class={message.action ? 'text is-action' : 'text'} dir="auto">
      {message.action && (
        <>
          <Nick nick={message.by.nick} />{' '}
        </>
      )}
      <Text text={message.text} />
      {message.action && (
        <>
          {' '}
          <Time at={message.at} />
        </>
      )}
      {message.edited !== undefined && (
        <small class="edited" title={momentOf(message.edited)}>
          {' '}
          {words.reading.edited}
        </small>
      )}
    </p>
  );
}
