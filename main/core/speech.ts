import { Buffer } from 'node:buffer';
import type { z } from 'zod';
import type { requests } from '../../domain/contract/kiosk.ts';
import type { SpeechCondition } from '../../domain/speech/condition.ts';
import { toSpoken } from '../../domain/speech/spoken.ts';
import type { Synthesiser, SynthesisError } from '../../hardware/speech/port.ts';
import type { Log } from './log.ts';

export type SpeakRequest = z.output<(typeof requests)['speak']['params']>;

export interface Speech {
  /** The newest is spoken alone: one that is under way ends without a wave of its own. */
  speak(request: SpeakRequest): void;
  /** Ends what is under way, and the voice. */
  stop(): void;
  /** For the page. */
  state(): 'ready' | 'missing';
  /** For staff and diagnostics. */
  condition(): SpeechCondition;
  onState(listener: (condition: SpeechCondition) => void): void;
  /** Once for each request that no newer one has overtaken; `wave` is a WAVE file as base64, undefined where it could not be spoken. */
  onWave(listener: (id: number, wave: string | undefined) => void): void;
}

export interface SpeechDeps {
  readonly synthesiser: Synthesiser;
  readonly log: Log;
}

/**
 * The kiosk's voice. A text is answered whole, however many sentences it has: a sentence takes some 20 ms, so nobody waits for the first of them, and the page
 * has one sound to stop. Nothing of what is spoken is kept or logged.
 */
export function createSpeech({ synthesiser, log }: SpeechDeps): Speech {
  let current: AbortController | undefined;
  /** A voice that fails at every sentence is told once. */
  let lastFailure = '';
  const waveListeners = new Set<(id: number, wave: string | undefined) => void>();
  const stateListeners = new Set<(condition: SpeechCondition) => void>();

  synthesiser.onState((condition) => {
    if (condition.code === 'SPEECH_READY') log.info('speech is ready', { source: 'speech', voice: condition.detail });
    else log.warn('speech is not ready', { source: 'speech', code: condition.code, detail: condition.detail });
    for (const listener of stateListeners) listener(condition);
  });

  async function speak({ id, text, language, wordsPerMinute }: SpeakRequest): Promise<void> {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const made = await synthesiser.synthesise({ text: toSpoken(text, language), language, wordsPerMinute }, mine.signal);
    if (mine.signal.aborted) return;
    if (current === mine) current = undefined;
    tellFailure(made.ok ? undefined : made.error);
    const wave = made.ok ? Buffer.from(made.value.file.buffer, made.value.file.byteOffset, made.value.file.byteLength).toString('base64') : undefined;
    for (const listener of waveListeners) listener(id, wave);
  }

  function tellFailure(error: SynthesisError | undefined): void {
    const failure = error === undefined || error.kind === 'nothing_to_say' ? '' : error.kind === 'failed' ? error.detail : error.kind;
    if (failure !== '' && failure !== lastFailure) log.warn('something could not be spoken', { source: 'speech', failure });
    lastFailure = failure;
  }

  return {
    speak: (request) => void speak(request),
    stop() {
      current?.abort();
      current = undefined;
      synthesiser.close();
    },
    state: () => (synthesiser.state().code === 'SPEECH_READY' ? 'ready' : 'missing'),
    condition: () => synthesiser.state(),
    onState: (listener) => void stateListeners.add(listener),
    onWave: (listener) => void waveListeners.add(listener),
  };
}
