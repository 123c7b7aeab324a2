import { describe, expect, it } from 'vitest';
import { decisionsFor } from '../../../domain/attention/attention.ts';
import { staffMethods, staffRequestOf } from '../../../domain/contract/staff.ts';
import { noticeOf, noticeTexts, plainNotice, staffManageWords } from './staff-manage.ts';
import { staffOrdersWords } from './staff-orders.ts';
import { staffStockWords } from './staff-stock.ts';
import { staffWords } from './staff.ts';

/** Every text with its path; functions are asked with plain arguments. */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...given: unknown[]) => unknown)(2, 3, 4, 5))]];
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

const areas = { frame: staffWords, stock: staffStockWords, orders: staffOrdersWords, manage: staffManageWords };
const all = (language: 'zh' | 'en') => Object.entries(areas).flatMap(([name, words]) => textsOf(words[language], name));
const [chinese, english] = [all('zh'), all('en')];

describe('the words of the staff', () => {
  it('exist in both languages, under the same names', () => expect(english.map(([path]) => path)).toEqual(chinese.map(([path]) => path)));

  it('say something, each of them', () => {
    for (const [path, text] of [...chinese, ...english]) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('keep to their own script', () => {
    for (const [path, text] of english) if (path !== 'frame.toOther') expect(text, path).not.toMatch(/\p{Script=Han}/u);
    for (const [path, text] of chinese) if (path !== 'frame.toOther') expect(text.replace(/[\d\s\p{P}+−]/gu, ''), path).toMatch(/\p{Script=Han}|^$/u);
  });

  it('never show a code', () => {
    for (const [path, text] of [...chinese, ...english]) expect(text, path).not.toMatch(/[A-Z]+_[A-Z]+|\b[a-z]+_[a-z]+\b/);
  });

  it('name everything that stands in the audit', () => {
    for (const method of staffMethods.filter((name) => staffRequestOf(name).audited)) {
      expect(staffManageWords.zh.audit.acts[method], method).toBeDefined();
      expect(staffManageWords.en.audit.acts[method], method).toBeDefined();
    }
  });

  it('tell the decisions of one matter apart', () => {
    for (const decisions of Object.values(decisionsFor)) for (const words of [staffOrdersWords.zh, staffOrdersWords.en]) expect(new Set(decisions.map((decision) => words.decisions[decision].name)).size).toBe(decisions.length);
  });

  it('of a pause that were written in one language say something in the other', () => {
    expect(noticeOf('own', { zh: ' 搬货，十点回来 ', en: '' })).toEqual({ zh: '搬货，十点回来', en: plainNotice.en });
    expect(noticeOf('own', { zh: '', en: 'Moving in' })).toEqual({ zh: plainNotice.zh, en: 'Moving in' });
    expect(noticeOf('own', { zh: ' ', en: '' })).toBeUndefined();
    expect(noticeOf('none', { zh: '写了', en: '' })).toBeUndefined();
    expect(noticeOf('closed', { zh: '', en: '' })).toBe(noticeTexts.closed);
  });

  it('of a pause are not longer than core takes', () => {
    for (const { zh, en } of Object.values(noticeTexts)) for (const text of [zh, en]) expect(text.length).toBeLessThanOrEqual(300);
  });
});
