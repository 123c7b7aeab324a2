import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCircuit } from './circuit.ts';
import type { ServiceProvider, Unknown } from './provider.ts';

const away: Unknown = { kind: 'unknown', detail: 'no line', isAway: true };

function rig(failures = 3) {
  let clock = 0;
  let asked = 0;
  let mood: 'well' | 'away' | 'throws' | 'silent' = 'well';
  const answer = async (): Promise<{ readonly kind: 'pending' } | Unknown> => {
    asked++;
    if (mood === 'throws') throw new Error('cut off');
    if (mood === 'silent') return new Promise(() => {});
    return mood === 'well' ? { kind: 'pending' } : away;
  };
  const provider: ServiceProvider = { name: 'carrier', submit: answer, query: answer, reverse: answer, lookUp: async () => away };
  const changes: boolean[] = [];
  const circuit = createCircuit({ provider, now: () => clock, failures, restMs: 1000, longestRestMs: 4000, onChange: ({ isAway }) => changes.push(isAway) });
  return {
    circuit, changes, asked: () => asked, be: (next: typeof mood) => { mood = next; }, later: (ms: number) => { clock += ms; },
    // About another order each time.
    ask: (signal = new AbortController().signal) => circuit.query(`k${asked}`, signal), askOfOne: () => circuit.query('k', new AbortController().signal),
  };
}

describe('a circuit', () => {
  test('leaves alone who was away so many times in a row, and answers for them at once', async () => {
    const { ask, asked, be, changes } = rig();
    be('away');
    for (let n = 0; n < 5; n++) await ask();
    expect(asked()).toBe(3);
    expect(await ask()).toMatchObject({ kind: 'unknown', isUnsent: true });
    expect(changes).toEqual([true]);
  });

  test('goes on asking about one order that nobody answers: the others may be well', async () => {
    const { ask, askOfOne, asked, be } = rig();
    be('away');
    for (let n = 0; n < 9; n++) await askOfOne();
    expect(asked()).toBe(9);
    await ask();
    await ask();
    expect(asked()).toBe(10);
  });

  test('counts what throws, and a word in between begins the count anew', async () => {
    const { ask, asked, be } = rig();
    be('throws');
    await ask();
    await ask();
    be('well');
    await ask();
    be('throws');
    await ask();
    await ask();
    expect(asked()).toBe(5);
    be('well');
    expect(await ask()).toEqual({ kind: 'pending' });
  });

  test('lets one question through after each rest, which grows to its longest, and closes with the first word', async () => {
    const { ask, asked, be, later, changes } = rig(1);
    be('away');
    await ask();
    for (const restMs of [1000, 2000, 4000, 4000]) {
      later(restMs - 1);
      const before = asked();
      await ask();
      expect(asked()).toBe(before);
      later(1);
      await Promise.all([ask(), ask(), ask()]);
      expect(asked()).toBe(before + 1);
    }
    be('well');
    later(4000);
    expect(await ask()).toEqual({ kind: 'pending' });
    expect(changes).toEqual([true, false]);
    be('away');
    await ask();
    later(1000);
    be('well');
    expect(await ask()).toEqual({ kind: 'pending' });
  });

  test('is not held by a probe that nobody answers: with its signal it is over', async () => {
    const { ask, asked, be, later } = rig(1);
    be('away');
    await ask();
    later(1000);
    be('silent');
    const abort = new AbortController();
    const probe = ask(abort.signal);
    abort.abort();
    expect(await probe).toMatchObject({ kind: 'unknown', isAway: true });
    later(2000);
    be('well');
    expect(await ask()).toEqual({ kind: 'pending' });
    expect(asked()).toBe(3);
  });

  test('never asks more than once in a rest, whatever comes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ mood: fc.constantFrom('well', 'away', 'throws' as const), laterMs: fc.integer({ min: 0, max: 1500 }) }), { maxLength: 40 }), async (steps) => {
      const { ask, asked, be, later } = rig(2);
      let bad = 0;
      let lastAskedAt = -Infinity;
      let clock = 0;
      for (const { mood, laterMs } of steps) {
        be(mood);
        later(laterMs);
        clock += laterMs;
        const before = asked();
        await ask();
        if (asked() === before) {
          expect(bad).toBeGreaterThanOrEqual(2);
          continue;
        }
        if (bad >= 2) expect(clock - lastAskedAt).toBeGreaterThanOrEqual(1000);
        lastAskedAt = clock;
        bad = mood === 'well' ? 0 : bad + 1;
      }
    }), { numRuns: 100 });
  });
});
