import type { CartLine } from '../cart/cart.ts';
import type { FormField } from '../catalogue/form.ts';
import { askedFields } from '../catalogue/form.ts';
import type { Offer } from '../catalogue/offer.ts';
import { fieldsOf } from '../catalogue/offer.ts';
import type { Bilingual } from '../language.ts';
import { idCardCheck, isBirthday } from './id-card.ts';
import { phoneFault, phoneFaultWhileTyping } from './phone.ts';
import { fitsProvince } from './postcode.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import { inText, refusalOf, removeLine } from './rule.ts';

/** What is the matter with one field. `text` stands below it, without the field's name. */
export interface FieldFault {
  readonly code: Extract<RefusalCode, 'form_missing' | 'form_invalid' | 'phone_invalid' | 'address_invalid'>;
  readonly text: Bilingual;
}

type Form = Readonly<Record<string, string>>;
type IsDistrict = (code: string) => boolean;

/**
 * What is the matter with a field as it was left; undefined where nothing is. Page and core judge by this alone. Spaces around a value do not count.
 * @param form all values of the same form: a postcode goes by the field "district"
 * @param isDistrict whether a six-digit code names a county or district
 */
export function checkField(field: FormField, given: string, form: Form, isDistrict: IsDistrict): FieldFault | undefined {
  const value = given.trim();
  if (value === '') return field.required ? missing(field) : undefined;
  switch (field.kind) {
    case 'phone':
      return phoneFault(value);
    case 'name':
      if (!/^[\p{L}\p{M} .·•'’-]*$/u.test(value) || !/\p{L}/u.test(value)) return invalid('姓名里只能有文字', 'A name has letters only');
      return value.length > longestName ? tooLong(longestName) : undefined;
    case 'text':
    case 'street':
      return lineFault(field, value);
    case 'digits':
      return digitsFaultWhileTyping(value, field.maxLength) ?? (value.length < field.minLength ? tooFewDigits(field, value) : undefined);
    case 'id_card':
      return idCardFaultWhileTyping(value) ?? (value.length < 18 ? invalid(`身份证号是 18 位，还差 ${18 - value.length} 位`, `An ID card number has 18 characters. ${18 - value.length} more to go`) : undefined);
    case 'choice':
      return field.choices.some(({ id }) => id === value) ? undefined : invalid('请重新选择', 'Please choose again');
    case 'district':
      return /^\d{6}$/.test(value) && isDistrict(value) ? undefined : address('请选择到区县', 'Please choose down to the district');
    case 'postcode':
      return postcodeFault(value, (form['district'] ?? '').trim(), isDistrict);
    case 'consent':
      return value === field.version ? undefined : invalid('条款有更新，请重新阅读并同意', 'The terms have changed. Please read and agree again');
  }
}

/** What is wrong already, while more may come: a beginning that no number has, a wrong character, too many of them. Never that something is missing. */
export function checkWhileTyping(field: FormField, value: string): FieldFault | undefined {
  switch (field.kind) {
    case 'phone':
      return phoneFaultWhileTyping(value);
    case 'digits':
      return digitsFaultWhileTyping(value, field.maxLength);
    case 'id_card':
      return idCardFaultWhileTyping(value);
    case 'postcode':
      return /^\d{0,6}$/.test(value) ? undefined : notSixDigits;
    case 'name':
      return /\d/.test(value) ? invalid('姓名里只能有文字', 'A name has letters only') : undefined;
    default:
      return undefined;
  }
}

/** What is the matter with each field that is asked now, by its id. */
export function checkForm(fields: readonly FormField[], form: Form, isDistrict: IsDistrict): ReadonlyMap<string, FieldFault> {
  return new Map(askedFields(fields, form).flatMap((field) => {
    const fault = checkField(field, form[field.id] ?? '', form, isDistrict);
    return fault ? [[field.id, fault] as const] : [];
  }));
}

/** The form of one line: each field that is asked is right, and nothing else was filled in. */
export function checkFormOf(offer: Offer, line: CartLine, isDistrict: IsDistrict): readonly Refusal[] {
  const fields = fieldsOf(offer);
  const name = inText(offer.name);
  const asked = askedFields(fields, line.form);
  const unasked = Object.keys(line.form).filter((id) => line.form[id]!.trim() !== '' && !asked.some((field) => field.id === id));
  const leftOver = unasked.map((id): Refusal => {
    const text = { zh: `${name.zh}：填写的内容有变化，请核对一遍`, en: `${name.en}: what is asked has changed. Please check it` };
    const governing = governingField(fields, asked, id);
    return refusalOf({ code: 'form_invalid', text }, line, governing ? { kind: 'fill_in', lineId: line.id, field: governing.id } : removeLine(line));
  });
  const faults = checkForm(fields, line.form, isDistrict);
  return [...leftOver.slice(0, 1), ...asked.flatMap((field): Refusal[] => {
    const fault = faults.get(field.id);
    if (!fault) return [];
    const label = inText(field.label);
    const text = { zh: `${name.zh}，${label.zh}：${fault.text.zh}`, en: `${name.en}, ${label.en}: ${fault.text.en}` };
    return [refusalOf({ code: fault.code, text }, line, { kind: 'fill_in', lineId: line.id, field: field.id })];
  })];
}

/** The asked field whose answer has made a field unasked. Undefined where the offer knows no such field. */
function governingField(fields: readonly FormField[], asked: readonly FormField[], id: string): FormField | undefined {
  const condition = fields.find((field) => field.id === id)?.when;
  if (!condition) return undefined;
  return asked.find((field) => field.id === condition.field) ?? governingField(fields, asked, condition.field);
}

const longestName = 50;
const notSixDigits = address('邮政编码是 6 位数字', 'A postcode has 6 digits');

function postcodeFault(value: string, district: string, isDistrict: IsDistrict): FieldFault | undefined {
  if (!/^\d{6}$/.test(value)) return notSixDigits;
  return isDistrict(district) && !fitsProvince(value, district) ? address('邮政编码和所选地区不符', 'This postcode is not of the chosen region') : undefined;
}

/** One line of text as people write it. A street needs more than a sign. */
function lineFault(field: Extract<FormField, { kind: 'text' | 'street' }>, value: string): FieldFault | undefined {
  const { minLength, maxLength } = field.kind === 'text' ? field : { minLength: 2, maxLength: 120 };
  const code = field.kind === 'street' ? 'address_invalid' : 'form_invalid';
  if (/\p{Cc}/u.test(value)) return { code, text: { zh: '请重新填写', en: 'Please type it again' } };
  if (value.length > maxLength) return { ...tooLong(maxLength), code };
  return value.length < minLength ? { code, text: { zh: `太短了，至少 ${minLength} 个字`, en: `Too short: at least ${minLength} characters` } } : undefined;
}

function digitsFaultWhileTyping(value: string, maxLength: number): FieldFault | undefined {
  if (!/^\d*$/.test(value)) return invalid('这里只能填数字', 'Digits only');
  return value.length > maxLength ? invalid(`最多 ${maxLength} 位，多了 ${value.length - maxLength} 位`, `${maxLength} digits at most: ${value.length - maxLength} too many`) : undefined;
}

function tooFewDigits({ minLength, maxLength }: { readonly minLength: number; readonly maxLength: number }, value: string): FieldFault {
  const more = minLength - value.length;
  return minLength === maxLength
    ? invalid(`要 ${minLength} 位，还差 ${more} 位`, `${minLength} digits: ${more} more to go`)
    : invalid(`至少 ${minLength} 位，还差 ${more} 位`, `At least ${minLength} digits: ${more} more to go`);
}

/** GB 11643: six digits of a place, eight of a birthday, three of an order, and a check character. */
function idCardFaultWhileTyping(value: string): FieldFault | undefined {
  if (value.length > 18) return invalid(`身份证号是 18 位，多了 ${value.length - 18} 位`, `An ID card number has 18 characters. This has ${value.length - 18} too many`);
  if (!/^\d{0,17}$|^\d{17}[\dXx]$/.test(value)) return invalid('身份证号是 17 位数字，最后一位是数字或 X', 'An ID card number is 17 digits, then a digit or X');
  const isWrong = (value.length >= 14 && !isBirthday(value.slice(6, 14))) || (value.length === 18 && idCardCheck(value) !== value.charAt(17).toUpperCase());
  return isWrong ? invalid('身份证号不对，请核对一遍', 'This ID card number is not right. Please check it') : undefined;
}

function missing(field: FormField): FieldFault {
  switch (field.kind) {
    case 'consent': return { code: 'form_missing', text: { zh: '需要您的同意', en: 'Your agreement is needed' } };
    case 'choice':
    case 'district': return { code: 'form_missing', text: { zh: '请选择', en: 'Please choose' } };
    default: return { code: 'form_missing', text: { zh: '请填写', en: 'Please fill this in' } };
  }
}

function tooLong(most: number): FieldFault {
  return invalid(`太长了，最多 ${most} 个字`, `Too long: ${most} characters at most`);
}

function invalid(zh: string, en: string): FieldFault {
  return { code: 'form_invalid', text: { zh, en } };
}

function address(zh: string, en: string): FieldFault {
  return { code: 'address_invalid', text: { zh, en } };
}
