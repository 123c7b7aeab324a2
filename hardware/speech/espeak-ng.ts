import type { SpeechCondition } from '../../domain/speech/condition.ts';
import type { Language } from '../../domain/language.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { sentencesOf } from '../../domain/speech/sentences.ts';
import type { Stretch } from './espeak-text.ts';
import { stretchesOf, voiceOf } from './espeak-text.ts';
import type { Synthesiser, SynthesisError, Wave } from './port.ts';
import type { ProgramError } from './program.ts';
import { runProgram } from './program.ts';
import type { Samples } from './wave.ts';
import { readWave, writeWave } from './wave.ts';

export interface EspeakOptions {
  /** Found by PATH, or a path of its own. */
  readonly program: string;
  /** For one sentence, which takes 10 to 60 ms on a kiosk's machine. */
  readonly timeoutMs?: number;
  /** Of samples for one utterance: as base64 they must fit into a message of the page. */
  readonly maxBytes?: number;
  /** While it is not there, it is looked for again after this: installing it needs no restart. */
  readonly lookAgainMs?: number;
}

const never = new AbortController().signal;

/** espeak-ng (1.50 or newer), a process for each sentence and script: one that hangs or falls is ended, and nobody else notices. */
export function createEspeak({ program, timeoutMs = 5_000, maxBytes = 11_000_000, lookAgainMs = 60_000 }: EspeakOptions): Synthesiser {
  let condition: SpeechCondition = { code: 'SPEECH_STARTING', detail: '' };
  let isClosed = false;
  let looking: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<(condition: SpeechCondition) => void>();

  function become(next: SpeechCondition): void {
    if (isClosed || (next.code === condition.code && next.detail === condition.detail)) return;
    condition = next;
    for (const listener of listeners) listener(next);
  }

  async function look(): Promise<void> {
    clearTimeout(looking);
    const listed = await runProgram({ program, args: ['--voices'], input: '', timeoutMs, maxBytes: 200_000 }, never);
    if (isClosed) return;
    become(listed.ok ? conditionOf(listed.value.toString('utf8')) : troubleOf(listed.error));
    if (condition.code === 'SPEECH_READY') return;
    looking = setTimeout(() => void look(), lookAgainMs);
    looking.unref();
  }

  function troubleOf(error: ProgramError): SpeechCondition {
    return error.kind === 'missing' ? { code: 'SPEECH_PROGRAM_MISSING', detail: program } : { code: 'SPEECH_PROGRAM_BROKEN', detail: error.kind === 'failed' ? error.detail : error.kind };
  }

  /** `isEnd`: a pause comes behind it. */
  async function speak({ voice, text }: Stretch, isEnd: boolean, wordsPerMinute: number, left: number, signal: AbortSignal): Promise<Result<Samples, SynthesisError>> {
    const speed = String(Math.round(Math.min(450, Math.max(80, wordsPerMinute))));
    const args = ['-b', '1', '-v', voiceOf[voice], '-s', speed, ...(isEnd ? [] : ['-z']), '--stdin', '--stdout'];
    const made = await runProgram({ program, args, input: text, timeoutMs, maxBytes: left }, signal);
    if (!made.ok) {
      if (made.error.kind === 'missing' || made.error.kind === 'failed') void look();
      return made;
    }
    const read = readWave(made.value);
    return read.ok ? read : err({ kind: 'failed', detail: read.error });
  }

  void look();
  return {
    async synthesise({ text, language, wordsPerMinute }, signal): Promise<Result<Wave, SynthesisError>> {
      const sentences = sentencesOf(text).map((sentence) => stretchesOf(sentence, language));
      const pieces: Buffer[] = [];
      let left = maxBytes;
      let hertz: number | undefined;
      for (const stretches of sentences) {
        for (const [index, stretch] of stretches.entries()) {
          const made = await speak(stretch, index === stretches.length - 1, wordsPerMinute, left, signal);
          if (!made.ok) return made;
          if (hertz !== undefined && made.value.hertz !== hertz) return err({ kind: 'failed', detail: 'voices of different rates' });
          hertz = made.value.hertz;
          left -= made.value.pcm.length;
          pieces.push(made.value.pcm);
        }
      }
      if (hertz === undefined) return err({ kind: 'nothing_to_say' });
      return ok(writeWave(hertz, pieces));
    },
    state: () => condition,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(looking);
      listeners.clear();
    },
  };
}

/** `espeak-ng --voices`: a line each, the language in the second column. */
function conditionOf(listing: string): SpeechCondition {
  const spoken = new Set(listing.split('\n').map((line) => line.trim().split(/\s+/)[1]));
  const has: Readonly<Record<Language, boolean>> = { zh: spoken.has(voiceOf.zh), en: [...spoken].some((language) => language === 'en' || language?.startsWith('en-') === true) };
  if (has.zh && has.en) return { code: 'SPEECH_READY', detail: 'espeak-ng' };
  return { code: 'SPEECH_VOICE_MISSING', detail: has.zh ? voiceOf.en : voiceOf.zh };
}
