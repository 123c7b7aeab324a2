import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Begun, Held } from './meet.ts';
import { linesThatDiffer, meet } from './meet.ts';

const held = (version: number, value: unknown, by = `editor ${version}`): Held<unknown> => ({ version, by, at: version * 1000, value });
const begin = (typed: unknown, over: Held<unknown>): Begun<unknown> => ({ typed, over });

describe('a form that is read again while a person types', () => {
  test('who has typed nothing sees what is newest', () => {
    expect(meet(held(2, { a: 2 }), undefined)).toEqual({ value: { a: 2 }, over: held(2, { a: 2 }), newer: undefined });
  });

  test('what is typed stays, and what somebody else has saved meanwhile is told of with its author', () => {
    const begun = begin({ a: 'mine' }, held(1, { a: 'first' }));
    expect(meet(held(2, { a: 'theirs' }, 'ana'), begun)).toEqual({ value: { a: 'mine' }, over: held(1, { a: 'first' }), newer: held(2, { a: 'theirs' }, 'ana') });
  });

  test('what another part of the same draft has become takes nothing away: the next save goes over the newest', () => {
    const begun = begin({ a: 'mine' }, held(1, { a: 'first', b: [1] }));
    expect(meet(held(5, { b: [1], a: 'first' }), begun)).toMatchObject({ over: { version: 5 }, newer: undefined });
  });

  test('what somebody has only moved is something else, too', () => {
    const over = held(1, [{ id: 'a' }, { id: 'b' }]);
    expect(meet(held(2, [{ id: 'b' }, { id: 'a' }]), begin([{ id: 'a' }, { id: 'b' }, { id: 'c' }], over))).toMatchObject({ over, newer: { version: 2 } });
  });

  test('two who type the same are not held against each other', () => {
    expect(meet(held(2, { a: 'same' }), begin({ a: 'same' }, held(1, { a: 'first' })))).toMatchObject({ over: { version: 2 }, newer: undefined });
  });

  test('what was taken back is not called the work of whoever made what stands there again', () => {
    expect(meet(held(1, { a: 'general' }, 'ana'), begin({ a: 'mine' }, held(4, { a: 'own' }))).newer).toMatchObject({ version: 1, by: null, at: null });
    expect(meet<unknown>({ version: 0, by: 'ana', at: 1, value: undefined }, begin({ a: 'mine' }, held(4, { a: 'own' })))).toMatchObject({ value: { a: 'mine' }, newer: { by: null, value: undefined } });
  });

  test('what a form keeps beside what is saved makes no difference', () => {
    const said = (value: unknown) => (value as { readonly name: string }).name.trim();
    expect(meet(held(2, { key: 'x', name: 'A' }), begin({ key: 'y', name: 'B' }, held(1, { key: 'z', name: ' A' })), said)).toMatchObject({ over: { version: 2 }, newer: undefined });
  });

  test('whatever comes, what is typed is what is shown, and a save goes over nothing that differs from what was seen or typed', () => {
    const value = fc.record({ name: fc.constantFrom('a', 'b', 'c'), stops: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }) });
    fc.assert(fc.property(value, value, fc.array(fc.option(value, { nil: undefined }), { maxLength: 8 }), (first, typed, later) => {
      const begun = begin(typed, held(1, first));
      later.forEach((next, index) => {
        const newest = held(index + 2, next);
        const met = meet(newest, begun);
        expect(met.value).toEqual(typed);
        if (met.newer === undefined) expect([first, typed]).toContainEqual(met.over.value);
        else expect(met.over.version).toBe(1);
      });
    }));
  });
});

test('the difference names each line that is not the same, also one that only one side has', () => {
  expect(linesThatDiffer({ 'Slot A1': 'cola', 'Slot A2': 'tea' }, { 'Slot A1': 'cola', 'Slot A2': 'water', 'Slot B1': 'gum' })).toEqual([
    { name: 'Slot A2', theirs: 'tea', mine: 'water' }, { name: 'Slot B1', theirs: '', mine: 'gum' },
  ]);
});
