import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScriptStep, Vocabulary } from './script.ts';
import { createScriptPlayer, parseScript } from './script.ts';

const vocabulary: Vocabulary = { moments: ['powered on', 'sending '], actions: ['drop', 'reboot'] };

describe('a script', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function player(script: readonly ScriptStep[]) {
    const performed: string[] = [];
    const made = createScriptPlayer(vocabulary, (step) => performed.push(step.do));
    expect(made.load(script).ok).toBe(true);
    return { ...made, performed, at: (name: string) => made.moment(name).map((step) => step.do) };
  }

  it('does each step once, at its moment and no other', () => {
    const { at, left } = player([{ at: 'sending 04 0f', do: 'drop' }]);
    expect(at('sending 06 0f')).toEqual([]);
    expect(at('sending 04 0f')).toEqual(['drop']);
    expect(at('sending 04 0f')).toEqual([]);
    expect(left()).toEqual([]);
  });

  it('lets moments go by, and does a step several times', () => {
    const { at } = player([{ at: 'sending 04 0f', do: 'drop', skip: 1, times: 2 }]);
    expect([at('sending 04 0f'), at('sending 04 0f'), at('sending 04 0f'), at('sending 04 0f')]).toEqual([[], ['drop'], ['drop'], []]);
  });

  it('performs what is due later, later', () => {
    const { at, performed } = player([{ at: 'powered on', do: 'reboot', afterMs: 500 }]);
    expect(at('powered on')).toEqual([]);
    vi.advanceTimersByTime(499);
    expect(performed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(performed).toEqual(['reboot']);
  });

  it('that is stopped performs nothing any more', () => {
    const { at, performed, stop } = player([{ at: 'powered on', do: 'reboot', afterMs: 500 }]);
    at('powered on');
    stop();
    vi.advanceTimersByTime(1000);
    expect(performed).toEqual([]);
  });

  it.each([
    ['no list', { at: 'powered on', do: 'drop' }, 'a script is a list of steps'],
    ['a step that is no object', ['drop'], 'step 1: is no object'],
    ['an unknown moment', [{ at: 'on fire', do: 'drop' }], 'step 1: "at" must be one of "powered on", "sending …"'],
    ['an unknown action', [{ at: 'powered on', do: 'explode' }], 'step 1: "do" must be one of drop, reboot'],
    ['a number that is none', [{ at: 'powered on', do: 'drop', afterMs: -1 }], 'step 1: "afterMs" must be a whole number, 0 or more'],
    ['an unknown key', [{ at: 'powered on', do: 'drop', when: 1 }], 'step 1: "when" is unknown'],
  ])('refuses %s in one sentence', (_what, script, sentence) => {
    expect(parseScript(script, vocabulary)).toEqual({ ok: false, error: sentence });
  });
});
