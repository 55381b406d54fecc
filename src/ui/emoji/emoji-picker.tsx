import { useComputed, useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import {
  emojiBook,
  emojiGroups,
  findEmoji,
  noteEmoji,
  recentEmoji,
  type Emoji,
  type EmojiBook,
} from './emoji.ts';
import { isComposing } from '../writing/keys.ts';
import { words } from '../words/words.ts';

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void;
  /** Whoever opened it takes it away, and gives the focus to what had it before. */
  readonly onClose: () => void;
}

interface Section {
  /** Empty for what a search has found. */
  readonly title: string;
  readonly emoji: readonly Emoji[];
}

const foundMax = 64;

/**
 * All emoji, to choose one. The focus stays in the search; the arrows move among the emoji, by
 * rows and columns as they are seen.
 */
export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const book = useSignal<EmojiBook | 'loading' | 'missing'>('loading');
  const query = useSignal('');
  const active = useSignal(0);
  const recent = useRef(recentEmoji());
  const sections = useComputed(() =>
    typeof book.value === 'string' ? [] : sectionsOf(book.value, query.value, recent.current),
  );
  useLayoutEffect(() => box.current?.querySelector('input')?.focus(), []);
  useEffect(() => {
    void emojiBook().then(
      (loaded) => (book.value = loaded),
      () => (book.value = 'missing'),
    );
  }, [book]);
  useEffect(() => {
    const away = ({ target }: PointerEvent): void => {
      // What opens it stands beside it, and closes it by itself.
      if (!(target instanceof Node && box.current?.parentElement?.contains(target))) onClose();
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [onClose]);

  const pick = (character: string | undefined): void => {
    if (character === undefined) return;
    noteEmoji(character);
    onPick(character);
  };
  const options = (): HTMLElement[] => [
    ...(box.current?.querySelectorAll<HTMLElement>('[role=option]') ?? []),
  ];
  const pressed = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (isComposing(event)) return;
    const step = steps[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key === 'Enter') pick(options()[active.value]?.dataset['emoji']);
    else if (step) {
      active.value = step(options(), active.value);
      options()[active.value]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  let count = 0;
  return (
    <div
      ref={box}
      class="emoji-picker"
      role="dialog"
      aria-label={words.writing.emoji}
      onKeyDown={pressed}
    >
      <input
        type="search"
        role="combobox"
        list={undefined}
        aria-label={words.writing.searchEmoji}
        placeholder={words.writing.searchEmoji}
        aria-expanded={true}
        aria-controls={id}
        aria-activedescendant={sections.value.length > 0 ? `${id}-${active.value}` : undefined}
        autocomplete="off"
        value={query}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = 0;
        }}
      />
      <div id={id} class="emoji-list" role="listbox" aria-label={words.writing.emoji}>
        {sections.value.map(({ title, emoji }) => (
          <div role="group" key={title} aria-label={title || words.writing.suggestions}>
            {title !== '' && <p aria-hidden="true">{title}</p>}
            {emoji.map((one) => {
              const index = count++;
              return (
                <span
                  key={one.character}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === active.value}
                  aria-label={one.name.replaceAll('_', ' ')}
                  title={`:${one.name}:`}
                  data-emoji={one.character}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => pick(one.character)}
                >
                  {one.character}
                </span>
              );
            })}
          </div>
        ))}
      </div>
      <Nothing book={book.value} isEmpty={sections.value.length === 0} />
    </div>
  );
}

function Nothing({ book, isEmpty }: { readonly book: unknown; readonly isEmpty: boolean }) {
  const { noEmoji, noEmojiTable } = words.writing;
  return (
    <p class="no-emoji" role="status">
      {book === 'missing' ? noEmojiTable : book !== 'loading' && isEmpty ? noEmoji : ''}
    </p>
  );
}

function sectionsOf(book: EmojiBook, query: string, recent: readonly string[]): Section[] {
  const sought = query.trim().replaceAll(':', '');
  const found = findEmoji(book, sought, foundMax);
  if (sought !== '') return found.length > 0 ? [{ title: '', emoji: found }] : [];
  const titles = words.writing.emojiGroups;
  const groups = emojiGroups.map((group) => ({ title: titles[group], emoji: book[group] }));
  const all = emojiGroups.flatMap((group) => book[group]);
  const last = recent.flatMap((character) => all.find((one) => one.character === character) ?? []);
  return last.length > 0 ? [{ title: titles.recent, emoji: last }, ...groups] : groups;
}

type Step = (options: readonly HTMLElement[], from: number) => number;

const steps: Readonly<Record<string, Step>> = {
  ArrowRight: (options, from) => beside(options, from, 1),
  ArrowLeft: (options, from) => beside(options, from, -1),
  ArrowDown: (options, from) => acrossRows(options, from, 1),
  ArrowUp: (options, from) => acrossRows(options, from, -1),
};

/** The next one as it is seen: in a page that runs from right to left it is to the left. */
function beside(options: readonly HTMLElement[], from: number, step: number): number {
  const isMirrored = document.documentElement.dir === 'rtl';
  return Math.min(options.length - 1, Math.max(0, from + (isMirrored ? -step : step)));
}

/** The one in the next row that is nearest to the column: the last row of a group is not full. */
function acrossRows(options: readonly HTMLElement[], from: number, step: number): number {
  const own = options[from];
  if (!own) return 0;
  let best = from;
  for (let index = from + step; options[index]; index += step) {
    const { offsetTop, offsetLeft } = options[index] ?? own;
    if (offsetTop === own.offsetTop) continue;
    const known = options[best] ?? own;
    if (best !== from && offsetTop !== known.offsetTop) break;
    const isNearer =
      Math.abs(offsetLeft - own.offsetLeft) < Math.abs(known.offsetLeft - own.offsetLeft);
    if (best === from || isNearer) best = index;
  }
  return best;
}
