/** Two notes, as of a door's bell; made here, so that no file has to be fetched when it matters. */
const notes = [[659.3, 0], [523.3, 0.28]] as const;
const noteSeconds = 0.5;

/** Rings once. @returns whether it could: a browser may still forbid it */
export async function ringOnce(context: AudioContext): Promise<boolean> {
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (context.state !== 'running') return false;
  for (const [frequency, after] of notes) {
    const start = context.currentTime + after;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.type = 'sine';
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.25, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + noteSeconds);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + noteSeconds);
  }
  return true;
}
