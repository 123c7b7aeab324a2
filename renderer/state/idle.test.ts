import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Action } from './action.ts';
import { createIdleWatch, idleRule } from './idle.ts';
import type { Model } from './model.ts';
import { monotonicNow } from './monotonic.ts';
import { step } from './step.ts';
import type { Store } from './store.ts';
import { createFresh, createTake, openPage, orderView, shopfrontOf } from './testing/shop-rig.ts';

const shopfront = shopfrontOf({ times: { idleWarningMs: 30_000, idleEndMs: 20_000, resultMs: 15_000 } });
const fresh = createFresh();

function storeOf(start: Model): Store {
  let model = start;
  const listeners = new Set<() => void>();
  return {
    getModel: () => model,
    dispatch(action: Action) {
      model = step(model, action, fresh()).model;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const idle = openPage(createTake(fresh), shopfront);

describe('a customer who does not touch the screen', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function atHome(): Store {
    const store = storeOf(idle);
    store.dispatch({ kind: 'touched' });
    store.dispatch({ kind: 'language_chosen', language: 'zh' });
    return store;
  }

  it('is asked, and then forgotten', () => {
    const store = atHome();
    createIdleWatch({ store, monotonicNow });
    vi.advanceTimersByTime(30_000);
    expect(store.getModel().visit?.endsAt).toBe(monotonicNow() + 20_000);
    vi.advanceTimersByTime(20_000);
    expect(store.getModel().visit).toBeUndefined();
  });

  it('keeps everything by answering, as often as they like', () => {
    const store = atHome();
    createIdleWatch({ store, monotonicNow });
    for (let time = 0; time < 10; time++) {
      vi.advanceTimersByTime(45_000);
      expect(store.getModel().visit?.endsAt).toBeDefined();
      store.dispatch({ kind: 'still_here' });
    }
    expect(store.getModel().visit).toBeDefined();
  });

  it('has their whole time to answer when the wall clock is set meanwhile', () => {
    for (const byMs of [3_600_000, -3_600_000]) {
      const store = atHome();
      const watch = createIdleWatch({ store, monotonicNow });
      vi.advanceTimersByTime(30_000);
      vi.setSystemTime(Date.now() + byMs);
      // What arms the timer anew, such as a key that is no answer.
      watch.touch();
      vi.advanceTimersByTime(19_900);
      expect(store.getModel().visit).toBeDefined();
      vi.advanceTimersByTime(200);
      expect(store.getModel().visit).toBeUndefined();
    }
  });

  it('is not asked while they touch it', () => {
    const store = atHome();
    const watch = createIdleWatch({ store, monotonicNow });
    for (let time = 0; time < 10; time++) {
      vi.advanceTimersByTime(29_000);
      watch.touch();
    }
    expect(store.getModel().visit?.endsAt).toBeUndefined();
  });

  it('who hears the screen is asked also at the result, before it goes; who sees it count down is not', () => {
    const result = (on: boolean): Model => {
      const { model } = createTake(fresh)(idle, { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, { kind: 'speech_switched', on });
      return { ...model, visit: { ...model.visit!, stage: { kind: 'result', order: orderView({ state: 'paid', payment: { kind: 'free' } }), pickup: ['goods'], tender: undefined, feedback: 'open' } } };
    };
    expect(idleRule(result(false))).toEqual({ kind: 'end', afterMs: 15_000 });
    const store = storeOf(result(true));
    createIdleWatch({ store, monotonicNow });
    vi.advanceTimersByTime(30_000);
    expect(store.getModel().visit?.endsAt).toBe(monotonicNow() + 20_000);
    vi.advanceTimersByTime(20_000);
    expect(store.getModel().visit).toBeUndefined();
  });

  it('is not asked on the attract screen', () => {
    const store = storeOf(idle);
    createIdleWatch({ store, monotonicNow });
    vi.advanceTimersByTime(1_000_000);
    expect(store.getModel()).toEqual(idle);
  });
});
