/** A stretch of rows: in full near the view, far from it plain text in a box of its height. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Day, UnreadDivider } from './dividers.tsx';
import { MessageRow } from './message-row.tsx';
import { useView } from '../view.ts';
import { later } from '../later.tsx';
import { idOf } from '../reading/reading.ts';
import type { Row } from './rows.ts';
import type { Stretch } from './stretches.ts';
import { seenText } from '../text/markdown.ts';
import { words } from '../words/words.ts';

const OtherRow = later((aside) => aside.OtherRow, RowToCome);

export function StretchBox({ stretch }: { readonly stretch: Stretch }) {
  const { reading } = useView();
  const box = useRef<HTMLDivElement>(null);
  // One whose height is known may begin as text. Of any other the height must be seen first.
  const isNear = useSignal(reading.heightOf(stretch) === null);
  const current = useRef(stretch);
  current.current = stretch;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    return reading.watch(
      element,
      () => current.current,
      (isNow) => {
        if (isNow !== undefined) isNear.value = isNow || isInUse(element);
        return isNear.peek();
      },
    );
  }, []);

  const heightPx = isNear.value ? null : reading.heightOf(stretch);
  return (
    <div
      ref={box}
      class={isNear.value ? 'stretch' : 'stretch is-far'}
      style={{ blockSize: heightPx === null ? '' : `${heightPx}px` }}
    >
      {stretch.rows.map((row) => (isNear.value ? drawRow(row) : drawFar(row)))}
    </div>
  );
}

/** What has the focus, is selected or is being changed stays as it is, wherever it goes. */
function isInUse(element: Element): boolean {
  const selection = document.getSelection();
  return (
    element.contains(document.activeElement) ||
    element.querySelector('form.edit') !== null ||
    (selection?.isCollapsed === false && selection.containsNode(element, true))
  );
}

function drawRow(row: Row) {
  const { key } = row;
  switch (row.kind) {
    case 'day':
      return <Day key={key} at={row.at} />;
    case 'unread':
      return <UnreadDivider key={key} />;
    case 'message':
      return <MessageRow key={key} message={row.message} {...row.stand} />;
    default:
      return <OtherRow key={key} row={row} />;
  }
}

/** A message as plain text: enough to be found in the page, and to be there before it is drawn. */
function drawFar(row: Row) {
  if (row.kind !== 'message') return drawRow(row);
  const { seq, by, text } = row.message;
  return (
    <div key={`f${row.key}`} role="listitem" class="said" id={idOf(seq)} dir="auto">
      {words.reading.announced(by.nick, seenText(text))}
    </div>
  );
}

/** The first that are shown are messages. Any other row mostly takes a line. */
function RowToCome() {
  return <div role="listitem" class="row-to-come" />;
}
