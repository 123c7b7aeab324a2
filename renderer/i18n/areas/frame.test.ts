import { describe, expect, it } from 'vitest';
import { languages } from '../../../domain/language.ts';
import { frameWords } from './frame.ts';

/** Every text with its path; functions are asked with plain arguments. */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...given: unknown[]) => unknown)(2, 3))]];
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

describe.each(languages)('the words of the frame in %s', (language) => {
  const words = frameWords[language];

  it('a tool’s name begins with the word that is seen on it, so that whoever says what they see is understood', () => {
    const { tools, home } = words;
    for (const [seen, name] of [[tools.access, tools.accessName], [tools.lower, tools.lowerName], [tools.whole, tools.wholeName], [tools.help, tools.helpName], [home.search, home.searchName]] as const) {
      expect(name.startsWith(seen), name).toBe(true);
    }
  });

  it('keep to their own script, and never show a code or say "error"', () => {
    for (const [path, text] of textsOf(words, 'frame')) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|NaN|error|failed|fault|[A-Z]+_[A-Z]+|错误|失败|故障/i);
      if (language === 'en') expect(text, path).not.toMatch(/\p{Script=Han}/u);
      else expect(text.replace(/[\d\s￥×…/–]/g, ''), path).toMatch(/\p{Script=Han}|^$/u);
    }
  });
});
