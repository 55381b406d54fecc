/** Below the messages: the way to the newest, what could not be done, and where one writes. */
import { Notice } from './notice.tsx';
import { sentence, usePage } from './page.ts';
import { JoinForm } from './people/join-form.tsx';
import { Newer } from './reading/newer.tsx';
import { words } from './words/words.ts';
import { Composer } from './writing/composer.tsx';

export function Foot() {
  return (
    <div class="foot">
      <Newer />
      <Notice />
      <Complaint />
      <Writing />
    </div>
  );
}

function Complaint() {
  const { complaint } = usePage();
  return (
    <div class="complaint" role="alert">
      {complaint.value !== null && (
        <>
          <p>{typeof complaint.value === 'string' ? complaint : sentence(complaint.value)}</p>
          <button
            type="button"
            class="plain"
            onClick={() => {
              complaint.value = null;
            }}
          >
            {words.app.close}
          </button>
        </>
      )}
    </div>
  );
}

function Writing() {
  const { you, isResumed } = usePage();
  if (you.value !== null) return <Composer />;
  return isResumed.value ? <JoinForm /> : null;
}
