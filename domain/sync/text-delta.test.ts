import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textDeltaSchema } from '../contract/hq-down.ts';
import type { TextDelta } from '../contract/hq-down.ts';
import { applyTextDelta, makeTextDelta, maxTextLength } from './text-delta.ts';

function delta(oldText: string, newText: string): TextDelta {
  const made = makeTextDelta(oldText, newText);
  if (!made) throw new Error('no delta fits');
  return textDeltaSchema.parse(made);
}

const sizeOf = (made: TextDelta) => JSON.stringify(made).length;

/** A catalogue as HQ publishes it: some fifty lines an offer, most of which stand in every other. */
function catalogueText(offers: number, change: (offer: { id: string; price: number }) => void = () => {}, leaveOut: readonly number[] = []): string {
  const list = Array.from({ length: offers }, (_, index) => {
    const offer = {
      id: `offer-${index}`, categoryId: `category-${index % 20}`, name: { zh: `商品 ${index}`, en: `Offer ${index}` }, description: { zh: '好', en: 'Good' },
      picture: { kind: 'drawing', name: 'tea', tint: 'sand' }, price: 100 * (index % 37), taxPerMille: 130, fulfilment: { kind: 'goods', initialStock: 5 },
      options: [{ id: 'size', name: { zh: '规格', en: 'Size' }, min: 1, max: 1, choices: ['small', 'large'].map((id) => ({ id, name: { zh: id, en: id }, price: 0 })), preselected: ['small'] }],
      form: [], maxPerOrder: 9,
    };
    change(offer);
    return offer;
  });
  return JSON.stringify({ revision: 1, offers: list.filter((_, index) => !leaveOut.includes(index)) }, undefined, 2);
}

describe('a delta', () => {
  const line = fc.constantFrom('', '{', '},', '  "price": 300', 'a', 'b', 'one', 'two', 'three', '\r', '中文');
  const text = fc.array(line, { maxLength: 40 }).map((lines) => lines.join('\n'));

  it('makes the new text of the old one, whatever they are', () => {
    fc.assert(fc.property(text, text, (oldText, newText) => {
      expect(applyTextDelta(oldText, delta(oldText, newText))).toEqual({ ok: true, value: newText });
    }), { numRuns: 3000 });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (oldText, newText) => {
      expect(applyTextDelta(oldText, delta(oldText, newText))).toEqual({ ok: true, value: newText });
    }), { numRuns: 500 });
  });

  it('makes the new text after lines were moved, left out, doubled and put in between', () => {
    const edits = fc.array(fc.tuple(fc.nat(200), fc.nat(200), fc.constantFrom('move', 'drop', 'double', 'insert')), { maxLength: 12 });
    fc.assert(fc.property(edits, (steps) => {
      const oldText = catalogueText(8);
      const lines = oldText.split('\n');
      for (const [from, to, kind] of steps) {
        const [taken] = kind === 'insert' ? ['new line'] : lines.slice(from, from + 1);
        if (taken === undefined) continue;
        if (kind === 'move' || kind === 'drop') lines.splice(from, 1);
        if (kind !== 'drop') lines.splice(to, 0, taken);
      }
      const newText = lines.join('\n');
      const made = delta(oldText, newText);
      expect(applyTextDelta(oldText, made)).toEqual({ ok: true, value: newText });
      expect(sizeOf(made)).toBeLessThan(200 + steps.length * 400);
    }));
  });

  it('is one copy where nothing changed', () => {
    const text = catalogueText(50);
    expect(delta(text, text)).toEqual([[0, text.split('\n').length]]);
  });

  it('is small for a small change of a catalogue of 2,000 offers, and quickly made', () => {
    const oldText = catalogueText(2000);
    expect(oldText.split('\n').length).toBeGreaterThan(95_000);
    const newText = catalogueText(2000, (offer) => {
      if (offer.id === 'offer-7' || offer.id === 'offer-1500') offer.price += 50;
    }, [900, 1999]);
    const startedAt = performance.now();
    const made = delta(oldText, newText);
    expect(applyTextDelta(oldText, made)).toEqual({ ok: true, value: newText });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(sizeOf(made)).toBeLessThan(600);
  });

  it('is small where each tenth price changed, and where new offers came in between', () => {
    const oldText = catalogueText(2000);
    const newText = catalogueText(2000, (offer) => {
      if (offer.id.endsWith('3')) offer.price += 1;
    });
    expect(sizeOf(delta(oldText, newText))).toBeLessThan(newText.length / 100);
    const without = catalogueText(2000, () => {}, [5, 1000, 1001]);
    expect(sizeOf(delta(without, oldText))).toBeLessThan(6_000);
  });

  it('takes bounded time where no line stands once', () => {
    const oldText = Array.from({ length: 100_000 }, (_, index) => `line ${index % 2}`).join('\n');
    const newText = Array.from({ length: 100_000 }, (_, index) => `line ${index % 3 === 0 ? 0 : 1}`).join('\n');
    const startedAt = performance.now();
    expect(applyTextDelta(oldText, delta(oldText, newText))).toEqual({ ok: true, value: newText });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('has no more operations than the contract allows', () => {
    const oldText = Array.from({ length: 120_000 }, (_, index) => `${index}`).join('\n');
    const newText = Array.from({ length: 120_000 }, (_, index) => `${index % 2 === 0 ? index : 'x'}`).join('\n');
    expect(applyTextDelta(oldText, delta(oldText, newText))).toEqual({ ok: true, value: newText });
  });

  it('is none where a line is longer than the contract allows; many lines are cut into several literals', () => {
    expect(makeTextDelta('', 'x'.repeat(4_000_001))).toBeUndefined();
    const newText = `${'x'.repeat(3_000_000)}\n${'y'.repeat(3_000_000)}`;
    expect(applyTextDelta('', delta('', newText))).toEqual({ ok: true, value: newText });
  });
});

describe('a delta that does not fit', () => {
  it.each<[string, TextDelta]>([
    ['empty', []], ['lines beyond the end', [[0, 4]]], ['lines that begin beyond the end', [[3, 1]]], ['a negative line', [[-1, 2]]], ['no lines', [[0, 0]]],
    ['half a line', [[0.5, 1]]], ['more than numbers hold', [[Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]]],
  ])('is refused: %s', (_name, hostile) => {
    expect(applyTextDelta('a\nb\nc', hostile)).toMatchObject({ ok: false });
  });

  it('cannot make an endless text of a short one', () => {
    const oldText = 'x'.repeat(1000);
    const startedAt = performance.now();
    expect(applyTextDelta(oldText, Array.from({ length: 100_000 }, () => [0, 1]))).toMatchObject({ ok: false });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const most = Math.floor(maxTextLength / 1001);
    expect(applyTextDelta(oldText, Array.from({ length: most }, () => [0, 1]))).toMatchObject({ ok: true });
  });

  it('never throws, whatever comes', () => {
    const part = fc.oneof(fc.string(), fc.tuple(fc.integer(), fc.integer()));
    fc.assert(fc.property(fc.string(), fc.array(part), (oldText, hostile) => {
      const made = applyTextDelta(oldText, hostile);
      if (made.ok) expect(made.value.length).toBeLessThanOrEqual(maxTextLength);
    }));
  });
});
