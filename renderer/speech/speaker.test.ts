import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Port } from '../state/kiosk-client.ts';
import { createKioskClient } from '../state/kiosk-client.ts';
import { gainOf } from './player.ts';
import type { Said } from './speaker.ts';
import { createSpeaker, piecesOf } from './speaker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Core's end of the line: answers each request, and sends a sound when the test says so. */
function coreLine() {
  const asked: { readonly id: number; readonly text: string; readonly language: string; readonly wordsPerMinute: number }[] = [];
  let send: (data: unknown) => void = () => {};
  const port: Port = {
    postMessage(message) {
      const { id, params } = message as { readonly id: number; readonly params: (typeof asked)[number] };
      asked.push(params);
      queueMicrotask(() => send({ kind: 'response', id, result: { ok: true, value: {} } }));
    },
    addEventListener: (_, listener) => (send = (data) => listener({ data })),
    start() {},
    close() {},
  };
  const sound = (id: number, wave?: string) => send({ kind: 'event', name: 'speech', payload: { id, ...(wave === undefined ? {} : { wave }) } });
  return { client: createKioskClient(port), asked, sound };
}

function speaking() {
  const { client, asked, sound } = coreLine();
  const said: Said[] = [];
  const played: string[] = [];
  let finish: () => void = () => {};
  let stops = 0;
  const speaker = createSpeaker({
    client,
    player: {
      wake() {},
      play: (wave) => new Promise((resolve) => {
        played.push(wave);
        finish = resolve;
      }),
      stop() {
        stops += 1;
        finish();
      },
      setVolume() {},
    },
    wordsPerMinute: () => 200,
    onSaid: (one) => said.push(one),
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { speaker, asked, sound, said, played, settle, finish: () => finish(), stops: () => stops };
}

describe('the one voice of the page', () => {
  it('says one thing after the other', async () => {
    const { speaker, asked, sound, played, finish, settle } = speaking();
    speaker.say({ text: '一', language: 'zh' }, false);
    speaker.say({ text: 'two', language: 'en' }, false);
    expect(asked).toEqual([{ id: 0, text: '一', language: 'zh', wordsPerMinute: 200 }]);
    sound(0, 'AAAA');
    await settle();
    expect([asked.length, played]).toEqual([1, ['AAAA']]);
    finish();
    await settle();
    expect(asked[1]).toMatchObject({ id: 1, text: 'two', language: 'en' });
    expect(speaker.isSpeaking()).toBe(true);
    sound(1);
    await settle();
    expect(speaker.isSpeaking()).toBe(false);
  });

  it('breaks off for what is said now, and plays nothing that comes late of the old', async () => {
    const { speaker, asked, sound, played, stops, settle } = speaking();
    speaker.say({ text: 'one', language: 'en' }, false);
    speaker.say({ text: 'waits', language: 'en' }, false);
    speaker.say({ text: 'now', language: 'en' }, true);
    expect([asked.map(({ text }) => text), stops()]).toEqual([['one', 'now'], 1]);
    sound(0, 'OLD1');
    sound(1, 'NEW1');
    await settle();
    expect(played).toEqual(['NEW1']);
    speaker.hush();
    await settle();
    expect([asked.length, speaker.isSpeaking()]).toEqual([2, false]);
  });

  it('is still speaking after it broke off a sound in its middle', async () => {
    const { speaker, asked, sound, settle } = speaking();
    speaker.say({ text: 'one', language: 'en' }, false);
    sound(0, 'AAAA');
    await settle();
    speaker.say({ text: 'now', language: 'en' }, true);
    await settle();
    expect(speaker.isSpeaking()).toBe(true);
    speaker.say({ text: 'behind', language: 'en' }, false);
    expect(asked.map(({ text }) => text)).toEqual(['one', 'now']);
  });

  it('goes on where a sound never comes, and where core refuses', async () => {
    const { speaker, asked } = speaking();
    speaker.say({ text: 'one', language: 'en' }, false);
    speaker.say({ text: 'two', language: 'en' }, false);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(asked.map(({ text }) => text)).toEqual(['one', 'two']);
    await vi.advanceTimersByTimeAsync(12_000);
    expect([speaker.isSpeaking(), vi.getTimerCount()]).toEqual([false, 0]);
  });

  it('tells every utterance as it stands on the screen, once', () => {
    const { speaker, said } = speaking();
    speaker.say({ text: ' 付款 ￥12.50 ', language: 'zh' }, true);
    speaker.say({ text: ' ', language: 'zh' }, true);
    expect(said).toEqual([{ text: '付款 ￥12.50', language: 'zh' }]);
  });

  it('cuts a long text at its sentences, none longer than the contract lets one be', () => {
    const pieces = piecesOf('请核对订单。'.repeat(100));
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(200);
    expect(pieces.join('').replaceAll(' ', '')).toBe('请核对订单。'.repeat(100));
    expect(piecesOf('x'.repeat(5000)).every((piece) => piece.length <= 1000)).toBe(true);
  });

  it('is as loud as it was made at 10, and 22.5 dB softer at 1', () => {
    expect([gainOf(10), gainOf(99)]).toEqual([1, 1]);
    expect(20 * Math.log10(gainOf(1))).toBeCloseTo(-22.5);
    expect(20 * Math.log10(gainOf(6) / gainOf(5))).toBeCloseTo(2.5);
  });
});
