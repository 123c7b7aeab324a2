import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listenForScans } from './scan-listener.ts';

/** As much of a browser as the listener uses: there is none in these tests. */
class Field extends EventTarget {
  #value = '';
  get value() {
    return this.#value;
  }
  set value(value: string) {
    this.#value = value;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('HTMLInputElement', Field);
  vi.stubGlobal('HTMLTextAreaElement', class extends Field {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function page() {
  const codes: string[] = [];
  let hear: (event: unknown) => void = () => {};
  listenForScans({ addEventListener: (_type: string, listener: (event: unknown) => void) => (hear = listener) } as unknown as Window, (code) => codes.push(code));
  let atMs = 0;
  /** Keys into a field or onto a button; a field gets what is not prevented, after the listener has seen it. */
  function type(text: string, gapMs: number, target: EventTarget = new EventTarget(), end = 'Enter'): string[] {
    const prevented: string[] = [];
    for (const key of [...text, ...(end ? [end] : [])]) {
      atMs += gapMs;
      let isPrevented = false;
      hear({ key, timeStamp: atMs, target, repeat: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, preventDefault: () => (isPrevented = true), stopPropagation: () => {} });
      if (isPrevented) prevented.push(key);
      else if (target instanceof Field && key.length === 1) target.value += key;
    }
    return prevented;
  }
  return { codes, type };
}

it('a scan is told, and its Enter does not reach the page', () => {
  const { codes, type } = page();
  expect(type('9524024000170', 5)).toEqual(['Enter']);
  expect(codes).toEqual(['9524024000170']);
});

it('a scan into a field is told, and the field has what it had before, and says so', () => {
  const { codes, type } = page();
  const field = new Field();
  const said: string[] = [];
  field.addEventListener('input', () => said.push(field.value));
  type('139', 200, field, '');
  vi.advanceTimersByTime(1000);
  expect(type('134567890123456789', 5, field)).toEqual(['Enter']);
  expect([codes, field.value, said]).toEqual([['134567890123456789'], '139', ['139']]);
});

it.each([1025, 7168])('%d characters are no code, and are taken out of the field again', (length) => {
  const { codes, type } = page();
  const field = new Field();
  field.value = '139';
  expect(type('x'.repeat(length), 1, field)).toEqual(['Enter']);
  expect([codes, field.value]).toEqual([[], '139']);
  type('9524024000170', 5, field);
  expect([codes, field.value]).toEqual([['9524024000170'], '139']);
});

it('what fingers type into a field stays there, and their Enter is theirs', () => {
  const { codes, type } = page();
  const field = new Field();
  expect(type('13912345678', 90, field)).toEqual([]);
  expect([codes, field.value]).toEqual([[], '13912345678']);
});

it('half a scan is forgotten soon after', () => {
  const { codes, type } = page();
  type('13456789', 5, new EventTarget(), '');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  type('0123', 5);
  expect(codes).toEqual([]);
});
