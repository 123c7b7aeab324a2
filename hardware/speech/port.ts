import type { SpeechCondition } from '../../domain/speech/condition.ts';
import type { Language } from '../../domain/language.ts';
import type { Result } from '../../domain/result.ts';

/** Text that has been put into words already (`domain/speech`). */
export interface Utterance {
  readonly text: string;
  readonly language: Language;
  /** 80 to 450. */
  readonly wordsPerMinute: number;
}

/** Sound, whole: one channel of 16-bit samples in a WAVE file. */
export interface Wave {
  readonly file: Uint8Array;
  readonly durationMs: number;
}

export type SynthesisError =
  /** By the caller's own signal. */
  | { readonly kind: 'aborted' }
  /** The voice is not there: see its state. */
  | { readonly kind: 'missing' }
  /** The text holds neither letter nor number. */
  | { readonly kind: 'nothing_to_say' }
  | { readonly kind: 'timed_out' }
  /** More sound than is kept in memory for one utterance. */
  | { readonly kind: 'too_long' }
  /** `detail` never holds text. */
  | { readonly kind: 'failed'; readonly detail: string };

/** A voice. Another than espeak-ng is plugged in here. It keeps and logs nothing of what it speaks. */
export interface Synthesiser {
  /** Always settles, and soon after an abort. */
  synthesise(utterance: Utterance, signal: AbortSignal): Promise<Result<Wave, SynthesisError>>;
  state(): SpeechCondition;
  /** Hears of each new state; the answer ends that. */
  onState(listener: (condition: SpeechCondition) => void): () => void;
  close(): void;
}
