import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import type { FieldFault } from './form.ts';

const digits = 11;

/** A mobile number of the People's Republic of China as it is dialled there: eleven digits, of a prefix that is given out. */
export function isPhoneNumber(value: string): boolean {
  if (!/^1\d{10}$/.test(value) || value.length !== digits) return false;
  const parsed = parsePhoneNumberFromString(value, 'CN');
  // A carrier code that was stripped off would leave another number than the one that was typed.
  return parsed !== undefined && parsed.country === 'CN' && parsed.nationalNumber === value && parsed.isValid();
}

/** What is the matter with a number that was typed whole; undefined where nothing is. */
export function phoneFault(value: string): FieldFault | undefined {
  const early = phoneFaultWhileTyping(value);
  if (early) return early;
  if (value.length < digits) {
    return { code: 'phone_invalid', text: { zh: `手机号是 ${digits} 位，还差 ${digits - value.length} 位`, en: `A mobile number has ${digits} digits. ${digits - value.length} more to go` } };
  }
  return isPhoneNumber(value) ? undefined : { code: 'phone_invalid', text: { zh: '没有这个手机号，请再核对一遍', en: 'This mobile number does not exist. Please check it' } };
}

/** What is wrong already with the digits so far, whatever comes after them. */
export function phoneFaultWhileTyping(value: string): FieldFault | undefined {
  if (/\D/.test(value)) return { code: 'phone_invalid', text: { zh: '手机号里只有数字', en: 'A mobile number has digits only' } };
  if (value.length > digits) return { code: 'phone_invalid', text: { zh: `手机号是 ${digits} 位，多了 ${value.length - digits} 位`, en: `A mobile number has ${digits} digits. This has ${value.length - digits} too many` } };
  const prefix = wrongPrefix(value);
  return prefix === undefined ? undefined : { code: 'phone_invalid', text: { zh: `手机号没有 ${prefix} 开头的，请核对一下`, en: `No mobile number begins with ${prefix}. Please check it` } };
}

/** The shortest beginning that no mobile number has. Numbers are given out by their first five digits at most. */
function wrongPrefix(value: string): string | undefined {
  if (value.length > 0 && !value.startsWith('1')) return value.slice(0, 1);
  if (value.length > 1 && !/^1[3-9]/.test(value)) return value.slice(0, 2);
  if (value.length < 3 || isGivenOut(value.slice(0, 5))) return undefined;
  for (let length = 3; length <= Math.min(value.length, 5); length++) {
    const prefix = value.slice(0, length);
    if (!isGivenOut(prefix)) return prefix;
  }
  return undefined;
}

function isGivenOut(prefix: string): boolean {
  const open = 5 - prefix.length;
  return Array.from({ length: 10 ** open }, (_, index) => (open === 0 ? '' : String(index).padStart(open, '0'))).some((rest) => isPhoneNumber(`${prefix}${rest}000000`));
}
