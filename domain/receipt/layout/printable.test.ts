import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geta, hasGbk } from './gbk-repertoire.ts';
import { printable } from './printable.ts';

describe('printable text', () => {
  test.each([
    ['¥12.50', '￥12.50'],
    ['€3.50', 'EUR3.50'],
    ['£1 10¢', '￡1 10￠'],
    ['• 一', '· 一'],
    ['“欢迎”——再来…', '“欢迎”——再来…'],
    ['People’s “Square” – now…', 'People\'s "Square" - now...'],
    ['Crème brûlée', 'Crème brulée'],
    ['Bjørn Öztürk, Straße', 'Bjorn Oztürk, Strasse'],
    ['™ © ® ½ −5', 'TM (C) (R) 1/2 -5'],
    ['ｱｲ', 'アイ'],
    ['面😀条', '面〓条'],
    ['👩‍👩‍👧', '〓'],
    ['🇨🇳', '〓'],
    ['1️⃣', '1'],
    ['\u{20bb7}野家', '〓野家'],
    ['한국', '〓〓'],
    ['①②×√', '①②×√'],
    ['a\tb\nc\u00a0d', 'a b c d'],
    ['a\u200bb\u00adc\ufeffd\u001b@e', 'abcd@e'],
    ['', ''],
  ])('%j prints as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test.each([
    ['张䶮', '张䶮'],
    ['𬭎😀', '𬭎〓'],
    ['𬭎\u{e0100}', '𬭎'],
    ['öé', 'oé'],
  ])('%j prints as %j where 䶮 and 𬭎 can be drawn', (text, expected) => {
    expect(printable(text, (character) => '䶮𬭎ö'.includes(character))).toBe(expected);
  });

  test('any text becomes something that GBK has whole, and stays so the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = printable(text);
        expect([...once].every((character) => hasGbk(character))).toBe(true);
        expect(printable(once)).toBe(once);
      }),
    );
  });

  test('nothing that can be seen goes without a trace', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        if (/[\p{L}\p{N}\p{S}]/u.test(text)) expect(printable(text).trim()).not.toBe('');
      }),
    );
    expect(printable('🧋')).toBe(geta);
  });
});
