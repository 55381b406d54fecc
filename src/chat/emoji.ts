/** A reaction is one emoji, and the same emoji is the same reaction for everybody. */
import { refuse, type Outcome } from '../protocol/errors.ts';

/**
 * Cleans an emoji: exactly one of those that Unicode recommends for interchange (RGI), family or
 * flag as it may be. Keyboards disagree on whether to send the variation selector behind a heart,
 * so it is put wherever the full form has it; ❤ and ❤️ are one reaction. Refuses with BAD_REQUEST.
 */
export function cleanEmoji(raw: string): Outcome<{ readonly emoji: string }> {
  // A code unit takes at least one byte, so this also keeps long strings from the expressions.
  if (raw.length <= emojiBytesMax) {
    const emoji = raw.replaceAll(selector, '').replace(textByDefault, `$&${selector}`);
    if (oneEmoji.test(emoji) && utf8.encode(emoji).length <= emojiBytesMax) {
      return { ok: true, emoji };
    }
  }
  return refuse('BAD_REQUEST', 'A reaction is one emoji, send exactly one');
}

/** The longest emoji, a couple of two skin tones who kiss, takes 35 bytes. */
const emojiBytesMax = 64;

/** VS16: show what stands before it as an emoji. */
const selector = '\u{fe0f}';

/** An emoji that is shown as text unless told otherwise. A skin tone behind it tells enough. */
const textByDefault = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

const oneEmoji = /^\p{RGI_Emoji}$/v;

const utf8 = new TextEncoder();
