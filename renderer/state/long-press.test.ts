import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForLongPress, longPressMs } from './long-press.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(isWanted = () => true) {
  const target = Object.assign(new EventTarget(), { innerWidth: 1080, innerHeight: 1920 }) as unknown as Window;
  const pressed = vi.fn();
  const stop = listenForLongPress(target, { isWanted, onLongPress: pressed });
  const point = (type: string, x: number, y: number, more: object = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { pointerId: 1, isPrimary: true, clientX: x, clientY: y, ...more });
    target.dispatchEvent(event);
    return event;
  };
  return { point, pressed, stop };
}

describe('the corner that is held', () => {
  it('opens after three seconds, and once', () => {
    const { point, pressed } = open();
    point('pointerdown', 60, 60);
    vi.advanceTimersByTime(longPressMs - 1);
    expect(pressed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(10 * longPressMs);
    expect(pressed).toHaveBeenCalledTimes(1);
  });

  it('takes nothing from a tap', () => {
    const { point, pressed } = open();
    expect(point('pointerdown', 60, 60).defaultPrevented).toBe(false);
    vi.advanceTimersByTime(400);
    expect(point('pointerup', 60, 60).defaultPrevented).toBe(false);
    vi.advanceTimersByTime(longPressMs);
    expect(pressed).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['slides away', (point: ReturnType<typeof open>['point']) => point('pointermove', 160, 60)],
    ['is joined by a second one', (point: ReturnType<typeof open>['point']) => point('pointerdown', 90, 90, { pointerId: 2, isPrimary: false })],
    ['is taken by the system', (point: ReturnType<typeof open>['point']) => point('pointercancel', 60, 60)],
  ])('is not held by a finger that %s', (_, change) => {
    const { point, pressed } = open();
    point('pointerdown', 60, 60);
    vi.advanceTimersByTime(1000);
    change(point);
    vi.advanceTimersByTime(2 * longPressMs);
    expect(pressed).not.toHaveBeenCalled();
  });

  it('trembles, and is held all the same', () => {
    const { point, pressed } = open();
    point('pointerdown', 60, 60);
    for (let step = 0; step < 20; step++) {
      vi.advanceTimersByTime(150);
      point('pointermove', 60 + (step % 2) * 12, 60);
    }
    expect(pressed).toHaveBeenCalledTimes(1);
  });

  it('is nowhere else on the screen', () => {
    const { point, pressed } = open();
    for (const [x, y] of [[600, 60], [60, 500], [1000, 1900]] as const) {
      point('pointerdown', x, y);
      vi.advanceTimersByTime(2 * longPressMs);
      point('pointerup', x, y);
    }
    expect(pressed).not.toHaveBeenCalled();
  });

  it('opens nothing where somebody has begun to buy meanwhile', () => {
    let wanted = true;
    const { point, pressed } = open(() => wanted);
    point('pointerdown', 60, 60);
    wanted = false;
    vi.advanceTimersByTime(longPressMs);
    expect(pressed).not.toHaveBeenCalled();
  });

  it('is not listened to any more when it was given up', () => {
    const { point, pressed, stop } = open();
    point('pointerdown', 60, 60);
    stop();
    vi.advanceTimersByTime(longPressMs);
    point('pointerdown', 60, 60);
    vi.advanceTimersByTime(longPressMs);
    expect(pressed).not.toHaveBeenCalled();
  });
});
