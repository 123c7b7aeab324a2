import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Keystroke, Wedge } from './wedge.ts';
import { noWedge, wedgeStep } from './wedge.ts';

type Key = Partial<Keystroke> & { readonly key: string; readonly gapMs: number };

/** Types keys, each so long after the one before. */
function type(keys: readonly Key[]): { readonly codes: string[]; readonly swallowed: string[]; readonly wedge: Wedge } {
  const codes: string[] = [];
  const swallowed: string[] = [];
  let wedge = noWedge;
  let atMs = 1000;
  for (const { gapMs, ...key } of keys) {
    atMs += gapMs;
    const next = wedgeStep(wedge, { isSpecial: false, isInField: false, atMs, ...key });
    wedge = next.wedge;
    if (next.code !== undefined) codes.push(next.code);
    if (next.swallow) swallowed.push(key.key);
  }
  return { codes, swallowed, wedge };
}

const typed = (text: string, gapMs: number, end = 'Enter', more: Partial<Keystroke> = {}): Key[] => [...[...text].map((key) => ({ key, gapMs, ...more })), { key: end, gapMs, ...more }];

describe('a scanner that types', () => {
  it.each([1, 5, 16, 30, 50])('a key every %d ms is heard, and its Enter presses no button', (gapMs) => {
    expect(type(typed('9524024000170', gapMs))).toMatchObject({ codes: ['9524024000170'], swallowed: ['Enter'], wedge: noWedge });
  });

  it('may end with Tab', () => {
    expect(type(typed('9524024000170', 5, 'Tab')).codes).toEqual(['9524024000170']);
  });

  it('types capitals with Shift', () => {
    const keys = typed('C24S:ABC-1', 3).flatMap((key) => (/[A-Z:]/.test(key.key) && key.key.length === 1 ? [{ key: 'Shift', gapMs: 1 }, key] : [key]));
    expect(type(keys).codes).toEqual(['C24S:ABC-1']);
  });

  it('does not press the button that has the focus by the blanks of a code', () => {
    expect(type(typed('HELLO KIOSK 24', 5)).swallowed).toEqual([' ', ' ', 'Enter']);
  });

  it('twice in a row is two codes', () => {
    expect(type([...typed('9524024000170', 5), ...typed('9524024000309', 5)]).codes).toEqual(['9524024000170', '9524024000309']);
  });

  it('after fingers is heard without what they typed', () => {
    expect(type([{ key: '1', gapMs: 300 }, { key: '3', gapMs: 150 }, { key: '9', gapMs: 300 }, { key: '9', gapMs: 400 }, ...typed('524024000170', 5)]).codes).toEqual(['9524024000170']);
  });

  it('is whole on a busy machine that hands on one of its keys late, wherever', () => {
    const keys = typed('9524024000170', 5);
    for (let late = 4; late < keys.length; late += 1) {
      expect(type(keys.map((key, index) => (index === late ? { ...key, gapMs: 250 } : key))).codes, `key ${late}`).toEqual(['9524024000170']);
    }
  });

  it('7 KB of rubbish are no code, hold no memory, and their Enter presses nothing', () => {
    const { codes, swallowed, wedge } = type(typed('x'.repeat(7168), 1));
    expect([codes, swallowed, wedge]).toEqual([[], ['Enter'], noWedge]);
    expect(type(typed('x'.repeat(7168), 1).slice(0, -1)).wedge.text).toBe('');
    expect(type([...typed('x'.repeat(7168), 1), ...typed('9524024000170', 5)]).codes).toEqual(['9524024000170']);
  });

  it('never has a character in a field eaten, nor one outside that is no blank', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.oneof(fc.constantFrom(' ', 'a', '1', 'Backspace', 'Shift'), fc.string({ minLength: 1, maxLength: 1 })), gapMs: fc.nat(120), isInField: fc.constant(true) }), { maxLength: 60 }), (keys) => {
        expect(type(keys).swallowed).toEqual([]);
      }),
    );
  });
});

describe('fingers', () => {
  it('are never taken for a scanner, whatever they type', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('1', '3', '9', 'a', ' ', 'Enter', 'Tab', 'Shift', 'Backspace'), fc.integer({ min: 51, max: 500 })), { maxLength: 60 }), (keys) => {
        const { codes, swallowed } = type(keys.map(([key, gapMs]) => ({ key, gapMs })));
        expect([codes, swallowed]).toEqual([[], []]);
      }),
    );
  });

  it('that fall on a few keys at once and on Enter are none', () => {
    expect(type(typed('asdfg', 10))).toMatchObject({ codes: [], swallowed: [] });
  });

  it('that begin fast and go on as fingers do are none', () => {
    expect(type([...typed('1391', 10).slice(0, -1), ...typed('2345678', 120)])).toMatchObject({ codes: [], swallowed: [] });
  });

  it('that wait before Enter press their button', () => {
    expect(type([...typed('9524024000170', 5).slice(0, -1), { key: 'Enter', gapMs: 251 }])).toMatchObject({ codes: [], swallowed: [] });
  });

  it.each(['Backspace', 'ArrowLeft', 'Escape', 'Process', 'Unidentified'])('%s in between is no part of a scan', (key) => {
    expect(type([...typed('95240240', 5).slice(0, -1), { key, gapMs: 5 }, ...typed('00170', 5)]).codes).toEqual([]);
  });

  it('that hold a key down, or use Ctrl, are none', () => {
    expect(type(typed('aaaaaaaaaaaa', 30, 'Enter', { isSpecial: true })).codes).toEqual([]);
  });
});
