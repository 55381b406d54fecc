/** The messages: a box that scrolls, and what moving through it means. */
import { Component, createRef, type TargetedKeyboardEvent } from 'preact';
import { Gap, OlderMessages } from './missing.tsx';
import { LocalReply, Traffic, Event, Day } from './quiet-rows.tsx';
import { MessageRow } from './message-row.tsx';
import type { Page } from './page.ts';
import { PendingRow } from './pending-row.tsx';
import type { Row } from './rows.ts';
import { Empty } from './empty.tsx';
import { words } from './words/words.ts';

interface LogProps {
  readonly page: Page;
}

/** So far from the upper edge older messages are asked for: about a screen. */
const olderPx = 400;

export class Log extends Component<LogProps> {
  readonly #box = createRef<HTMLDivElement>();
  readonly #list = createRef<HTMLOListElement>();
  readonly #ends: (() => void)[] = [];

  override componentDidMount(): void {
    const { page } = this.props;
    if (this.#box.current && this.#list.current) {
      this.#ends.push(page.reading.attach(this.#box.current, this.#list.current));
    }
    // Anywhere else on the page a click puts the open actions away.
    const away = (event: PointerEvent): void => {
      const isInside = event.target instanceof Element && event.target.closest('.actions');
      if (!isInside) page.opened.value = null;
    };
    document.addEventListener('pointerdown', away);
    this.#ends.push(() => document.removeEventListener('pointerdown', away));
  }

  override componentWillUnmount(): void {
    for (const end of this.#ends) end();
  }

  override getSnapshotBeforeUpdate(): null {
    this.props.page.reading.remember();
    return null;
  }

  override componentDidUpdate(): void {
    const { reading, older } = this.props.page;
    reading.restore();
    if (reading.isWhole()) older.load();
  }

  render() {
    const { page } = this.props;
    const rows = page.rows.value;
    return (
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={words.reading.messages}
        tabIndex={0}
        ref={this.#box}
        onScroll={this.#scrolled}
        onKeyDown={this.#keyPressed}
      >
        <OlderMessages />
        {rows.length === 0 && <Empty />}
        <ol class="rows" ref={this.#list}>
          {rows.map((row) => drawRow(row))}
        </ol>
      </div>
    );
  }

  readonly #scrolled = (): void => {
    const { reading, older } = this.props.page;
    reading.scrolled();
    const isNear = (this.#box.current?.scrollTop ?? Infinity) < olderPx;
    if (isNear && !reading.isAtEnd.value) older.load();
  };

  /** The messages are one stop of the tab key; the arrows lead from one to the next. */
  readonly #keyPressed = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const { opened } = this.props.page;
    const { target, key, currentTarget } = event;
    if (!(target instanceof HTMLElement)) return;
    const own = target.closest('.actions')?.querySelector<HTMLElement>('.more');
    if (!own) return;
    if (key === 'Escape' && opened.value !== null) {
      opened.value = null;
      own.focus();
      return;
    }
    const step = target === own ? { ArrowUp: -1, ArrowDown: 1 }[key] : undefined;
    if (step === undefined) return;
    const stops = [...currentTarget.querySelectorAll<HTMLElement>('.more')];
    stops[stops.indexOf(own) + step]?.focus();
    event.preventDefault();
  };
}

function drawRow(row: Row) {
  const { key } = row;
  switch (row.kind) {
    case 'day':
      return <Day key={key} at={row.at} />;
    case 'message':
      return <MessageRow key={key} message={row.message} {...row.stand} />;
    case 'pending':
      return <PendingRow key={key} line={row.line} {...row.stand} />;
    case 'traffic':
      return <Traffic key={key} lines={row.lines} />;
    case 'event':
      return <Event key={key} line={row.line} />;
    case 'reply':
      return <LocalReply key={key} line={row.line} />;
    default:
      return <Gap key={key} gap={row.gap} />;
  }
}
