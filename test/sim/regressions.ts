/**
 * Seeds that have found something, and what it was. They are run with all others. A seed is another
 * run as soon as the simulation does one thing more; what it found has a test of its own as well,
 * beside the file that was mended.
 */
export const regressions: readonly { readonly seed: number; readonly found: string }[] = [
  {
    seed: 58,
    found:
      'A torn write that hit a frame’s header within the last transaction was taken for damage, ' +
      'and the journal was refused after a loss of power',
  },
  {
    seed: 243,
    found:
      'A page that was reloaded while the room went back to an older copy kept messages of the ' +
      'history that is no more',
  },
  {
    seed: 2511,
    found:
      'A deleted message was known as edited to those who came in, not to those who were there',
  },
  {
    seed: 5243,
    found: 'A message that was recorded, and cut off before its entry came, stayed on its page',
  },
  {
    seed: 1,
    found:
      'A page whose network went away while it tried to join was shown as offline for ever after',
  },
  {
    seed: 100223,
    found: 'Lines that were shown before their turn stayed when their history was cut',
  },
  {
    seed: 100803,
    found: 'A reaction that was on its way when its message was deleted came back on some pages',
  },
  {
    seed: 101448,
    found: 'A gap was filled with pages of another history',
  },
  {
    seed: 101774,
    found: 'A heartbeat wrote nothing after the clock was set back',
  },
  {
    seed: 301332,
    found: 'Who came back far behind was not shown a notice to them, and no gap said so',
  },
];
