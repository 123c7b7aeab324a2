import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinyinDictionary } from './pinyin-dictionary.ts';
import { createPinyinInput } from './pinyin-input.ts';
import type { Typed, Written } from './typing.ts';
import { agreedWith, firstTyping, typeKey, write } from './typing.ts';

const pinyin = createPinyinInput(pinyinDictionary());
const press = ({ typing, value }: Typed, id: string): Typed => typeKey(typing, id, value, typing.chinese ? pinyin.candidates(typing.letters, { names: true, before: value }) : []);
const typed = (keys: readonly string[], start: Typed = { typing: firstTyping(true), value: '' }) => keys.reduce(press, start);
const inChinese = (text: string) => typed([...text]);

describe('what a keyboard has written', () => {
  const start = (value = ''): Written => ({ typing: firstTyping(true), chosen: value, told: value });
  const key = (written: Written, id: string, most = 40) => write(written, id, pinyin.candidates(written.typing.letters, { names: true, before: written.chosen }), most);
  const keys = (text: string, from = start(), most = 40) => [...text].reduce((written, letter) => key(written, letter, most), from);

  it('holds letters before their character is chosen, so that they stay when the field is left', () => {
    expect(keys('wang').told).toBe('wang');
    expect(keys('wang', start('小')).told).toBe('小wang');
    const { told } = keys("xi'an");
    expect(told).toBe('xian');
    // The same field again, with a keyboard that knows nothing of it.
    expect(key(start(told), ' ').told).toBe('xian ');
  });

  it('puts the chosen character in their place', () => {
    expect(key(agreedWith(keys('wang'), 'wang'), ' ').told).toBe('王');
    expect(key(keys('wang', start('小')), ' ').told).toBe('小王');
  });

  it('takes what something else wrote as it is, and forgets its own letters', () => {
    const other = agreedWith(keys('wang'), 'Ada');
    expect(other).toMatchObject({ chosen: 'Ada', typing: { letters: '', chinese: true } });
    expect(key(other, '{erase}').told).toBe('Ad');
  });

  it('chooses a character at the very end of what fits', () => {
    const open = keys('zhuang', start('一二三'), 4);
    expect(open.told).toBe('一二三z');
    expect([...key(agreedWith(open, open.told), ' ', 4).told]).toHaveLength(4);
  });

  it('loses no letters to a key whose character no longer fits', () => {
    const open = keys('wo', start('一'.repeat(38)));
    expect(open.told).toBe(`${'一'.repeat(38)}wo`);
    expect(key(open, '，')).toEqual(open);
    expect(key(key(open, '，'), ' ').told).toBe(`${'一'.repeat(38)}我`);
    // What was longer before it came here can still become shorter.
    expect(key(start('一'.repeat(41)), '{erase}').told).toBe('一'.repeat(40));
  });
});

describe('what a key does', () => {
  it('keeps letters until a character is chosen, and chooses one after the other', () => {
    const letters = inChinese('wangxiaoming');
    expect(letters).toMatchObject({ value: '', typing: { letters: 'wangxiaoming' } });
    const place = pinyin.candidates('wangxiaoming', { names: true }).findIndex(({ text }) => text === '王');
    const surname = press(letters, `{${place}}`);
    expect(surname).toMatchObject({ value: '王', typing: { letters: 'xiaoming' } });
    expect(press(surname, ' ')).toMatchObject({ value: '王小明', typing: { letters: '' } });
  });

  it('takes the first choice by the space key, and writes a space where nothing is open', () => {
    expect(press(inChinese('wang'), ' ').value).toBe('王');
    expect(typed([' '], { typing: firstTyping(true), value: '王' }).value).toBe('王 ');
  });

  it('erases open letters before characters, and a character of two code units whole', () => {
    expect(press(inChinese('wang'), '{erase}')).toMatchObject({ value: '', typing: { letters: 'wan' } });
    expect(typed(['{erase}'], { typing: firstTyping(true), value: '王𠮷' }).value).toBe('王');
    expect(typed(['{erase}']).value).toBe('');
  });

  it('loses no letters when something else is typed: they go in as they are', () => {
    expect(press(inChinese('wang'), '3').value).toBe('wang3');
    expect(press(inChinese("xi'an"), '{language}')).toMatchObject({ value: 'xian', typing: { chinese: false, letters: '' } });
    expect(press(inChinese('vvv'), ' ').value).toBe('vvv');
  });

  it('writes one capital after shift', () => {
    expect(typed(['{language}', '{shift}', 'W', 'a', 'n', 'g']).value).toBe('Wang');
  });

  it('parts syllables by one apostrophe, never by one at the beginning', () => {
    expect(inChinese("'xi''an").typing.letters).toBe("xi'an");
  });

  it('clears everything', () => {
    expect(press({ ...inChinese('wang'), value: '李' }, '{clear}')).toMatchObject({ value: '', typing: { letters: '' } });
  });

  it('ends in a text after any keys, from which space and erase lead back to nothing', () => {
    const key = fc.constantFrom(...'abcxyzghinou', "'", '1', ' ', '，', '{erase}', '{shift}', '{signs}', '{language}', '{0}', '{3}', '{99}');
    fc.assert(fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
      let at = typed(keys);
      for (let turn = 0; turn < 500 && (at.value !== '' || at.typing.letters !== ''); turn += 1) at = press(at, '{erase}');
      expect(at).toMatchObject({ value: '', typing: { letters: '' } });
    }), { numRuns: 100 });
  });
});
