/** What the keyboard does on this page, shown by `?` and from the settings. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { icons } from '../icons-aside.ts';
import { usePage } from '../page.ts';
import { readingKeys } from '../log/reading-keys.tsx';
import { settings } from './settings.ts';
import type { Piece } from '../words/grammar.ts';
import { entersSend } from '../writing/writing.ts';
import { words } from '../words/words.ts';

export function KeyboardMap() {
  const { keys } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = keys.value;
  // The browser keeps the keyboard inside of a modal dialog, and gives the focus back afterwards.
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = (): void => {
    keys.value = false;
  };
  return (
    <dialog class="keys" ref={dialog} aria-labelledby="keys-title" onClose={close}>
      {isOpen && (
        <>
          <div class="panel-head">
            <h2 id="keys-title">{words.settings.keys}</h2>
            <button type="button" class="sign" aria-label={words.app.close} onClick={close}>
              <Icon path={icons.close} />
            </button>
          </div>
          <Keys />
        </>
      )}
    </dialog>
  );
}

function Keys() {
  const { keysOf, keysWith } = words.settings;
  const enter = <kbd>Enter</kbd>;
  const ctrlEnter = keysWith(<kbd>Ctrl</kbd>, <kbd>Enter</kbd>);
  const shiftEnter = keysWith(<kbd>Shift</kbd>, <kbd>Enter</kbd>);
  const isSending = entersSend();
  const rows: readonly (readonly [Piece, string] | false)[] = [
    settings.value.singleKeys === 'on' && [<kbd>?</kbd>, keysOf.map],
    [keysWith(<kbd>Ctrl</kbd>, <kbd>K</kbd>), keysOf.search],
    [isSending ? enter : ctrlEnter, keysOf.send],
    [isSending ? shiftEnter : enter, keysOf.line],
    [<kbd>↑</kbd>, keysOf.editLast],
    [<kbd>Esc</kbd>, keysOf.cancel],
    [keysWith(<kbd>Shift</kbd>, <kbd>Tab</kbd>), keysOf.messages],
    [[<kbd>↑</kbd>, ' ', <kbd>↓</kbd>], keysOf.arrows],
    [enter, keysOf.actions],
    ...readingKeys(),
  ];
  return (
    <dl>
      {rows.map(
        (row) =>
          row && (
            <div key={row[1]}>
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
