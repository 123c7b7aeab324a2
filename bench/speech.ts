import { toSpoken } from '../domain/speech/spoken.ts';
import type { Language } from '../domain/language.ts';
import { createEspeak } from '../hardware/speech/espeak-ng.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';

/** From a text of the screen to its whole sound, espeak-ng's processes and all: what a customer waits before the first word. `node bench/speech.ts` */
const texts: readonly { readonly name: string; readonly language: Language; readonly text: string }[] = [
  { name: 'an offer', language: 'zh', text: '加一件 可乐 ￥3.50，按钮，第 3 项，共 8 项' },
  { name: 'an offer', language: 'en', text: 'Add one Cola ￥3.50, button, 3 of 8' },
  { name: 'a phone number', language: 'zh', text: '手机号 139 1234 5678' },
  { name: 'three scripts', language: 'zh', text: '取货号 A042，WiFi 套餐 30GB，已加入' },
  { name: 'a screen', language: 'zh', text: '请核对订单。可乐，两件，￥7.00。汉堡套餐，一份，￥32.00。合计 ￥39.00，已含 6% 税 ￥2.21。付款 ￥39.00。' },
  { name: 'a screen', language: 'en', text: 'Please check your order. Cola, 2 pieces, ￥7.00. Burger meal, one, ￥32.00. Total ￥39.00, 6% tax ￥2.21 included. Pay ￥39.00.' },
];
const runs = 40;
const going = new AbortController().signal;
const voice = createEspeak({ program: 'espeak-ng' });

console.log(`Text to whole sound, ${runs} runs each; ${machine()}`);
const rows = [['text', 'words only p50', 'p50 ms', 'p99 ms', 'sound ms', 'base64 kB']];
for (const { name, language, text } of texts) {
  const times: number[] = [];
  const wording: number[] = [];
  let durationMs = 0;
  let bytes = 0;
  for (let run = 0; run <= runs; run += 1) {
    const start = performance.now();
    const words = toSpoken(text, language);
    const worded = performance.now();
    const made = await voice.synthesise({ text: words, language, wordsPerMinute: 200 }, going);
    if (!made.ok) throw new Error(`not spoken: ${made.error.kind}`);
    ({ durationMs } = made.value);
    bytes = made.value.file.byteLength;
    // The first one loads what the others use.
    if (run === 0) continue;
    wording.push(worded - start);
    times.push(performance.now() - start);
  }
  rows.push([`${name} (${language})`, milliseconds(quantile(wording, 0.5)), milliseconds(quantile(times, 0.5)), milliseconds(quantile(times, 0.99)), count(durationMs), count((bytes * 4) / 3000)]);
}
printTable(rows);
voice.close();
