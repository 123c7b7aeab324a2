import { describe, expect, it } from 'vitest';
import { plain, readingsOf, wordsReading } from './readings.ts';

describe('a Chinese text as it is typed', () => {
  it('is its pinyin without tones, ü as v, with the syllables marked', () => {
    expect(readingsOf('绿茶')[0]).toEqual({ letters: 'lvcha', starts: 0b101, initials: 'lc' });
  });

  it('keeps letters and digits between the characters, whole in the initials', () => {
    expect(readingsOf('USB 充电线 5G')[0]).toMatchObject({ letters: 'usbchongdianxian5g', initials: 'usbcdx5g' });
  });

  it.each([
    ['重庆小面', 'chongqingxiaomian', 'zhongqingxiaomian'],
    ['长沙臭豆腐', 'changshachoudoufu', 'zhangshachoudoufu'],
    ['银行卡套', 'yinhangkatao', 'yinxingkatao'],
    ['可乐', 'kele', 'keyue'],
  ])('%s is read in the usual way first, and in the other', (text, usual, other) => {
    const letters = readingsOf(text).map((reading) => reading.letters);
    expect(letters[0]).toBe(usual);
    expect(letters).toContain(other);
  });

  it('has no more than eight readings', () => {
    expect(readingsOf('长长重重行行乐乐').length).toBe(8);
  });
});

describe('a text of words', () => {
  it('loses accents, case, signs and spaces, and keeps where words begin', () => {
    expect(wordsReading('Crème  Brûlée (2x)')).toEqual({ letters: 'cremebrulee2x', starts: 0b100000100001, initials: 'cb2' });
  });

  it('is the same in full width', () => {
    expect(plain('Ｃｏｌａ　５００ｍｌ')).toBe('cola 500ml');
  });
});
