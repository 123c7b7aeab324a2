import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EspeakOptions } from './espeak-ng.ts';
import { createEspeak } from './espeak-ng.ts';
import { stretchesOf } from './espeak-text.ts';
import type { Synthesiser } from './port.ts';
import { readWave, writeWave } from './wave.ts';

const going = new AbortController().signal;
let folder: string;
const opened: Synthesiser[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'speech-'));
});

afterEach(() => {
  for (const synthesiser of opened.splice(0)) synthesiser.close();
  fs.rmSync(folder, { recursive: true });
});

function open(options: Partial<EspeakOptions> = {}): Synthesiser {
  const synthesiser = createEspeak({ program: 'espeak-ng', ...options });
  opened.push(synthesiser);
  return synthesiser;
}

function settled(synthesiser: Synthesiser): Promise<string> {
  return new Promise((resolve) => void synthesiser.onState(({ code }) => resolve(code)));
}

/** A program in espeak-ng's place. */
function script(body: string): string {
  const file = path.join(folder, 'voice.sh');
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

describe('espeak-ng', () => {
  it.each([
    ['zh', '合计十二元五角，请付款。'],
    ['en', 'Total 12 yuan 50. Please pay.'],
    ['zh', '取货号 A 零四二，WiFi 套餐三十GB。'],
    ['en', 'Take 可乐 & go'],
  ] as const)('speaks %s: %s', async (language, text) => {
    const made = await open().synthesise({ text, language, wordsPerMinute: 175 }, going);
    expect(made.ok).toBe(true);
    if (!made.ok) return;
    const file = Buffer.from(made.value.file);
    const read = readWave(file);
    expect(read.ok && read.value.pcm.length).toBe(file.length - 44);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(made.value.durationMs).toBeGreaterThan(800);
    expect(made.value.durationMs).toBeLessThan(8000);
    expect(loudest(file)).toBeGreaterThan(3000);
  });

  it('speaks faster where more words a minute are wanted', async () => {
    const voice = open();
    const durations = [];
    for (const wordsPerMinute of [100, 400]) {
      const made = await voice.synthesise({ text: '请在刷卡机上输入密码', language: 'zh', wordsPerMinute }, going);
      durations.push(made.ok ? made.value.durationMs : 0);
    }
    expect(durations[1]).toBeLessThan((durations[0] ?? 0) / 1.8);
  });

  it('says that it is ready, and what it lacks', async () => {
    const voice = open();
    expect(voice.state().code).toBe('SPEECH_STARTING');
    expect(await settled(voice)).toBe('SPEECH_READY');
    expect(await settled(open({ program: script('echo " 5  en-us  --/M English gmw/en-US"') }))).toBe('SPEECH_VOICE_MISSING');
    expect(await settled(open({ program: script('exit 3') }))).toBe('SPEECH_PROGRAM_BROKEN');
  });

  it('says that it is not installed, and is back without a restart when it is', async () => {
    const program = path.join(folder, 'voice.sh');
    const voice = open({ program, lookAgainMs: 20 });
    expect(await settled(voice)).toBe('SPEECH_PROGRAM_MISSING');
    expect(await voice.synthesise({ text: 'hello', language: 'en', wordsPerMinute: 175 }, going)).toEqual({ ok: false, error: { kind: 'missing' } });
    const back = settled(voice);
    // Whole at once, as a package manager puts it there.
    fs.writeFileSync(`${program}.new`, '#!/bin/sh\nexec espeak-ng "$@"\n', { mode: 0o755 });
    fs.renameSync(`${program}.new`, program);
    expect(await back).toBe('SPEECH_READY');
    expect((await voice.synthesise({ text: 'hello', language: 'en', wordsPerMinute: 175 }, going)).ok).toBe(true);
  });

  it('keeps the text off its arguments and its environment, where every user could read it', async () => {
    // Each process has a file of its own: the one that asks for voices may run beside the one that speaks.
    const program = script(`{ echo "$@"; env; } >> ${folder}/seen; cat > ${folder}/input.$$; exec espeak-ng "$@" < ${folder}/input.$$`);
    const voice = open({ program });
    expect((await voice.synthesise({ text: 'secretword', language: 'en', wordsPerMinute: 175 }, going)).ok).toBe(true);
    const inputs = fs.readdirSync(folder).filter((name) => name.startsWith('input.')).map((name) => fs.readFileSync(`${folder}/${name}`, 'utf8'));
    expect(inputs.filter((text) => text !== '')).toEqual(['secretword']);
    expect(fs.readFileSync(`${folder}/seen`, 'utf8')).not.toContain('secretword');
  });

  it('hands a program none of the environment but where to find what it needs', async () => {
    process.env['COUNTER24_TRIAL'] = 'not for a voice';
    const program = script(`env > ${folder}/seen; exec espeak-ng "$@"`);
    await open({ program }).synthesise({ text: 'x', language: 'en', wordsPerMinute: 175 }, going);
    delete process.env['COUNTER24_TRIAL'];
    expect(fs.readFileSync(`${folder}/seen`, 'utf8')).not.toContain('COUNTER24_TRIAL');
  });

  it('ends the process of what is not wanted any more', async () => {
    const program = script(`[ "$1" = --voices ] && exec espeak-ng --voices; echo $$ > ${folder}/pid; exec sleep 60`);
    const wanted = new AbortController();
    const spoken = open({ program }).synthesise({ text: 'hello', language: 'en', wordsPerMinute: 175 }, wanted.signal);
    await until(() => fs.existsSync(`${folder}/pid`) && fs.readFileSync(`${folder}/pid`, 'utf8').trim() !== '');
    const pid = Number(fs.readFileSync(`${folder}/pid`, 'utf8'));
    wanted.abort();
    expect(await spoken).toEqual({ ok: false, error: { kind: 'aborted' } });
    await until(() => !isAlive(pid));
  });

  it.each([
    ['hangs', 'exec sleep 60', { kind: 'timed_out' }],
    ['never ends speaking', 'exec cat /dev/zero', { kind: 'too_long' }],
    ['falls', 'exit 7', { kind: 'failed', detail: 'ended with 7' }],
    ['writes no sound', 'echo nothing', { kind: 'failed', detail: 'no WAVE file' }],
  ])('answers with an error where the program %s', async (_, body, error) => {
    const voice = open({ program: script(`[ "$1" = --voices ] && exec espeak-ng --voices\n${body}`), timeoutMs: 500, maxBytes: 500_000 });
    expect(await voice.synthesise({ text: 'hello', language: 'en', wordsPerMinute: 175 }, going)).toEqual({ ok: false, error });
  });

  it('stops at the limit of one utterance, however many sentences bring it there', async () => {
    const voice = open({ maxBytes: 100_000 });
    expect(await voice.synthesise({ text: 'One. Two. Three. Four. Five. Six.', language: 'en', wordsPerMinute: 100 }, going)).toEqual({ ok: false, error: { kind: 'too_long' } });
  });

  it.each(['。…', '', '《》 []'])('has nothing to say of "%s"', async (text) => {
    expect(await open().synthesise({ text, language: 'zh', wordsPerMinute: 175 }, going)).toEqual({ ok: false, error: { kind: 'nothing_to_say' } });
  });
});

describe('what espeak-ng is given', () => {
  it('is pinyin with tones, the neutral one as 5, each script by its own voice', () => {
    expect(stretchesOf('女士的绿茶，WiFi 套餐。', 'zh')).toEqual([
      { voice: 'zh', text: 'nü3 shi4 de5 lü4 cha2,' },
      { voice: 'en', text: 'WiFi' },
      { voice: 'zh', text: 'tao4 can1.' },
    ]);
  });

  it('reads characters by the word that they stand in', () => {
    expect(stretchesOf('重庆银行行长还款', 'zh')).toEqual([{ voice: 'zh', text: 'chong2 qing4 yin2 hang2 hang2 zhang3 hai2 kuan3' }]);
  });

  it("says the letter A of a number as a letter, and lets no text speak in espeak-ng's own phonemes", () => {
    expect(stretchesOf('Number A 0 4 2', 'en')).toEqual([{ voice: 'en', text: "Number [['eI]] 0 4 2" }]);
    expect(stretchesOf("A cola [['aI]]", 'en')).toEqual([{ voice: 'en', text: "A cola  'aI" }]);
  });
});

describe('a WAVE file', () => {
  it('is read in spite of lengths that nobody filled in, and of chunks that nobody knows', () => {
    const { file } = writeWave(22_050, [Buffer.from([1, 0, 2, 0])]);
    const streamed = Buffer.concat([Buffer.from(file).subarray(0, 36), Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1'), Buffer.from(file).subarray(36)]);
    streamed.writeUInt32LE(0x7ffff000, 52);
    expect(readWave(streamed)).toEqual({ ok: true, value: { hertz: 22_050, pcm: Buffer.from([1, 0, 2, 0]) } });
  });

  it('is refused where it is cut, or of another kind', () => {
    const file = Buffer.from(writeWave(22_050, [Buffer.from([1, 0])]).file);
    for (let length = 0; length < 44; length += 1) expect(readWave(file.subarray(0, length)).ok, `${length}`).toBe(false);
    const stereo = Buffer.from(file);
    stereo.writeUInt16LE(2, 22);
    expect(readWave(stereo).ok).toBe(false);
  });
});

function loudest(file: Buffer): number {
  let most = 0;
  for (let at = 44; at + 1 < file.length; at += 2) most = Math.max(most, Math.abs(file.readInt16LE(at)));
  return most;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
