import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPolling } from './polling.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** A look that ends when the test says so. */
function heldLooks() {
  const held: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  return { held, look: () => new Promise<void>((end, fail) => { held.push({ end, fail }); }) };
}

test('it looks every so often, and never while the last look goes on', async () => {
  const { held, look } = heldLooks();
  const polling = createPolling({ look, everyMs: 500, onProblem: () => {} });
  expect(held).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(held).toHaveLength(1);
  held[0]?.end();
  await vi.advanceTimersByTimeAsync(499);
  expect(held).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(held).toHaveLength(2);
  held[1]?.end();
  await polling.stop();
});

test('a look that fails is told of once, and the next one comes', async () => {
  const { held, look } = heldLooks();
  const problems: unknown[] = [];
  const polling = createPolling({ look, everyMs: 500, onProblem: (error) => problems.push(error) });
  await vi.advanceTimersByTimeAsync(500);
  const cut = new Error('the database is away');
  held[0]?.fail(cut);
  await vi.advanceTimersByTimeAsync(500);
  expect([problems, held.length]).toEqual([[cut], 2]);
  held[1]?.end();
  await polling.stop();
});

test('the stop waits for the look that goes on, begins no other, and leaves no timer', async () => {
  const { held, look } = heldLooks();
  const polling = createPolling({ look, everyMs: 500, onProblem: () => {} });
  await vi.advanceTimersByTimeAsync(500);
  const order: string[] = [];
  const stopped = polling.stop().then(() => order.push('stopped'));
  await vi.advanceTimersByTimeAsync(5000);
  expect([order, vi.getTimerCount()]).toEqual([[], 0]);
  order.push('look ended');
  held[0]?.end();
  await stopped;
  expect([order, held.length]).toEqual([['look ended', 'stopped'], 1]);
});
