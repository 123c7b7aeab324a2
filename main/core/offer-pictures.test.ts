import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pictureFile } from '../../domain/contract/hq-pictures.ts';
import { kioskIdSchema } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { AskFailure } from '../sync/sync.ts';
import type { LogFields } from './log.ts';
import { createOfferPictures } from './offer-pictures.ts';

type Answer = Result<unknown, AskFailure>;
let folder: string;
let clock: number;
beforeEach(() => {
  clock = Date.now();
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-pictures-')), 'pictures');
});
afterEach(() => {
  vi.useRealTimers();
  fs.rmSync(path.dirname(folder), { recursive: true });
});

const picture = (text: string) => {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, file: pictureFile(sha256, 'image/webp'), answer: ok({ hqTime: 1, mediaType: 'image/webp', data: bytes.toString('base64') }) };
};
const [cola, tea, cake] = ['cola', 'tea', 'cake'].map(picture) as [ReturnType<typeof picture>, ReturnType<typeof picture>, ReturnType<typeof picture>];
const catalogueOf = (...files: string[]) => ({
  categories: [{ id: 'all', picture: { kind: 'drawing', name: 'gift', tint: 'sand' } }],
  offers: files.map((file) => ({ picture: { kind: 'photo', file, tint: 'sand' }, options: [{ choices: [{ picture: { kind: 'photo', file, tint: 'mint' } }] }] })),
});

/** One run of the kiosk. HQ answers each question by `hq`, in turn. */
function run(catalogue: unknown, hq: (sha256: string) => Answer | Promise<Answer>) {
  const asked: string[] = [];
  const said: unknown[] = [];
  const say = (_message: string, fields?: LogFields) => void said.push(fields?.['event']);
  let current = catalogue;
  const pictures = createOfferPictures({
    kioskId: kioskIdSchema.parse('kiosk-001'), folder, now: () => clock, catalogue: () => current, log: { info: say, warn: say, error: () => said.push('error') },
    async ask(where, body) {
      const { kioskId, sha256 } = body as { kioskId: string; sha256: string };
      expect([where, kioskId]).toEqual(['/api/kiosk/picture', 'kiosk-001']);
      asked.push(sha256);
      return hq(sha256);
    },
  });
  return { pictures, asked, said, setCatalogue: (next: unknown) => (current = next) };
}
const has = () => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []);
const hqWith = (...kept: (typeof cola)[]) => (sha256: string): Answer => kept.find((one) => one.sha256 === sha256)?.answer ?? err({ kind: 'refused', detail: '404' });

it('fetches what the catalogue names by hash and is not there, each once, and leaves the shop’s own photos alone', async () => {
  const { pictures, asked } = run(catalogueOf(cola.file, tea.file, 'shop-front.jpg'), hqWith(cola, tea));
  pictures.look();
  await expect.poll(() => has()).toEqual([cola.file, tea.file].sort());
  expect(fs.readFileSync(path.join(folder, tea.file), 'utf8')).toBe('tea');
  pictures.look();
  await pictures.stop();
  expect(asked.sort()).toEqual([cola.sha256, tea.sha256].sort());
  // Nor after a restart.
  const again = run(catalogueOf(cola.file, tea.file), hqWith());
  again.pictures.look();
  await again.pictures.stop();
  expect(again.asked).toEqual([]);
});

it('what does not fit its hash is not kept, whoever sent it; and one that was damaged on the disk is fetched again', async () => {
  const { pictures, said } = run(catalogueOf(cola.file, tea.file), (sha256) => (sha256 === cola.sha256 ? cake.answer : ok({ nothing: true })));
  pictures.look();
  await expect.poll(() => said).toEqual(['pictures.refused', 'pictures.refused']);
  await pictures.stop();
  expect(has()).toEqual([]);
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, cola.file), 'co');
  const next = run(catalogueOf(cola.file), hqWith(cola));
  next.pictures.look();
  await expect.poll(() => fs.readFileSync(path.join(folder, cola.file), 'utf8')).toBe('cola');
  await next.pictures.stop();
});

it('while HQ is away it asks for one and no more, until it is said to be there; where it does not answer, a minute later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let state: 'away' | 'silent' | 'there' = 'away';
  const { pictures, asked } = run(catalogueOf(cola.file, tea.file), (sha256) => (state === 'there' ? hqWith(cola, tea)(sha256) : err({ kind: state === 'away' ? 'not_asked' : 'no_answer', detail: '' })));
  pictures.look();
  await expect.poll(() => asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(1);
  state = 'silent';
  pictures.look();
  await expect.poll(() => vi.getTimerCount()).toBe(1);
  expect(asked).toHaveLength(3);
  state = 'there';
  await vi.advanceTimersByTimeAsync(60_000);
  await expect.poll(() => has()).toHaveLength(2);
  await pictures.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('what HQ has not is asked for again after an hour, and holds up no other', async () => {
  const { pictures, asked } = run(catalogueOf(cola.file, tea.file), hqWith(tea));
  const look = async (count: number) => {
    pictures.look();
    await expect.poll(() => asked).toHaveLength(count);
  };
  await look(2);
  await expect.poll(() => has()).toEqual([tea.file]);
  pictures.look();
  clock += 3_600_000;
  await look(3);
  await pictures.stop();
  expect(asked.at(-1)).toBe(cola.sha256);
});

it('a catalogue that comes in the middle is looked at next; one that has gone keeps its pictures for thirty days, and halves go at once', async () => {
  let letGo: (answer: Answer) => void = () => {};
  const { pictures, setCatalogue } = run(catalogueOf(cola.file), (sha256) => (sha256 === cola.sha256 ? new Promise((resolve) => (letGo = resolve)) : hqWith(tea)(sha256)));
  pictures.look();
  await expect.poll(() => letGo.length).toBe(1);
  setCatalogue(catalogueOf(tea.file));
  pictures.look();
  letGo(cola.answer);
  await expect.poll(() => has()).toEqual([cola.file, tea.file].sort());
  fs.writeFileSync(path.join(folder, `${cake.file}.part`), 'ca');
  fs.writeFileSync(path.join(folder, 'shop-front.jpg'), 'own');
  clock += 29 * 86_400_000;
  pictures.look();
  await expect.poll(() => has()).toEqual([cola.file, tea.file, 'shop-front.jpg'].sort());
  clock += 2 * 86_400_000;
  pictures.look();
  await expect.poll(() => has()).toEqual([tea.file, 'shop-front.jpg'].sort());
  await pictures.stop();
});

it('a folder that cannot be written is said once, tried again, and ends nothing; after the end nothing is written', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  fs.writeFileSync(folder, 'a file where the folder should be');
  const { pictures, said } = run(catalogueOf(cola.file), hqWith(cola));
  pictures.look();
  await expect.poll(() => vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  await expect.poll(() => vi.getTimerCount()).toBe(1);
  expect(said).toEqual(['pictures.failed']);
  fs.rmSync(folder);
  await vi.advanceTimersByTimeAsync(60_000);
  await expect.poll(() => has()).toEqual([cola.file]);
  await pictures.stop();
  pictures.look();
  expect(vi.getTimerCount()).toBe(0);
});
