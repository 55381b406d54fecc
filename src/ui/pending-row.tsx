import type { PendingLine } from '../client/room-state.ts';
import { sentence, usePage } from './page.ts';
import { SaidRow } from './said-row.tsx';
import { Text } from './text.tsx';
import { focusWriting } from './writing.ts';
import { words } from './words/words.ts';

interface PendingRowProps {
  readonly line: PendingLine;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A message of ours that is not recorded yet, or was refused. */
export function PendingRow({ line, isFirst, isLast }: PendingRowProps) {
  const { client, author, draft } = usePage();
  const { id, text, failure } = line;
  const by = author.value ?? { nick: '', role: 'member' };
  const rewrite = (): void => {
    client.discard(id);
    draft.value = draft.value === '' ? text : `${text}\n${draft.value}`;
    focusWriting();
  };
  return (
    <SaidRow
      by={by}
      isFirst={isFirst}
      isLast={isLast}
      state={failure ? 'is-ours is-refused' : 'is-ours is-pending'}
      aside={failure ? null : <span class="at sending">{words.writing.sending}</span>}
    >
      <p class="text" dir="auto">
        <Text text={text} />
      </p>
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
