/** A soft tone for a message, made here and not loaded: two partials of a glass, struck once. */

const partials = [
  { hertz: 880, loudness: 0.08, seconds: 0.5 },
  { hertz: 1_318.5, loudness: 0.05, seconds: 0.9 },
] as const;

/** How long a partial takes to begin. A tone that begins at once clicks. */
const attackSeconds = 0.008;
/** A decay never reaches silence; this cannot be heard. */
const silence = 0.0001;

/** A tone that the browser has kept waiting for longer is not for what happens now. */
const lateMs = 1_000;

let player: AudioContext | null = null;

/** Sounds once. A browser that nobody has touched yet keeps it silent. */
export async function ring(): Promise<void> {
  player ??= new AudioContext();
  const asked = performance.now();
  if (player.state === 'suspended') await player.resume();
  // Once the page is touched, all that waited would sound together.
  if (performance.now() - asked > lateMs) return;
  const start = player.currentTime;
  for (const { hertz, loudness, seconds } of partials) {
    const gain = player.createGain();
    gain.gain.setValueAtTime(silence, start);
    gain.gain.exponentialRampToValueAtTime(loudness, start + attackSeconds);
    gain.gain.exponentialRampToValueAtTime(silence, start + seconds);
    const partial = player.createOscillator();
    partial.frequency.value = hertz;
    partial.connect(gain).connect(player.destination);
    partial.start(start);
    partial.stop(start + seconds);
  }
}
