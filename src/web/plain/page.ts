/** The plain pages: to join, to read as it comes, as it stands and further back, to write. */
import type { Seq } from '../../protocol/entries.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { RoomInfo } from '../../protocol/replies.ts';
import { html, type Html } from './html.ts';
import type { Language } from './language.ts';
import { sentence } from './lines.ts';
import type { Printed } from './printed.ts';

/** The form for writing, and what became of what was written before. */
export interface Writing {
  /** What stands in the form: nothing, or what was refused. */
  readonly id: string;
  readonly text: string;
  readonly trouble: Refusal | null;
  /** What a command answers; empty when there was none. */
  readonly reply: string;
}

export interface JoinForm {
  /** Of this join: sent again, it is the same one. */
  readonly id: string;
  readonly nick: string;
  readonly hasPasscode: boolean;
  readonly isStill: boolean;
  /** Where to go on once joined; empty for the newest. */
  readonly after: string;
  /** What they were about to say when it turned out that they are not in the room any more. */
  readonly text: string;
  readonly trouble: Refusal | null;
}

/** For strangers: behind a passcode the room is nothing to them but its title. */
export function joinPage({ title, topic }: RoomInfo, form: JoinForm, language: Language): Html {
  const { page, plain } = language;
  const passcode = html`<p>
    <label
      >${page.join.passcode}
      <input name="passcode" type="password" required autocomplete="off" maxlength="256"
    /></label>
  </p>`;
  const after = html`<input type="hidden" name="after" value="${form.after}" />`;
  const unsaid = html`<p>${page.writing.message}</p>
    <blockquote dir="auto">${form.text}</blockquote>`;
  const whole = html`<a href="/">${plain.wholePage}</a>`;
  return document(
    title,
    'join',
    language,
    html`${heading({ title, topic: form.hasPasscode ? '' : topic })}
      <main>
        ${alert(form.trouble, language)}
        <form method="post" action="/plain/join">
          <p>
            <label
              >${page.join.nick}
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
          ${form.after === '' ? null : after}
          <p><button>${page.join.join}</button></p>
        </form>
        ${form.text === '' ? null : unsaid}
        <p>${sentence(plain.needsNoScripts(whole))}</p>
      </main>`,
  );
}

/** The beginning of a page that goes on. What follows is in its log, up to `endOfStream`. */
export function beginningOfStream(room: RoomInfo, printed: Printed, language: Language): Html {
  const { page, plain } = language;
  return html`${top(room.title, 'stream', language)} ${heading(room)}
    <nav>
      ${sentence(plain.forTextBrowsers(withoutWaiting(language)))} ${leaveForm(false, language)}
    </nav>
    <iframe src="/plain/say" title="${page.writing.placeholder}"></iframe>
    <main>
      <div>
        <h2>${page.reading.messages}</h2>
        <p class="told">${plain.timesInUtc} ${plain.comesByItself}</p>
        ${earlier(printed.before, language)}
        <div role="log" aria-label="${page.reading.messages}">${printed.lines}
     `;
}

/** The end: why, and where it goes on. */
export function endOfStream(why: string, after: string, { plain }: Language): Html {
  return html`</div>
<p class="end" role="status">${why} <a href="${goingOn(after)}">${plain.goOn}</a></p></div></main></body></html>
`;
}

/** What is between: a range that is not shown here, and is read from its end backwards. */
export function gapLine(from: Seq, to: Seq, language: Language): Html {
  return html`<p class="told">
    ${language.plain.leftOut(to - from)} ${earlierLink((to + 1) as Seq, language)}
  </p> `;
}

/** The room as it stands, for browsers that show a page only when all of it is there. */
export function stillPage(
  room: RoomInfo,
  printed: Printed,
  writing: Writing & { readonly after: string },
  language: Language,
): Html {
  const { page, plain } = language;
  return document(
    room.title,
    'still',
    language,
    html`${heading(room)}
      <main>
        ${alert(writing.trouble, language)}${answer(writing.reply)}
        <h2>${page.reading.messages}</h2>
        <p class="told">${plain.newest(printed.count)} ${plain.timesInUtc}</p>
        ${earlier(printed.before, language)}
        <div role="log" aria-label="${page.reading.messages}">${printed.lines}</div>
        <p><a href="/plain?still">${plain.lookAgain}</a></p>
        ${sayForm(writing, true, language)}
        <nav>${asTheyCome(language, writing.after)} ${leaveForm(true, language)}</nav>
      </main>`,
  );
}

