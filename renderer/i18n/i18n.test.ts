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

  it('of a scanned code say nothing of a card’s payment, which may be unknown or done while they are shown', () => {
    const spoken = [...chinese, ...english].filter(([path]) => path.startsWith('words.scan.'));
    expect(spoken.length).toBeGreaterThan(10);
    for (const [path, text] of spoken) expect(text, path).not.toMatch(/nothing was charged(?! to it)|没有扣款/);
  });
});
