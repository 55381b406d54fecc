/**
 * Where the keyboard on the screen of a phone lies over the page, as in Safari, the page takes what
 * it leaves: whoever writes sees the field, and what is said above it. Other browsers make the page
 * smaller by themselves (`interactive-widget` in the document asks for it), and nothing is done.
 */
export function followScreenKeyboard(): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const root = document.documentElement;
  seen.addEventListener('resize', () => {
    // Whoever has zoomed in sees a part, which is no reason to make the whole smaller.
    const isCovered = seen.scale < zoomed && seen.height < root.clientHeight;
    root.style.setProperty('--seen', isCovered ? `${seen.height}px` : null);
    // To show the field the browser has pushed the page up. Now it stands where it is seen.
    if (isCovered) scrollTo(0, 0);
  });
}

/** A browser rounds, and nobody zooms by less. */
const zoomed = 1.01;
