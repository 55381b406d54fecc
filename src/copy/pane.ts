/** As much of a window as the copy lives in. A program has none. */
export interface Pane {
  readonly navigator: {
    /** False only where the machine is known to have no network. */
    readonly onLine: boolean;
    /** Sends a body of text that outlives the page. */
    sendBeacon(url: string, body: string): unknown;
  };
  readonly document: { readonly visibilityState: string };
  addEventListener(type: PaneEventType, listener: PaneListener, isCapturing: true): void;
  removeEventListener(type: PaneEventType, listener: PaneListener, isCapturing: true): void;
}

/** The last three happen to the document and do not bubble everywhere: they are captured. */
export type PaneEventType =
  | 'online'
  | 'offline'
  | 'pageshow'
  | 'pagehide'
  | 'visibilitychange'
  | 'freeze'
  | 'resume';
export type PaneListener = (event: Event & { readonly persisted?: boolean }) => void;

/** What happens to the page, as far as it concerns the connection. */
export interface PaneFollower {
  /** The network or the reader is back. */
  readonly cameBack: () => void;
  /** The browser brings the page back that it had kept: nothing that was under way lives. */
  readonly wasRestored: () => void;
  readonly wentOffline: () => void;
  /** The reader has left. `isKept`: the browser may bring the page back as it is. */
  readonly wasHidden: (isKept: boolean) => void;
}

/** Tells what happens to the page; the answer ends it. */
export function followPane(pane: Pane, follower: PaneFollower): () => void {
  const listeners: Readonly<Record<PaneEventType, PaneListener>> = {
    online: follower.cameBack,
    offline: follower.wentOffline,
    visibilitychange() {
      if (pane.document.visibilityState === 'visible') follower.cameBack();
    },
    pageshow({ persisted }) {
      if (persisted) follower.wasRestored();
    },
    pagehide: ({ persisted }) => follower.wasHidden(persisted === true),
    // A hidden page that the browser stops for good measure, and starts again.
    freeze: () => follower.wasHidden(true),
    resume: () => follower.wasRestored(),
  };
  const all = Object.entries(listeners) as [PaneEventType, PaneListener][];
  for (const [type, listener] of all) pane.addEventListener(type, listener, true);
  return () => {
    for (const [type, listener] of all) pane.removeEventListener(type, listener, true);
  };
}
