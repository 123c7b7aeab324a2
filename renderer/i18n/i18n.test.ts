import { describe, expect, it } from 'vitest';
import { wordsOf } from './language.ts';

/** Every text with its path; functions are asked with plain arguments. */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const said = (value as (...given: unknown[]) => unknown)(2, 3, 4);
    return typeof said === 'object' ? textsOf(said, path) : [[path, String(said)]];
  }
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

/** The other language by its own name, and the keys that lead to it. */
const namesTheOther = ['words.language.switchTo', 'words.details.keyboard.toLatin', 'words.details.keyboard.toChinese', 'words.details.keyboard.chineseNow', 'words.details.keyboard.latinNow'];

const chinese = textsOf(wordsOf.zh, 'words');
const english = textsOf(wordsOf.en, 'words');

describe('the words of both languages', () => {
  it('exist in both, under the same names', () => {
    expect(english.map(([path]) => path)).toEqual(chinese.map(([path]) => path));
  });

  it.each([...chinese, ...english])('%s says something: %s', (_, text) => {
    expect(text.trim()).not.toBe('');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('keep to their own script', () => {
    for (const [path, text] of english) if (!namesTheOther.includes(path)) expect(text, path).not.toMatch(/\p{Script=Han}/u);
    for (const [path, text] of chinese) if (!namesTheOther.includes(path)) expect(text.replace(/[\d\s\p{P}￥×→]/gu, ''), path).toMatch(/\p{Script=Han}|^$/u);
  });

  it('never show a code, never say "error"', () => {
    for (const [path, text] of [...chinese, ...english]) expect(text, path).not.toMatch(/error|failed|fault|[A-Z]+_[A-Z]+|错误|失败|故障/i);
  });

  it('write a unit of time out: a voice cannot tell what a lone letter means', () => {
    for (const [path, text] of english) expect(text, path).not.toMatch(/\d s(?!\p{L})/u);
    const { en } = wordsOf;
    expect([en.idle.text(25), en.finish.result.leaving(1), en.wallet.leftSpoken(1, 59)]).toEqual(['Everything is cleared in 25 seconds', 'Back to the start in 1 second', '1 minute 59 seconds']);
  });

  it('are written in Chinese as a shop writes them', () => {
    for (const [path, text] of chinese) expect(text, path).not.toMatch(/往下滑还有|暂不能|只办免费的|付款码没有使用|字的大小/);
    const { details, refusals, finish } = wordsOf.zh;
    expect([1, 3].map((free) => details.freeThenEach(free, '￥5.00'))).toEqual(['首份免费，之后每份 ￥5.00', '前 3 份免费，之后每份 ￥5.00']);
    // Goods and dishes are not counted with the same word.
    for (const text of [refusals.suggestion.set_quantity('2'), finish.review.take(2), finish.review.takeOf('红烧牛肉面', 2)]) expect(text).not.toMatch(/件|份/);
  });

  it('never send a customer to the staff for an age: they have no way to confirm it at the kiosk', () => {
    expect([wordsOf.zh.details.age(18), wordsOf.en.details.age(18)].map((text) => /柜台|counter/.test(text) && !/工作人员|staff/.test(text))).toEqual([true, true]);
  });

  it('of a scanned code say nothing of a card’s payment, which may be unknown or done while they are shown', () => {
    const spoken = [...chinese, ...english].filter(([path]) => path.startsWith('words.scan.'));
    expect(spoken.length).toBeGreaterThan(10);
    for (const [path, text] of spoken) expect(text, path).not.toMatch(/nothing was charged(?! to it)|没有扣款/);
  });
});
