import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerWithin } from './within.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });
const limit = { who: 'the carrier', ms: 1000 };

test('what is answered in time is the answer, and no timer stays', async () => {
  expect(await answerWithin(async () => 'credited', limit)).toBe('credited');
  expect(vi.getTimerCount()).toBe(0);
});

test('a call that breaks off, at once or later, is unknown', async () => {
  const broken = new Error('the line was cut');
  expect(await answerWithin(() => Promise.reject(broken), limit)).toEqual({ kind: 'unknown', detail: 'the line was cut' });
  expect(await answerWithin(() => { throw broken; }, limit)).toEqual({ kind: 'unknown', detail: 'the line was cut' });
  expect(vi.getTimerCount()).toBe(0);
});

test('silence is unknown and aborts the call, and what is said after that nobody hears', async () => {
  let signal: AbortSignal | undefined;
  let sayLate: (word: string) => void = () => {};
  const heard = answerWithin((given) => {
    signal = given;
    return new Promise<string>((resolve) => { sayLate = resolve; });
  }, limit);
  await vi.advanceTimersByTimeAsync(999);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(signal?.aborted).toBe(true);
  sayLate('credited');
  expect(await heard).toEqual({ kind: 'unknown', detail: 'the carrier did not answer within 1000 ms' });
});
