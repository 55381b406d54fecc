/**
 * `<encke-chat>`: the room in a page of another site. The page writes one line,
 *
 *     <script src="https://room.example/embed.js" async></script>
 *     <encke-chat theme="auto" accent="#0a7d5c"></encke-chat>
 *
 * and gets the room in a frame that it can neither read nor write. It can say how the room should
 * look, and hears that something happened. Nothing is left in the page but the one element: this
 * script is one function, and defines it once, however often it is loaded.
 */
import { readFromRoom, wishNames, type FromPage, type FromRoom } from './messages.ts';

/** What the room's page needs of what a sandbox takes. Not: the top window, downloads, dialogs. */
const sandbox = [
  'allow-scripts',
  // The room must be the room to itself: without this it had no storage, and no origin to allow.
  'allow-same-origin',
  'allow-forms',
  // Links that people post open in a window of their own, which is no frame of anybody.
  'allow-popups',
  'allow-popups-to-escape-sandbox',
].join(' ');

/**
 * What the element is before the page styles it, which goes before this. What stands inside the
 * element is shown until the room is there, and stays where it never comes.
 */
const style = `
:host { display: block; position: relative; block-size: 32rem; overflow: hidden }
:host([hidden]), :host([open="false"]) { display: none }
iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0 }
iframe:not(.shown) { visibility: hidden }
.shown + slot { display: none }
`;

/** How long the room may be silent before whoever reads the console is told. */
const silentMs = 10_000;

/** A classic script knows its own tag; a module does not, and looks for it. */
const script =
  document.currentScript ?? document.querySelector('script[src$="/embed.js"]') ?? undefined;
const room = script instanceof HTMLScriptElement ? new URL(script.src).origin : '';

class EnckeChat extends HTMLElement {
  static readonly observedAttributes = wishNames;

  readonly #shadow = this.attachShadow({ mode: 'closed' });
  readonly #frame = document.createElement('iframe');
  #unread = 0;

  constructor() {
    super();
    const frame = this.#frame;
    frame.setAttribute('sandbox', sandbox);
    frame.allow = 'clipboard-write';
    frame.referrerPolicy = 'no-referrer';
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#shadow.append(document.createElement('slot'));
  }

  /** Messages of others that the visitor has not had before their eyes. */
  get unread(): number {
    return this.#unread;
  }

  /** Whether the room is shown. It goes on, and counts, while it is not. */
  get open(): boolean {
    return this.getAttribute('open') !== 'false';
  }

  set open(isOpen: boolean) {
    this.setAttribute('open', String(isOpen));
  }

  connectedCallback(): void {
    const { theme, accent, lang } = this.#wishes();
    const query = new URLSearchParams({ embed: '1', theme, accent, lang });
    this.#frame.title = this.ariaLabel ?? 'Chat';
    this.#frame.src = `${room}/?${query}`;
    this.#shadow.prepend(this.#frame);
    addEventListener('message', this.#hear);
    setTimeout(() => this.#complain(), silentMs);
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.#hear);
    this.#frame.className = '';
    this.#frame.remove();
    this.#unread = 0;
  }

  attributeChangedCallback(): void {
    // Before that, what it wishes stands in the address of the frame.
    if (this.#isShown()) this.#tell();
  }

  #isShown(): boolean {
    return this.#frame.className !== '';
  }

  #wishes(): FromPage {
    const [theme, accent, lang, nick] = wishNames.map((name) => this.getAttribute(name) ?? '');
    return { encke: 'wishes', theme, accent, lang, nick } as FromPage;
  }

  #tell(): void {
    this.#frame.contentWindow?.postMessage(this.#wishes(), room);
  }

  readonly #hear = ({ source, origin, data }: MessageEvent): void => {
    if (origin !== room || source !== this.#frame.contentWindow) return;
    const told = readFromRoom(data);
    if (told === null) return;
    if (told.encke === 'hello') {
      this.#frame.className = 'shown';
      this.#tell();
    } else this.#pass(told);
  };

  /** Tells the page: `encke-message` for what the room calls `message`. */
  #pass({ encke, ...detail }: FromRoom): void {
    if ('unread' in detail) this.#unread = detail.unread;
    this.dispatchEvent(new CustomEvent(`encke-${encke}`, { detail, bubbles: true }));
  }

  #complain(): void {
    if (!this.isConnected || this.#isShown()) return;
    // oxlint-disable-next-line no-console -- Whoever builds the site looks there.
    console.warn(`Encke: ${room} does not answer, or does not allow ${location.origin}`);
  }
}

if (!customElements.get('encke-chat')) customElements.define('encke-chat', EnckeChat);
