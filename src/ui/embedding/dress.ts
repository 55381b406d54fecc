/** How the page looks where a site says it: in light or dark, and in the site's own colour. */
import { choicesOf, wishedTheme } from '../settings/settings.ts';

/**
 * Puts a theme and an accent on. What is no theme leaves it to the reader's system, and what is no
 * colour leaves the room's own. Of the colour the style takes hue and chroma, and the lightness
 * only as far as text in it can be read.
 */
export function dress({
  theme,
  accent,
}: {
  readonly theme: string;
  readonly accent: string;
}): void {
  wishedTheme.value = choicesOf('theme').find((one) => one === theme) ?? 'auto';
  const colour = readColour(accent);
  const root = document.documentElement;
  root.classList.toggle('has-accent', colour !== null);
  root.style.setProperty('--site-accent', colour);
}

/** A colour as the browser writes it; null for anything else that may stand for one in a style. */
function readColour(text: string): string | null {
  const paint = document.createElement('canvas').getContext('2d');
  if (paint === null) return null;
  // A canvas keeps the colour that it had when it is given none. So from two different ones it
  // comes to the same only by one that it knows.
  const [first, second] = ['#000', '#fff'].map((before) => {
    paint.fillStyle = before;
    paint.fillStyle = text;
    return paint.fillStyle;
  });
  return first !== undefined && first === second ? first : null;
}
