import { words } from '../words/words.ts';

/** Shapes of messages, where the messages will be. */
export function Loading() {
  return (
    <div class="loading">
      <p class="unseen">{words.join.loading}</p>
      {['long', 'short', 'middle', 'long', 'short'].map((length) => (
        <div class={`ghost is-${length}`}>
          <span />
        </div>
      ))}
    </div>
  );
}
