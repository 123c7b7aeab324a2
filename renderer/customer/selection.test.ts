import { describe, expect, it } from 'vitest';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import type { Model } from '../state/model.ts';
import { noModel } from '../state/model.ts';
import { createFactsMemo, createSelection } from './selection.ts';

describe('a part of the model', () => {
  it('is the same object while its first level is, however often the model changes', () => {
    let model: Model = noModel;
    let asked = 0;
    const read = createSelection(() => model, ({ core, help, notice }) => {
      asked += 1;
      return { core, help, shown: notice !== undefined };
    });
    const first = read();
    expect(read()).toBe(first);
    expect(asked).toBe(1);
    model = { ...model, moment: { at: 60_000, weekday: 1, minute: 1 } };
    expect(read()).toBe(first);
    expect(asked).toBe(2);
    model = { ...model, core: 'open' };
    expect(read()).toEqual({ core: 'open', help: { kind: 'none' }, shown: false });
    expect(read()).not.toBe(first);
  });

  it('changes with anything in a list, its length too', () => {
    let list: readonly number[] = [1, 2];
    let model: Model = noModel;
    const read = createSelection(() => model, () => [...list]);
    const first = read();
    const step = (next: readonly number[]) => {
      list = next;
      model = { ...model };
      return read();
    };
    expect(step([1, 2])).toBe(first);
    expect(step([1, 2, 3])).toEqual([1, 2, 3]);
    expect(step([2, 1, 3])).toEqual([2, 1, 3]);
  });

  it('may be undefined, and is told from an empty object', () => {
    let model: Model = noModel;
    const read = createSelection(() => model, ({ visit }) => visit);
    expect(read()).toBeUndefined();
    expect(read()).toBeUndefined();
    model = { ...model };
    expect(read()).toBeUndefined();
  });
});

describe('the facts of the rules', () => {
  it('are made again for a new minute, and not for a touch', () => {
    let made = 0;
    const factsOf = createFactsMemo(() => {
      made += 1;
      return { maxTotal: made } as RuleFacts;
    });
    const moment = { at: 0, weekday: 4, minute: 0 };
    const first = factsOf({ ...noModel, moment });
    expect(factsOf({ ...noModel, moment })).toBe(first);
    expect(made).toBe(1);
    expect(factsOf({ ...noModel, moment: { ...moment, minute: 1 } })).not.toBe(first);
  });
});
