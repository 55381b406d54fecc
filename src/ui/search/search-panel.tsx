/** Looking for what was said. What is found opens among what was said around it. */
import { useEffect } from 'preact/hooks';
import type { Message } from '../../protocol/entries.ts';
import { hueOf } from '../people/hue.ts';
import { seenText } from '../text/markdown.ts';
import { excerptOf, marked } from '../text/marked.ts';
import { Nick } from '../people/nick.tsx';
import { sentence, usePage } from '../page.ts';
import { Panel } from '../panel.tsx';
import { idOf } from '../reading/reading.ts';
import { searchIn, type Results } from './search.ts';
import { momentOf, nameOfDay, timeOf } from '../times.ts';
import { words } from '../words/words.ts';

/** A pause in typing after which one looks without being told to. */
const pauseMs = 350;
/** Characters of a message that are shown: four lines of the panel. */
const excerptMax = 240;

export function SearchPanel() {
  const { client, panel, isNarrow } = usePage();
  const search = searchIn(client);
  const { words: asked, results, state } = search;
  useEffect(() => {
    if (asked.value.trim() === (results.value?.words ?? '')) return undefined;
    const timer = setTimeout(() => search.look(), pauseMs);
    return () => clearTimeout(timer);
  }, [asked.value, results.value]);
  const follow = (event: Event): void => {
    const isLink = event.target instanceof Element && event.target.closest('a') !== null;
    // Where the panel lies over the messages, it makes way for what was found.
    if (isLink && isNarrow.value) panel.value = null;
  };
  return (
    <Panel name="search" title={words.search.title} label={words.search.title}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search.look();
        }}
      >
        <input
          type="search"
          aria-label={words.search.field}
          placeholder={words.search.field}
          dir="auto"
          enterkeyhint="search"
          value={asked}
          onInput={(event) => {
            asked.value = event.currentTarget.value;
          }}
        />
      </form>
      <p class="search-state" role="status">
        {typeof state.value === 'string'
          ? sayResults(results.value, state.value === 'loading')
          : sentence(state.value)}
      </p>
      {results.value !== null && (
        <>
          <ul class="found" onClick={follow}>
            {results.value.messages.map((message) => (
              <Result key={message.seq} message={message} query={results.value?.words ?? ''} />
            ))}
          </ul>
          {results.value.hasMore && (
            <button type="button" class="plain" onClick={() => search.more()}>
              {words.search.more}
            </button>
          )}
        </>
      )}
    </Panel>
  );
}

function sayResults(results: Results | null, isLooking: boolean): string {
  if (isLooking) return words.search.looking;
  if (results === null) return words.search.hint;
  const { messages, hasMore } = results;
  if (messages.length === 0) return words.search.nothing(results.words);
  return hasMore ? words.search.newest(messages.length) : words.search.found(messages.length);
}

interface ResultProps {
  readonly message: Message;
  readonly query: string;
}

/** A link, so that it also opens in another tab and can be copied. */
function Result({ message, query }: ResultProps) {
  const { seq, at, by, text } = message;
  // As the message reads: its marks are no words of it.
  const excerpt = excerptOf(seenText(text), query, excerptMax);
  return (
    <li class={hueOf(by.nick)}>
      <a href={`#${idOf(seq)}`}>
        <Nick nick={by.nick} />{' '}
        <time class="at" dateTime={new Date(at).toISOString()} title={momentOf(at)}>
          {words.search.when(nameOfDay(at, Date.now()), timeOf(at))}
        </time>
        <span class="excerpt" dir="auto">
          {marked(excerpt, query).map((piece) =>
            typeof piece === 'string' ? piece : <mark>{piece.hit}</mark>,
          )}
        </span>
      </a>
    </li>
  );
}
