/** The plain pages: to join, to read as it comes, to read as it stands, to write. */
import type { Message } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import type { RoomInfo } from '../../protocol/replies.ts';
import { html, type Html } from './html.ts';
import { lineOf, newestLines } from './lines.ts';

/** What went wrong, for people, and by its code for programs. */
export interface Trouble {
  readonly code: string;
  readonly detail: string;
}

/** What stands in a form that is shown again. */
export interface Written {
  readonly id: string;
  readonly text: string;
}

export interface JoinForm {
  /** Of this join: sent again, it is the same one. */
  readonly id: string;
  readonly nick: string;
  readonly hasPasscode: boolean;
  readonly isStill: boolean;
  /** Where to go on once joined; empty for the newest. */
  readonly after: string;
  readonly trouble: Trouble | null;
}

/** For strangers: behind a passcode the room is nothing to them but its title. */
export function joinPage({ title, topic }: RoomInfo, form: JoinForm): Html {
  const passcode = html`<p>
    <label
      >Passcode of the room
      <input name="passcode" type="password" required autocomplete="off" maxlength="256"
    /></label>
  </p>`;
  return document(
    title,
    'join',
    html`${heading({ title, topic: form.hasPasscode ? '' : topic })}
      <main>
        ${alert(form.trouble)}
        <form method="post" action="/plain/join">
          <p>
            <label
              >Your nick
              <input
                name="nick"
                value="${form.nick}"
                required
                autocomplete="nickname"
                maxlength="100"
            /></label>
          </p>
          <input type="hidden" name="id" value="${form.id}" />
          ${form.hasPasscode ? passcode : null}${form.isStill ? still : null}
          ${form.after === '' ? null : html`<input type="hidden" name="after" value="${form.after}" />`}
          <p><button>Join</button></p>
        </form>
        <p>This page needs no scripts. <a href="/">The whole page</a> has more to it.</p>
      </main>`,
  );
}

/** The beginning of a page that goes on. What follows is in its log, up to `endOfStream`. */
export function beginningOfStream(room: RoomInfo, entries: readonly Message[]): Html {
  return html`${top(room.title, 'stream')} ${heading(room)}
    <nav>
      <a href="/plain?still">Without waiting</a>, for browsers that show a page only when all of it
      is there ${leaveForm(false)}
    </nav>
    <iframe src="/plain/say" title="Write a message"></iframe>
    <main>
      <div>
        <h2>Messages</h2>
        <p class="told">Times are in UTC. New messages appear by themselves.</p>
        <div role="log" aria-label="Messages">${newestLines(entries).lines}
     `;
}

/** The end: why, and where it goes on. */
export function endOfStream(why: string, after: string): Html {
  const target = after === '' ? '/plain' : `/plain?after=${after}`;
  return html`</div>
<p class="end" role="status">${why} <a href="${target}">Go on</a></p></div></main></body></html>
`;
}

/** What is between: a range that is not shown here. */
export function gapLine(from: number, to: number): Html {
  return html`<p class="told">${to - from} entries are not shown here, they were too many.</p> `;
}

/** The room as it stands, for browsers that show a page only when all of it is there. */
export function stillPage(
  room: RoomInfo,
  entries: readonly Message[],
  written: Written,
  trouble: Trouble | null,
  reply: string,
): Html {
  return document(
    room.title,
    'still',
    html`${heading(room)}
      <main>
        ${alert(trouble)}${answer(reply)}
        <h2>Messages</h2>
        <p class="told">The newest ${entries.length}, with times in UTC.</p>
        <div role="log" aria-label="Messages">
          ${entries.map((entry) => lineOf(entry)).filter((line) => line !== null)}
        </div>
        <p><a href="/plain?still">Look for new messages</a></p>
        ${sayForm(written, true)}
        <nav><a href="/plain">As they come</a> ${leaveForm(true)}</nav>
      </main>`,
  );
}

/** The small frame in which one writes, so that the page around it need not end. */
export function sayPage(
  title: string,
  written: Written,
  trouble: Trouble | null,
  reply: string,
): Html {
  return document(title, 'say', html`${sayForm(written, false)}${alert(trouble)}${answer(reply)}`);
}

function sayForm({ id, text }: Written, isStill: boolean): Html {
  return html`<form method="post" action="/plain/say" class="say">
    <label
      >Message
      <input
        name="text"
        value="${text}"
        required
        autocomplete="off"
        maxlength="${limits.textMax}"
        autofocus
    /></label>
    <input type="hidden" name="id" value="${id}" />${isStill ? still : null}
    <button>Send</button>
  </form> `;
}

function leaveForm(isStill: boolean): Html {
  return html`<form method="post" action="/plain/leave" class="leave">
    ${isStill ? still : null}<button>Leave</button>
  </form>`;
}

const still = html`<input type="hidden" name="still" value="1" />`;

function alert(trouble: Trouble | null): Html | null {
  if (trouble === null) return null;
  return html`<p role="alert" data-code="${trouble.code}">${trouble.detail}</p> `;
}

/** What a command answers. */
function answer(reply: string): Html | null {
  return reply === '' ? null : html`<p role="status">${lines(reply)}</p>`;
}

function heading({ title, topic }: Pick<RoomInfo, 'title' | 'topic'>): Html {
  const below = topic === '' ? null : html`<p class="topic"><bdi>${topic}</bdi></p>`;
  return html`<header>
    <h1>${title}</h1>
    ${below}
  </header>`;
}

function lines(text: string): readonly Html[] {
  return text.split('\n').map((line) => html`${line}<br />`);
}

function top(title: string, kind: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/plain/style.css" />
      </head>
      <body class="${kind}">
     `;
}

function document(title: string, kind: string, body: Html): Html {
  return html`${top(title, kind)} ${body}
    </body>
    </html> `;
}
