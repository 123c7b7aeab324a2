import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { monotonicNow } from '../state/monotonic.ts';
import { createIdleClock } from './idle-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(idleMs: number) {
  const heard = { alive: 0, left: [] as (number | undefined)[], idle: 0 };
  const clock = createIdleClock({ idleMs, monotonicNow, onAlive: () => void heard.alive++, onLeft: (seconds) => void heard.left.push(seconds), onIdle: () => void heard.idle++ });
  return { clock, heard };
}

describe('the clock that puts staff out', () => {
  it('counts the last half minute down, and ends once', () => {
    const { heard } = start(120_000);
    vi.advanceTimersByTime(89_000);
    expect(heard.left).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(heard.left[0]).toBe(30);
    vi.advanceTimersByTime(60_000);
    expect(heard.idle).toBe(1);
    expect(heard.left.at(-1)).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins anew with each touch, and takes its countdown back', () => {
    const { clock, heard } = start(60_000);
    vi.advanceTimersByTime(40_000);
    expect(heard.left.length).toBeGreaterThan(0);
    clock.touch();
    expect(heard.left.at(-1)).toBeUndefined();
    vi.advanceTimersByTime(29_000);
    expect(heard.idle).toBe(0);
  });

  it('tells core of touches, but not of each', () => {
    const { clock, heard } = start(60_000);
    vi.advanceTimersByTime(5000);
    for (let touch = 0; touch < 20; touch++) clock.touch();
    expect(heard.alive).toBe(1);
    vi.advanceTimersByTime(5000);
    clock.touch();
    expect(heard.alive).toBe(2);
  });

  it('tells core of the last touch, too, so that core does not end before the countdown has', () => {
    const { clock, heard } = start(60_000);
    vi.advanceTimersByTime(5000);
    clock.touch();
    vi.advanceTimersByTime(2000);
    clock.touch();
    expect(heard.alive).toBe(1);
    vi.advanceTimersByTime(4000);
    expect(heard.alive).toBe(2);
    vi.advanceTimersByTime(20_000);
    expect(heard.alive).toBe(2);
  });

  it('stands still while something that was asked for is under way, and core is told so', () => {
    const { clock, heard } = start(60_000);
    clock.busy(true);
    vi.advanceTimersByTime(170_000);
    expect(heard.idle).toBe(0);
    expect(heard.alive).toBeGreaterThan(20);
    clock.busy(false);
    vi.advanceTimersByTime(61_000);
    expect(heard.idle).toBe(1);
  });

  it('does not go by the wall clock, which is set forward and back', () => {
    const { heard } = start(60_000);
    vi.setSystemTime(Date.now() + 86_400_000);
    vi.advanceTimersByTime(29_000);
    expect(heard).toMatchObject({ left: [], idle: 0 });
    vi.setSystemTime(Date.now() - 2 * 86_400_000);
    vi.advanceTimersByTime(32_000);
    expect(heard.idle).toBe(1);
  });

  it('leaves no timer behind', () => {
    const { clock } = start(60_000);
    clock.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
