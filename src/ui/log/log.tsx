/** The messages: a box that scrolls. What moving through it means comes with `log-hand.ts`. */
import { Component, createRef } from 'preact';
import { later, whenThere } from '../later.tsx';
import { Loading } from './loading.tsx';
import { OlderMessages } from './older-messages.tsx';
import { StretchBox } from './stretch.tsx';
import type { View } from '../view.ts';
import { words } from '../words/words.ts';

const Empty = later((aside) => aside.Empty, Loading);
const NewerMessages = later((aside) => aside.NewerMessages);

interface LogProps {
  readonly view: View;
}

export class Log extends Component<LogProps> {
  readonly #box = createRef<HTMLDivElement>();
  readonly #list = createRef<HTMLDivElement>();
  readonly #ends: (() => void)[] = [];

  override componentDidMount(): void {
    const { view } = this.props;
    const [box, list] = [this.#box.current, this.#list.current];
    if (box === null || list === null) return;
    this.#ends.push(view.reading.attach(box, list));
    void whenThere.then((aside) => this.#ends.push(aside.followHand(view, box)));
  }

  override componentWillUnmount(): void {
    for (const end of this.#ends) end();
  }

  override getSnapshotBeforeUpdate(): null {
    this.props.view.reading.remember();
    return null;
  }

  override componentDidUpdate(): void {
    this.props.view.reading.restore();
  }

  render() {
    const { reading, stretches, tabStop } = this.props.view;
    return (
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={words.reading.messages}
        tabIndex={tabStop.value === null ? 0 : -1}
        ref={this.#box}
        onScroll={() => reading.scrolled()}
      >
        <OlderMessages />
        {stretches.value.length === 0 && <Empty />}
        <div class="rows" role="list" ref={this.#list}>
          {stretches.value.map((stretch) => (
            <StretchBox key={stretch.key} stretch={stretch} />
          ))}
        </div>
        <NewerMessages />
      </div>
    );
  }
}
