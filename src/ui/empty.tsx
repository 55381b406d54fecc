import { usePage } from './page.ts';
import { words } from './words/words.ts';

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
        <div class={`ghost is-${length}`} />
      ))}
    </div>
  );
}

function Comet() {
  return (
    <svg class="comet" viewBox="0 0 120 80" aria-hidden="true">
      <path class="comet-orbit" d="M4 76C30 20 92-8 116 14" />
      <path class="comet-tail" d="M84 15 20 64 90 27Z" />
      <circle class="comet-coma" cx="88" cy="20" r="9" />
      <circle class="comet-core" cx="90" cy="18" r="4" />
    </svg>
  );
}
