import { expect, it } from 'vitest';
import { deviceCodes } from '../device/codes.ts';
import { errorRegistry } from './errors.ts';
import { faultAdvice, faultWords } from './fault-advice.ts';

it('every code of the registry has been thought about, and no other stands here', () => {
  expect(Object.keys(faultAdvice).sort()).toEqual(Object.keys(errorRegistry).sort());
});

it('whatever ends selling says what to do, but for what is only the consequence of another', () => {
  const ending = Object.entries(errorRegistry).filter(([code, { selling }]) => !selling && code !== 'OUT_OF_SERVICE').map(([code]) => code);
  expect(ending.filter((code) => faultWords(code) === undefined)).toEqual([]);
});

it('every state of a device that is not well has its advice, and one that is well is no fault', () => {
  for (const [code, { severity }] of Object.entries(deviceCodes)) expect(faultWords(code) === undefined, code).toBe(severity === 'ok');
});

it('says it in both languages', () => {
  for (const [code, words] of Object.entries(faultAdvice)) {
    if (!words) continue;
    for (const { zh, en } of [words.text, words.advice]) {
      expect(zh, code).toMatch(/\p{Script=Han}/u);
      expect(en, code).not.toMatch(/\p{Script=Han}/u);
      expect(en.length, code).toBeGreaterThan(5);
    }
  }
});

it('knows nothing of a code that is no fault', () => {
  expect(faultWords('constructor')).toBeUndefined();
  expect(faultWords('ORDER_UNKNOWN')).toBeUndefined();
});
