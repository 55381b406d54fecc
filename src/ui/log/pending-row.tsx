import { useComputed } from '@preact/signals';
import type { PendingLine } from '../../copy/room-state.ts';
import { sentence, usePage } from '../page.ts';
import { Answered } from './answered.tsx';
import { SaidRow } from './said-row.tsx';
import { useSecondsLeft } from '../writing/seconds-left.ts';
import { Text } from '../text/text.tsx';
import { focusWriting } from '../writing/writing.ts';
import { words } from '../words/words.ts';

interface PendingRowProps {
  readonly line: PendingLine;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A message of ours that is not recorded yet, or was refused. */
export function PendingRow({ line, isFirst, isLast }: PendingRowProps) {
  const { client, author, draft, quoted, replyingTo } = usePage();
  const { id, text, failure, replyTo } = line;
  const by = author.value ?? { nick: '', role: 'member' };
  const isAnswer = replyTo !== undefined;
  const rewrite = (): void => {
    client.discard(id);
    draft.value = draft.value === '' ? text : `${text}\n${draft.value}`;
    const answered = replyTo === undefined ? 'gone' : quoted.of(replyTo).peek();
    if (typeof answered !== 'string') replyingTo.value ??= answered;
    focusWriting();
  };
  return (
    <SaidRow
      by={by}
      isFirst={isFirst}
      isLast={isLast}
      state={`is-ours ${failure ? 'is-refused' : 'is-pending'} ${isAnswer ? 'has-quote' : ''}`}
      above={isAnswer && <Answered seq={replyTo} />}
      beside={failure ? null : <Sending line={line} />}
    >
      <div class="text" dir="auto">
        <Text text={text} />
      </div>
      {failure && (
        <div class="refused" role="alert">
          <span class="refusal">{words.writing.notSent(sentence(failure))}</span>
          <button type="button" class="plain" onClick={() => client.retry(id)}>
            {words.writing.retry}
          </button>
          <button type="button" class="plain" onClick={rewrite}>
            {words.writing.edit}
          </button>
          <button type="button" class="plain" onClick={() => client.discard(id)}>
            {words.writing.discard}
          </button>
        </div>
      )}
    </SaidRow>
  );
}

/** How it stands with a message on its way. */
function Sending({ line }: { readonly line: PendingLine }) {
  const { status } = usePage();
  const seconds = useSecondsLeft(line.retryAt ?? null).value;
  const isLost = useComputed(() => ['offline', 'waiting'].includes(status.value.kind)).value;
  const { sending, sendsIn, waiting } = words.writing;
  return (
    <span class={isLost || seconds > 0 ? 'at sending is-waiting' : 'at sending'}>
      {isLost ? waiting : seconds > 0 ? sendsIn(seconds) : sending}
    </span>
  );
}
