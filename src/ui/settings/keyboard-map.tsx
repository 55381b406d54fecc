/** What the keyboard does on this page, shown by `?` and from the settings. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { icons } from '../icons-aside.ts';
import { usePage } from '../page.ts';
import { keyRows } from './key-rows.ts';
import { settings } from './settings.ts';
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
  const rows = keyRows(entersSend(), settings.value.singleKeys === 'on');
  return (
    <dl>
      {rows.map(({ keys, does }) => (
        <div key={keys.join()}>
          <dt>{keys.map(drawKeys)}</dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Keys that are held together, behind those that do the same alone. */
function drawKeys(held: readonly string[], index: number) {
  return (
    <>
      {index > 0 && ' '}
      {held.map((key, at) => (
        <>
          {at > 0 && ' + '}
          <kbd>{key}</kbd>
        </>
      ))}
    </>
  );
}
