import { Comet } from './comet.tsx';
import { Loading } from './loading.tsx';
import { useView } from '../view.ts';
import { words } from '../words/words.ts';

/** What stands where the messages would be. */
export function Empty() {
  const { room, status } = useView();
  const { emptyRoom, emptyRoomInvites, lockedRoom, lockedRoomInvites } = words.join;
  if (room.value !== null) return <Invitation title={emptyRoom} invites={emptyRoomInvites} />;
  const isLocked = status.value.kind === 'idle';
  return isLocked ? <Invitation title={lockedRoom} invites={lockedRoomInvites} /> : <Loading />;
}

function Invitation({ title, invites }: { readonly title: string; readonly invites: string }) {
  return (
    <div class="empty">
      <Comet />
      <h2>{title}</h2>
      <p>{invites}</p>
    </div>
  );
}