/** What was said before: a page that stands still, and from which one goes back to the newest. */
export function historyPage(room: RoomInfo, printed: Printed, language: Language): Html {
  const { page, plain } = language;
  const isBeginning = printed.before === null;
  return document(
    room.title,
    'still',
    language,
    html`${heading(room)}
      <main>
        <h2>${plain.earlier}</h2>
        <p class="told">${plain.timesInUtc}</p>
        ${isBeginning ? html`<p>${page.reading.beginning}</p>` : earlier(printed.before, language)}
        <div role="log" aria-label="${plain.earlier}">${printed.lines}</div>
        <nav>
          <p>${asTheyCome(language)}</p>
          <p>${sentence(plain.forTextBrowsers(withoutWaiting(language)))}</p>
        </nav>
      </main>`,
  );
}

/** The small frame in which one writes, so that the page around it need not end. */
export function sayPage(
  title: string,
  writing: Writing,
  isStill: boolean,
  language: Language,
): Html {
  const { trouble, reply } = writing;
  const form = sayForm(writing, isStill, language);
  // Named, since in the frame around it there is another main part.
  return document(
    title,
    'say',
    language,
    html`<main aria-label="${language.page.writing.placeholder}">
      ${form}${alert(trouble, language)}${answer(reply)}
    </main>`,
  );
}

function sayForm({ id, text }: Writing, isStill: boolean, { page }: Language): Html {
  return html`<form method="post" action="/plain/say" class="say">
    <label
      >${page.writing.message}
      <input
        name="text"
        value="${text}"
        required
        autocomplete="off"
        maxlength="${limits.textMax}"
        dir="auto"
        autofocus
    /></label>
    <input type="hidden" name="id" value="${id}" />${isStill ? still : null}
    <button>${page.writing.send}</button>
  </form> `;
}

function leaveForm(isStill: boolean, { page }: Language): Html {
  return html`<form method="post" action="/plain/leave" class="leave">
    ${isStill ? still : null}<button>${page.settings.leaveYes}</button>
  </form>`;
}

const still = html`<input type="hidden" name="still" value="1" />`;

/** The way to what was said before a message; nothing where there is nothing before it. */
function earlier(before: Seq | null, language: Language): Html | null {
  return before === null ? null : html`<p>${earlierLink(before, language)}</p>`;
}

function earlierLink(before: Seq, { plain }: Language): Html {
  return html`<a href="/plain?before=${before}">${plain.earlier}</a>`;
}

function asTheyCome({ plain }: Language, after = ''): Html {
  return html`<a href="${goingOn(after)}">${plain.asTheyCome}</a>`;
}

/** Where a page goes on: behind a cursor, or with the newest. */
function goingOn(after: string): string {
  return after === '' ? '/plain' : `/plain?after=${after}`;
}

function withoutWaiting({ plain }: Language): Html {
  return html`<a href="/plain?still">${plain.withoutWaiting}</a>`;
}

/** What went wrong, for people, and by its code for programs. */
function alert(trouble: Refusal | null, { page }: Language): Html | null {
  if (trouble === null) return null;
  const { code, detail } = trouble;
  return html`<p role="alert" data-code="${code}">${page.app.failure(code, detail)}</p> `;
}

/** What a command answers. */
function answer(reply: string): Html | null {
  return reply === '' ? null : html`<p role="status" dir="auto">${lines(reply)}</p>`;
}

function heading({ title, topic }: Pick<RoomInfo, 'title' | 'topic'>): Html {
  const below = topic === '' ? null : html`<p class="topic"><bdi>${topic}</bdi></p>`;
  return html`<header>
    <h1><bdi>${title}</bdi></h1>
    ${below}
  </header>`;
}

function lines(text: string): readonly Html[] {
  return text.split('\n').map((line) => html`${line}<br />`);
}

function top(title: string, kind: string, { code, direction }: Language): Html {
  return html`<!doctype html>
    <html lang="${code}" dir="${direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/plain/style.css" />
      </head>
      <body class="${kind}">
     `;
}

function document(title: string, kind: string, language: Language, body: Html): Html {
  return html`${top(title, kind, language)} ${body}
    </body>
    </html> `;
}
