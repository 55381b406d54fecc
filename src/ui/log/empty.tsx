import { later } from '../later.tsx';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

const Comet = later(
  (aside) => aside.Comet,
  <svg class="comet" viewBox="0 0 240 130" aria-hidden="true" />,
);

/** What stands where the messages would be. */
export function Empty() {
  const { room, status } = usePage();
  if (room.value !== null) {
    return (
      <div class="empty">
        <Comet />
        <h2>{words.join.emptyRoom}</h2>
        <p>{words.join.emptyRoomInvites}</p>
      </div>
    );
  }
  if (status.value.kind === 'idle') {
    return (
      <div class="empty">
        <Comet />
        <h2>{words.join.lockedRoom}</h2>
        <p>{words.join.lockedRoomInvites}</p>
      </div>
    );
  }
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
