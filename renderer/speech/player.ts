/** Plays one sound at a time. */
export interface Player {
  /** May be called from a key's own event, so that the browser lets sound begin. */
  wake(): void;
  /** A WAVE file as base64. Settles when it has ended, or was stopped, or could not be played. */
  play(wave: string): Promise<void>;
  stop(): void;
  /** 1 to 10. */
  setVolume(volume: number): void;
}

/** Where nobody has chosen another: what each customer begins with. */
export const normalVolume = 6;

/** Each step is 2.5 dB, which is heard as one; 10 is the sound as it was made. */
export function gainOf(volume: number): number {
  return 10 ** (((Math.min(10, Math.max(1, volume)) - 10) * 2.5) / 20);
}

/** By Web Audio: nothing is fetched, so the page's policy has nothing to allow. */
export function createPlayer(window: Window & typeof globalThis): Player {
  let context: AudioContext | undefined;
  let gain: GainNode | undefined;
  let volume = normalVolume;
  let stopCurrent: () => void = () => {};

  function open(): { readonly context: AudioContext; readonly gain: GainNode } {
    if (!context || !gain) {
      context = new window.AudioContext();
      gain = context.createGain();
      gain.gain.value = gainOf(volume);
      gain.connect(context.destination);
    }
    if (context.state === 'suspended') void context.resume().catch(() => {});
    return { context, gain };
  }

  return {
    wake: () => void open(),
    async play(wave) {
      stopCurrent();
      let isStopped = false;
      stopCurrent = () => (isStopped = true);
      const audio = open();
      const sound = await decode(audio.context, wave);
      if (isStopped || !sound) return;
      await new Promise<void>((resolve) => {
        const source = audio.context.createBufferSource();
        source.buffer = sound;
        source.connect(audio.gain);
        // A machine without a sound card has a clock that may stand still.
        const deadline = setTimeout(end, sound.duration * 1000 + 1000);
        function end(): void {
          clearTimeout(deadline);
          source.onended = null;
          source.disconnect();
          resolve();
        }
        source.onended = end;
        stopCurrent = () => {
          source.stop();
          end();
        };
        source.start();
      });
    },
    stop() {
      stopCurrent();
      stopCurrent = () => {};
    },
    setVolume(next) {
      volume = next;
      if (gain) gain.gain.value = gainOf(next);
    },
  };
}

async function decode(context: AudioContext, wave: string): Promise<AudioBuffer | undefined> {
  try {
    return await context.decodeAudioData(Uint8Array.from(atob(wave), (sign) => sign.charCodeAt(0)).buffer);
  } catch {
    return undefined;
  }
}
