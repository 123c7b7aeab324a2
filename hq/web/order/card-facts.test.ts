import { expect, test } from 'vitest';
import { en } from '../i18n/en.ts';
import { cardFacts, cardInOneLine } from './card-facts.ts';

test('what the terminal told is there to be compared with its journal, its clock as it wrote it', () => {
  const card = { cardName: 'UnionPay', maskedPan: '************4242', terminalId: '52500038', traceNumber: '000101', receiptNumber: '0001', date: '1122', time: '130502' };
  expect(Object.fromEntries(cardFacts(card, en))).toEqual({
    Card: 'UnionPay ************4242', Terminal: '52500038', Trace: '000101', 'Card receipt': '0001', 'Terminal’s clock': '11-22 13:05:02',
  });
});

test('its last transaction is told in one line', () => {
  expect(cardInOneLine({ cardName: 'UnionPay', maskedPan: '************4242', receiptNumber: '0043', date: '1122' }, en)).toBe('Card UnionPay ************4242 · Card receipt 0043 · Terminal’s clock 11-22');
  expect(cardInOneLine(null, en)).toBe('');
});

test('what it did not tell is empty, and so left out', () => {
  expect(cardFacts({ time: '130502' }, en).filter(([, value]) => value)).toEqual([['Terminal’s clock', '13:05:02']]);
  expect(cardFacts(null, en).filter(([, value]) => value)).toEqual([]);
});
