import { Buffer } from 'node:buffer';
import { afterEach, describe, expect, it } from 'vitest';
import { createEspeak } from '../../hardware/speech/espeak-ng.ts';
import type { Synthesiser, Utterance } from '../../hardware/speech/port.ts';
import { err, ok } from '../../domain/result.ts';
import { createLog } from './log.ts';
import type { Speech } from './speech.ts';
import { createSpeech } from './speech.ts';

const opened: Speech[] = [];
afterEach(() => {
  for (const speech of opened.splice(0)) speech.stop();
});

/** Another voice at the port: it speaks when it is told to. */
function slowVoice() {
  const waiting: { readonly utterance: Utterance; readonly isAborted: () => boolean; readonly finish: () => void }[] = [];
  const synthesiser: Synthesiser = {
    synthesise: (utterance, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(err({ kind: 'aborted' })));
        waiting.push({ utterance, isAborted: () => signal.aborted, finish: () => resolve(ok({ file: new TextEncoder().encode(utterance.text), durationMs: 1 })) });
      }),
    state: () => ({ code: 'SPEECH_READY', detail: '' }),
    onState: () => () => {},
    close() {},
  };
  return { synthesiser, waiting };
}

function speaking(synthesiser: Synthesiser) {
  const lines: string[] = [];
  const waves: [number, string | undefined][] = [];
  const speech = createSpeech({ synthesiser, log: createLog((line) => lines.push(line), () => 0) });
  opened.push(speech);
  speech.onWave((id, wave) => waves.push([id, wave]));
  return { speech, lines, waves };
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe('the voice of the kiosk', () => {
  it('speaks words in place of figures', async () => {
    const { synthesiser, waiting } = slowVoice();
    const { speech, waves } = speaking(synthesiser);
    speech.speak({ id: 1, text: '付款 ￥12.50', language: 'zh', wordsPerMinute: 200 });
    expect(waiting[0]?.utterance).toEqual({ text: '付款十二元五角', language: 'zh', wordsPerMinute: 200 });
    waiting[0]?.finish();
    await settle();
    expect(waves).toEqual([[1, Buffer.from('付款十二元五角').toString('base64')]]);
  });

  it('drops what was under way for what is newer, even where it was done in the same moment', async () => {
    const { synthesiser, waiting } = slowVoice();
    const { speech, waves } = speaking(synthesiser);
    speech.speak({ id: 1, text: 'one', language: 'en', wordsPerMinute: 200 });
    waiting[0]?.finish();
    speech.speak({ id: 2, text: 'two', language: 'en', wordsPerMinute: 200 });
    expect(waiting[0]?.isAborted()).toBe(true);
    waiting[1]?.finish();
    await settle();
    expect(waves.map(([id]) => id)).toEqual([2]);
  });

  it('says nothing any more once it is stopped', async () => {
    const { synthesiser, waiting } = slowVoice();
    const { speech, waves } = speaking(synthesiser);
    speech.speak({ id: 1, text: 'one', language: 'en', wordsPerMinute: 200 });
    speech.stop();
    await settle();
    expect(waiting[0]?.isAborted()).toBe(true);
    expect(waves).toEqual([]);
  });

  it('sends the sound of espeak-ng as base64, and logs nothing of the text', async () => {
    const { speech, lines } = speaking(createEspeak({ program: 'espeak-ng' }));
    const wave = await new Promise<string | undefined>((resolve) => {
      speech.onWave((_, sound) => resolve(sound));
      speech.speak({ id: 7, text: 'secretword 139 1234 5678', language: 'zh', wordsPerMinute: 200 });
    });
    expect(Buffer.from(wave ?? '', 'base64').toString('latin1', 0, 4)).toBe('RIFF');
    expect(lines.join('\n')).not.toMatch(/secretword|5678|五六七八/);
  });

  it('answers without a sound where no voice is installed, says so in the diagnostics, and logs it once', async () => {
    const { speech, lines, waves } = speaking(createEspeak({ program: 'no-such-voice' }));
    await new Promise<void>((resolve) => speech.onState(() => resolve()));
    expect([speech.state(), speech.condition()]).toEqual(['missing', { code: 'SPEECH_PROGRAM_MISSING', detail: 'no-such-voice' }]);
    for (const id of [1, 2]) {
      await new Promise<void>((resolve) => {
        speech.onWave((answered) => answered === id && resolve());
        speech.speak({ id, text: 'hello', language: 'en', wordsPerMinute: 200 });
      });
    }
    expect(waves).toEqual([[1, undefined], [2, undefined]]);
    expect(lines.filter((line) => line.includes('could not be spoken'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('SPEECH_PROGRAM_MISSING'))).toHaveLength(1);
  });
});
