import { describe, expect, it } from 'vitest';
import { canSend, credentialsOf, fieldsOf, minutesOf, nextField, noTyped, typeInto } from './login-fields.ts';

const whole = { number: '10086', pin: '1234', code: '123456' };

describe('what is asked to be let in', () => {
  it('is number, PIN and code; with a card no number', () => {
    expect(fieldsOf(false)).toEqual(['number', 'pin', 'code']);
    expect(fieldsOf(true)).toEqual(['pin', 'code']);
  });
  it('takes digits alone, and no more than there are', () => {
    expect(typeInto(noTyped, 'number', '10 0a86', false).number).toBe('10086');
    expect(typeInto(noTyped, 'code', '1234567', false).code).toBe('123456');
  });
  it('takes a recovery code as it is printed', () => expect(typeInto(noTyped, 'code', 'ab12-cd34 ', true).code).toBe('AB12-CD34'));
  it('leads on to the first that is empty, and not past one that is missing', () => {
    expect(nextField(noTyped, false, false, 'number')).toBeUndefined();
    expect(nextField({ ...noTyped, number: '10086' }, false, false, 'number')).toBe('pin');
    expect(nextField({ ...whole, pin: '' }, false, false, 'code')).toBe('pin');
    expect(nextField(whole, false, false, 'code')).toBeUndefined();
  });
  it('can be sent when nothing is missing', () => {
    expect(canSend(whole, false, false)).toBe(true);
    expect(canSend({ ...whole, number: '' }, false, false)).toBe(false);
    expect(canSend({ ...whole, number: '' }, true, false)).toBe(true);
    expect(canSend({ ...whole, code: '12345' }, false, false)).toBe(false);
  });
  it('goes without a number where a card was scanned, whatever was typed before', () => {
    expect(credentialsOf(whole, true)).toEqual({ pin: '1234', code: '123456' });
    expect(credentialsOf(whole, false)).toEqual(whole);
  });
});

it('a number that is locked is so for a minute at least', () => {
  expect([0, 1, 60_000, 60_001].map(minutesOf)).toEqual([1, 1, 1, 2]);
});
