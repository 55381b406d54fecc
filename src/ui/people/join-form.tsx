import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import type { Failure } from '../../client/answer.ts';
import { rememberedNick, rememberNick } from '../browser/memory.ts';
import { sentence, usePage } from '../page.ts';
import { rescueFocus, writingId } from '../writing/writing.ts';
import { words } from '../words/words.ts';

/** How one comes into the room, for the first time or again. */
export function JoinForm() {
  const { client, room, status, author, suggestedNick } = usePage();
  const nick = useSignal(rememberedNick() || (author.peek()?.nick ?? ''));
  useSignalEffect(() => {
    if (nick.peek() === '') nick.value = suggestedNick.value;
  });
  const passcode = useSignal('');
  const state = useSignal<'ready' | 'joining' | Failure>('ready');
  const failure = typeof state.value === 'string' ? null : state.value;
  const isLocked = room.value === null;
  const isPasscodeAsked = useSignal(false);
  const isNickWrong = failure?.code === 'BAD_NICK' || failure?.code === 'NICK_TAKEN';

  const join = async (): Promise<void> => {
    if (state.value === 'joining') return;
    state.value = 'joining';
    const extra = passcode.value === '' ? {} : { passcode: passcode.value };
    const answer = await client.join(nick.value, extra);
    if (answer.ok) rememberNick(answer.you.nick);
    else isPasscodeAsked.value ||= answer.code === 'WRONG_PASSCODE';
    state.value = answer.ok ? 'ready' : answer;
    // The form that had the focus is gone once the room is there.
    if (answer.ok) rescueFocus();
  };

  return (
    <form
      class="join"
      onSubmit={(event) => {
        event.preventDefault();
        void join();
      }}
    >
      <Reason isLocked={isLocked} />
      <div class="join-fields">
        <NickField nick={nick} isWrong={isNickWrong} />
        {(isLocked || isPasscodeAsked.value) && (
          <PasscodeField passcode={passcode} isWrong={failure?.code === 'WRONG_PASSCODE'} />
        )}
        <button type="submit" class="primary" aria-disabled={state.value === 'joining'}>
          {state.value === 'joining'
            ? words.join.joining
            : status.value.kind === 'out'
              ? words.join.joinAgain
              : words.join.join}
        </button>
      </div>
      <p id="join-refusal" class="refusal" role="alert">
        {failure && sentence(failure)}
      </p>
    </form>
  );
}

interface NickFieldProps {
  readonly nick: Signal<string>;
  readonly isWrong: boolean;
}

function NickField({ nick, isWrong }: NickFieldProps) {
  return (
    <label>
      <span>{words.join.nick}</span>
      <input
        id={writingId}
        name="nick"
        autoComplete="nickname"
        autoCapitalize="none"
        spellcheck={false}
        enterKeyHint="go"
        dir="auto"
        required
        aria-invalid={isWrong}
        aria-describedby="join-refusal"
        value={nick}
        onInput={(event) => {
          nick.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

interface PasscodeFieldProps {
  readonly passcode: Signal<string>;
  readonly isWrong: boolean;
}

function PasscodeField({ passcode, isWrong }: PasscodeFieldProps) {
  return (
    <label>
      <span>{words.join.passcode}</span>
      <input
        type="password"
        name="passcode"
        autoComplete="current-password"
        enterKeyHint="go"
        required
        aria-invalid={isWrong}
        aria-describedby="join-refusal"
        value={passcode}
        onInput={(event) => {
          passcode.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

/** Why one stands before the room and not in it. */
function Reason({ isLocked }: { readonly isLocked: boolean }) {
  const { status, rows } = usePage();
  if (status.value.kind === 'out') {
    const { code, detail } = status.value;
    return <h2>{words.app.out(code, detail)}</h2>;
  }
  let why = words.join.whyToFollow;
  if (rows.value.length === 0) why = words.join.whyNothingYet;
  if (isLocked) why = words.join.whyLocked;
  return (
    <>
      <h2>{words.join.comeIn}</h2>
      <p>{why}</p>
    </>
  );
}
