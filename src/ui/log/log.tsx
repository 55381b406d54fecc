/** The messages: a box that scrolls, and what moving through it means. */
import { Component, createRef, type TargetedKeyboardEvent } from 'preact';
import { seqIn } from '../reading/address.ts';
import { Empty } from './empty.tsx';
import { aside, loadAside } from '../later.tsx';
import { NewerMessages, OlderMessages } from './missing.tsx';
import type { Page } from '../page.ts';
import { StretchBox } from './stretch.tsx';
import { agoOf, momentOf } from '../times.ts';
import { words } from '../words/words.ts';

interface LogProps {
  readonly page: Page;
}

/** So many heights of the view before an edge is reached, what lies beyond it is asked for. */
const aheadScreens = 1.5;

export class Log extends Component<LogProps> {
  readonly #box = createRef<HTMLDivElement>();
  readonly #list = createRef<HTMLDivElement>();
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
    const { reading } = this.props.page;
    reading.restore();
    this.#lookAround();
  }

  render() {
    const { page } = this.props;
    const stretches = page.stretches.value;
    return (
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={words.reading.messages}
        tabIndex={page.tabStop.value === null ? 0 : -1}
        ref={this.#box}
        onScroll={this.#scrolled}
        onKeyDown={this.#pressed}
        onFocusIn={this.#pointed}
        onPointerOver={this.#pointed}
        onPointerLeave={() => {
          page.pointed.value = null;
        }}
        onClick={this.#clicked}
      >
        <OlderMessages />
        {stretches.length === 0 && <Empty />}
        <div class="rows" role="list" ref={this.#list}>
          {stretches.map((stretch) => (
            <StretchBox key={stretch.key} stretch={stretch} />
          ))}
        </div>
        <NewerMessages />
      </div>
    );
  }

  readonly #scrolled = (): void => {
    this.props.page.reading.scrolled();
    this.#lookAround();
  };

  /** Asks for what lies beyond the edges in time, and knows whether the divider is out of sight. */
  #lookAround(): void {
    const { reading, older, past, unread } = this.props.page;
    const divider =
      unread.first.peek() === null ? null : this.#list.current?.querySelector('.unread');
    const edgePx = this.#box.current?.getBoundingClientRect().top ?? 0;
    unread.isAbove.value = (divider?.getBoundingClientRect().bottom ?? Infinity) < edgePx;
    const { above, below } = reading.screens();
    const isReader = !reading.isAtEnd.peek() || reading.isWhole();
    if (isReader && above < aheadScreens) older.load();
    if (past.isAway.peek() && below < aheadScreens) past.load('newer');
  }

  /** A key that comes before what it does is loaded, is heard afterwards. */
  readonly #pressed = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const { page } = this.props;
    if (aside.value) new aside.value.LogKeys(page).pressed(event);
    else void loadAside().then((loaded) => loaded && new loaded.LogKeys(page).pressed(event));
  };

  /** What is pointed at shows its actions, and tells its time in full and how long ago it was. */
  readonly #pointed = (event: Event): void => {
    const { page } = this.props;
    const row = event.target instanceof Element ? event.target.closest('.said[id]') : null;
    // A finger does not point: it touches what it wants.
    const isTouch = event instanceof PointerEvent && event.pointerType !== 'mouse';
    if (!isTouch) page.pointed.value = row === null ? null : seqIn(`#${row.id}`);
    for (const time of row?.querySelectorAll('time') ?? []) {
      const at = Date.parse(time.dateTime);
      time.title = words.reading.when(momentOf(at), agoOf(at, Date.now()));
    }
  };

  /** A second click at the link that the address already shows changes nothing, and still leads. */
  readonly #clicked = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#m"]') : null;
    if (link?.getAttribute('href') !== location.hash) return;
    const seq = seqIn(location.hash);
    if (seq !== null) void this.props.page.open(seq);
  };
}
