import fs from 'node:fs';
import { expect, test } from './stage/stage.ts';

test('explore', async ({ stage }) => {
  test.setTimeout(200_000);
  const { page } = stage.kiosk;
  const log: string[] = [];
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  await page.evaluate(() => {
    const w = window as unknown as { said: string[]; sounds: number[] };
    w.said = []; w.sounds = [];
    window.addEventListener('counter24:spoken', (e) => w.said.push((e as CustomEvent<{ text: string; language: string }>).detail.language + ': ' + (e as CustomEvent<{ text: string }>).detail.text));
    const decode = AudioContext.prototype.decodeAudioData;
    AudioContext.prototype.decodeAudioData = async function (this: AudioContext, b: ArrayBuffer) { const r = await decode.call(this, b); w.sounds.push(r.duration); return r; };
  });
  const flush = async (key: string, wait = 700) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(wait);
    const said = await page.evaluate(() => { const w = window as unknown as { said: string[] }; return w.said.splice(0); });
    log.push(`[${key}]`, ...said.map((s) => '    ' + s));
    fs.writeFileSync('/tmp/w3/explore.log', log.join('\n'));
    return said.join('\n');
  };
  const script = fs.readFileSync('/tmp/w3/script.txt', 'utf8').trim().split(/\s+/);
  for (const step of script) {
    const [key, times] = step.split('*');
    if (key === 'TAP') { stage.bench.terminal.sim.tapCard(); await flush('Shift', 6000); continue; }
    if (key === 'WAIT') { await flush('Shift', Number(times)); continue; }
    for (let i = 0; i < Number(times ?? 1); i += 1) await flush(key!);
  }
  log.push(JSON.stringify(await page.evaluate(() => (window as unknown as { sounds: number[] }).sounds)));
  fs.writeFileSync('/tmp/w3/explore.log', log.join('\n'));
});
