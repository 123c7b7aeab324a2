import { describe, expect, it } from 'vitest';
import { isDistrict } from './districts.ts';

describe('the last step of an address', () => {
  it.each([['310115', '浦东新区'], ['429004', '仙桃市, led by its province'], ['441900', '东莞市, which has no districts'], ['460400', '儋州市'], ['620200', '嘉峪关市']])('may be %s (%s)', (code) => {
    expect(isDistrict(code)).toBe(true);
  });

  it.each([['310000', 'a province'], ['310100', 'a city that has districts'], ['440100', '广州市'], ['310199', 'nothing'], ['31011', 'too short'], ['constructor', 'no code'], ['', 'nothing']])('may not be "%s": %s', (code) => {
    expect(isDistrict(code)).toBe(false);
  });
});
