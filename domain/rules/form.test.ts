import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CartLine } from '../cart/cart.ts';
import type { FormField } from '../catalogue/form.ts';
import { askedFields, deliveryFields, keptOfForm, maxFormValue } from '../catalogue/form.ts';
import { findOffer } from '../catalogue/catalogue.ts';
import { fieldsOf } from '../catalogue/offer.ts';
import type { FieldFault } from './form.ts';
import { checkField, checkForm, checkWhileTyping } from './form.ts';
import { idCardCheck } from './id-card.ts';
import { isPhoneNumber } from './phone.ts';
import { fitsProvince } from './postcode.ts';
import { refusalSchema } from './refusal.ts';
import { checkWish } from './rules.ts';
import { agreed, catalogue, district, facts, goodBroadband, line, phone } from './testing/shop.ts';

const { isDistrict } = facts;
const label = { zh: '栏', en: 'Field' };
const common = { id: 'field', label, required: true };
const field: { readonly [K in FormField['kind']]: Extract<FormField, { kind: K }> } = {
  phone: { ...common, kind: 'phone' },
  name: { ...common, kind: 'name' },
  text: { ...common, kind: 'text', minLength: 3, maxLength: 10 },
  digits: { ...common, kind: 'digits', minLength: 4, maxLength: 6 },
  id_card: { ...common, kind: 'id_card' },
  choice: { ...common, kind: 'choice', choices: [{ id: 'now', label }, { id: 'next', label }] },
  district: { ...common, kind: 'district' },
  street: { ...common, kind: 'street' },
  postcode: { ...common, kind: 'postcode' },
  consent: { ...common, kind: 'consent', text: label, version: agreed },
};
const check = (kind: FormField['kind'], value: string, form = {}) => checkField(field[kind], value, form, isDistrict);

it.each([
  ['13000000000', true], ['19999999999', true], ['17012345678', true], ['14512345678', true], ['16101234567', true], ['17400123456', true],
  ['12912345678', false], ['14012345678', false], ['15412345678', false], ['16112345678', false], ['17412345678', false], ['17912345678', false], ['10012345678', false], ['23912345678', false],
  ['02112345678', false], ['139123456789', false], ['1391234567', false], ['+8613912345678', false], ['139 1234 5678', false], ['１３９１２３４５６７８', false], ['13912345678\n', false], ['', false],
])('%j as a mobile number: %s', (value, good) => {
  expect(isPhoneNumber(value)).toBe(good);
});

describe('a field', () => {
  it.each<[FormField['kind'], string[]]>([
    ['phone', [phone]],
    ['name', ['王小明', '欧阳·娜娜', "Anne-Marie O'Neill", 'José Á. Núñez', '阿卜杜拉・买买提'.replace('・', '·')]],
    ['text', ['三个字', 'abcdefghij']],
    ['digits', ['0000', '123456']],
    ['id_card', ['11010519491231002X', '11010519491231002x', '440524188001010014']],
    ['choice', ['now', 'next']],
    ['district', [district]],
    ['street', ['南京东路 1 号 2 单元 301 室', 'No. 1, Nanjing Rd.']],
    ['postcode', ['200001']],
    ['consent', [agreed]],
  ])('%s takes %j', (kind, values) => {
    for (const value of values) expect(check(kind, value)).toBeUndefined();
  });

  it.each<[FormField['kind'], string, FieldFault['code'], string, string]>([
    ['phone', '1391234567', 'phone_invalid', '手机号是 11 位，还差 1 位', 'A mobile number has 11 digits. 1 more to go'],
    ['phone', '139123456789', 'phone_invalid', '手机号是 11 位，多了 1 位', 'A mobile number has 11 digits. This has 1 too many'],
    ['phone', '17912345678', 'phone_invalid', '手机号没有 179 开头的，请核对一下', 'No mobile number begins with 179. Please check it'],
    ['phone', '139-1234', 'phone_invalid', '手机号里只有数字', 'A mobile number has digits only'],
    ['name', '王2', 'form_invalid', '姓名里只能有文字', 'A name has letters only'],
    ['name', '···', 'form_invalid', '姓名里只能有文字', 'A name has letters only'],
    ['name', '王'.repeat(51), 'form_invalid', '太长了，最多 50 个字', 'Too long: 50 characters at most'],
    ['text', '二字', 'form_invalid', '太短了，至少 3 个字', 'Too short: at least 3 characters'],
    ['text', ' 二字 ', 'form_invalid', '太短了，至少 3 个字', 'Too short: at least 3 characters'],
    ['text', 'abcdefghijk', 'form_invalid', '太长了，最多 10 个字', 'Too long: 10 characters at most'],
    ['text', 'ab\u0007c', 'form_invalid', '请重新填写', 'Please type it again'],
    ['digits', '12a4', 'form_invalid', '这里只能填数字', 'Digits only'],
    ['digits', '123', 'form_invalid', '至少 4 位，还差 1 位', 'At least 4 digits: 1 more to go'],
    ['digits', '1234567', 'form_invalid', '最多 6 位，多了 1 位', '6 digits at most: 1 too many'],
    ['id_card', '110105194912310021', 'form_invalid', '身份证号不对，请核对一遍', 'This ID card number is not right. Please check it'],
    ['id_card', '1101051949', 'form_invalid', '身份证号是 18 位，还差 8 位', 'An ID card number has 18 characters. 8 more to go'],
    ['id_card', '1101051949123100X1', 'form_invalid', '身份证号是 17 位数字，最后一位是数字或 X', 'An ID card number is 17 digits, then a digit or X'],
    ['choice', 'later', 'form_invalid', '请重新选择', 'Please choose again'],
    ['district', '310100', 'address_invalid', '请选择到区县', 'Please choose down to the district'],
    ['street', '1', 'address_invalid', '太短了，至少 2 个字', 'Too short: at least 2 characters'],
    ['street', '路'.repeat(121), 'address_invalid', '太长了，最多 120 个字', 'Too long: 120 characters at most'],
    ['postcode', '20001', 'address_invalid', '邮政编码是 6 位数字', 'A postcode has 6 digits'],
    ['consent', 'v0', 'form_invalid', '条款有更新，请重新阅读并同意', 'The terms have changed. Please read and agree again'],
  ])('%s says what is the matter with %j', (kind, value, code, zh, en) => {
    expect(check(kind, value)).toEqual({ code, text: { zh, en } });
  });

  it('left empty is missing where it is required, and right where it is not', () => {
    for (const each of Object.values(field)) {
      expect(checkField(each, '', {}, isDistrict)?.code).toBe('form_missing');
      expect(checkField(each, '  ', {}, isDistrict)?.code).toBe('form_missing');
      expect(checkField({ ...each, required: false }, '', {}, isDistrict)).toBeUndefined();
      expect(checkField({ ...each, required: false }, '  ', {}, isDistrict)).toBeUndefined();
    }
  });

  it('is judged without the spaces around it, and kept without them', () => {
    for (const [kind, value] of [['phone', phone], ['digits', '12345'], ['name', '王小明'], ['postcode', '200001'], ['district', district]] as const) {
      expect(check(kind, ` ${value} `)).toBeUndefined();
      expect(keptOfForm([field[kind]], { field: ` ${value} ` })).toEqual({ field: value });
    }
    expect(keptOfForm([field.text], { field: '   ' })).toEqual({});
  });

  it('never takes more than a cart can hold', () => {
    const widest = { ...field.text, maxLength: 200 };
    expect([checkField(widest, 'x'.repeat(maxFormValue), {}, isDistrict), checkField(widest, 'x'.repeat(maxFormValue + 1), {}, isDistrict)?.code]).toEqual([undefined, 'form_invalid']);
    for (const each of Object.values(field)) expect(checkField(each, '字'.repeat(maxFormValue + 1), {}, isDistrict)).toBeDefined();
  });
});

describe('a postcode', () => {
  it('fits the province of the district, where there is one', () => {
    expect([check('postcode', '100001', { district: '110101' }), check('postcode', '100001', { district })?.code, check('postcode', '100001', { district: '999999' })]).toEqual([undefined, 'address_invalid', undefined]);
  });

  it.each([
    ['010000', '150102'], ['750300', '152921'], ['165400', '150723'], ['400000', '500101'], ['570100', '460105'], ['850000', '540102'], ['999077', '810001'],
  ])('%s is one of district %s', (postcode, code) => {
    expect(fitsProvince(postcode, code)).toBe(true);
  });

  it('is never held against a province that nobody knows', () => {
    expect(fitsProvince('123456', '990101')).toBe(true);
  });
});

describe("an identity card's number", () => {
  const births = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
  const numbers = fc.tuple(fc.integer({ min: 110_000, max: 659_999 }), births, fc.integer({ min: 0, max: 999 }))
    .map(([place, birth, order]) => `${place}${birth}${String(order).padStart(3, '0')}`).map((first) => `${first}${idCardCheck(first)}`);

  it('is right with its check character', () => {
    fc.assert(fc.property(numbers, (number) => {
      expect(check('id_card', number)).toBeUndefined();
    }));
  });

  it('ends as ISO 7064 says: all characters weighed by powers of two leave 1 of 11', () => {
    fc.assert(fc.property(numbers, (number) => {
      const sum = [...number].reduce((total, character, index) => total + (character === 'X' ? 10 : Number(character)) * 2 ** (17 - index), 0);
      expect(sum % 11).toBe(1);
    }), { numRuns: 500 });
  });

  it('is wrong with one digit mistyped, or two neighbours changed about', () => {
    fc.assert(fc.property(numbers, fc.nat(16), fc.constantFrom(...'0123456789'), (number, at, digit) => {
      fc.pre(number[at] !== digit);
      expect(check('id_card', `${number.slice(0, at)}${digit}${number.slice(at + 1)}`)?.code).toBe('form_invalid');
    }));
    fc.assert(fc.property(numbers, fc.nat(15), (number, at) => {
      fc.pre(number[at] !== number[at + 1]);
      expect(check('id_card', `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`)?.code).toBe('form_invalid');
    }));
  });

  it('is wrong with a day that no calendar has, as soon as it stands there', () => {
    expect([checkWhileTyping(field.id_card, '1101051949123'), checkWhileTyping(field.id_card, '11010519490230')?.code, checkWhileTyping(field.id_card, '11010519491331')?.code]).toEqual([undefined, 'form_invalid', 'form_invalid']);
  });
});

describe('while it is typed', () => {
  it.each([['2', '2'], ['10', '10'], ['12', '12'], ['140', '140'], ['154', '154'], ['1611', '1611'], ['174', undefined], ['1740', undefined], ['1741', '1741'], ['17406', '17406'], ['13', undefined], ['', undefined]])(
    'the beginning %j of a mobile number is named at once where there is none: %s', (value, prefix) => {
      expect(checkWhileTyping(field.phone, value)?.text.en).toBe(prefix === undefined ? undefined : `No mobile number begins with ${prefix}. Please check it`);
    });

  it('nothing is said against the beginning of a number that exists', () => {
    const numbers = fc.tuple(fc.constantFrom('130', '139', '145', '147', '150', '159', '162', '167', '170', '178', '180', '189', '190', '199', '1610', '17400'), fc.stringMatching(/^\d{8}$/)).map(([prefix, rest]) => `${prefix}${rest}`.slice(0, 11));
    fc.assert(fc.property(numbers, fc.nat(11), (number, length) => {
      expect(isPhoneNumber(number)).toBe(true);
      expect(checkWhileTyping(field.phone, number.slice(0, length))).toBeUndefined();
    }));
  });

  it('what is wrong already stays wrong whatever follows, and what was right in the end never looked wrong', () => {
    const typed = fc.oneof(fc.stringMatching(/^\d{0,19}$/), fc.stringMatching(/^[\dXx王a ]{0,19}$/), fc.constantFrom(phone, '11010519491231002X', '200001', '王小明'));
    fc.assert(fc.property(fc.constantFrom(...Object.values(field)), typed, fc.nat(19), (each, value, length) => {
      if (checkWhileTyping(each, value.slice(0, length)) !== undefined) expect(checkField(each, value, {}, isDistrict)).toBeDefined();
    }), { numRuns: 2000 });
  });
});

describe('a form', () => {
  const broadband = findOffer(catalogue, 'broadband')!;
  const fields = fieldsOf(broadband);

  it('asks for what the answers before call for', () => {
    expect(askedFields(fields, { 'has-line': ' yes ' }).map(({ id }) => id)).toContain('account');
    expect(askedFields(fields, { 'has-line': 'yes' }).map(({ id }) => id)).toContain('account');
    expect(askedFields(fields, { 'has-line': 'no', account: '12345678' }).map(({ id }) => id)).not.toContain('account');
    expect(keptOfForm(fields, { ...goodBroadband.form, 'has-line': 'no', note: '', 'unheard-of': 'x' })).not.toHaveProperty('account');
  });

  it('does not ask for what hangs on a field that is itself not asked', () => {
    const chain: FormField[] = [
      { ...field.choice, id: 'first' }, { ...field.choice, id: 'second', when: { field: 'first', is: ['now'] } }, { ...field.text, id: 'third', when: { field: 'second', is: ['now'] } },
    ];
    expect(askedFields(chain, { first: 'next', second: 'now', third: 'old' }).map(({ id }) => id)).toEqual(['first']);
    expect(askedFields(chain, { first: 'now', second: 'now' }).map(({ id }) => id)).toEqual(['first', 'second', 'third']);
  });

  it('of a delivery asks for a person, a number and an address', () => {
    expect(fieldsOf(findOffer(catalogue, 'kettle')!)).toEqual(deliveryFields);
  });

  const values = fc.oneof(fc.constantFrom('', ' ', 'yes', 'no', phone, '王小明', district, '200001', '100001', agreed, '11010519491231002X', '12345678', '南京东路 1 号', '字'.repeat(250)), fc.string({ maxLength: 220 }));
  const forms = fc.dictionary(fc.constantFrom(...fields.map(({ id }) => id), 'unheard-of'), values, { noNullPrototype: true })
    .chain((form) => fc.subarray(Object.keys(goodBroadband.form)).map((good): Record<string, string> => ({ ...form, ...Object.fromEntries(good.map((id) => [id, goodBroadband.form[id]!])) })));

  it('that the page lets pass, core lets pass; and what it does not, core refuses by the same field', () => {
    fc.assert(fc.property(forms, (form) => {
      const faults = checkForm(fields, form, isDistrict);
      const wish: CartLine = line('broadband', { form: keptOfForm(fields, form) });
      const refusals = checkWish(broadband, wish, isDistrict);
      expect(refusals.map(({ suggestion }) => (suggestion.kind === 'fill_in' ? suggestion.field : suggestion.kind))).toEqual([...faults.keys()]);
      for (const refusal of refusals) expect(refusalSchema.safeParse(refusal).success).toBe(true);
    }), { numRuns: 1000 });
  });

  it('with what hangs on a field that is not asked any more leads back to the one that was answered', () => {
    const [first, second, third]: FormField[] = [
      { ...field.choice, id: 'first' }, { ...field.choice, id: 'second', when: { field: 'first', is: ['now'] } }, { ...field.text, id: 'third', when: { field: 'second', is: ['now'] } },
    ];
    const refusals = checkWish({ ...broadband, form: [first!, second!, third!] }, line('broadband', { form: { first: 'next', third: 'left over' } }), isDistrict);
    expect(refusals.map(({ code, suggestion }) => [code, suggestion])).toEqual([['form_invalid', { kind: 'fill_in', lineId: 'broadband-line', field: 'first' }]]);
  });

  it('with a value that nobody asked for is refused, with a remedy', () => {
    fc.assert(fc.property(forms, (form) => {
      const asked = new Set(askedFields(fields, form).map(({ id }) => id));
      const isAnyLeftOver = Object.entries(form).some(([id, value]) => value.trim() !== '' && !asked.has(id));
      const refusals = checkWish(broadband, line('broadband', { form }), isDistrict);
      expect(refusals.some(({ code, text }) => code === 'form_invalid' && text.en.includes('what is asked has changed'))).toBe(isAnyLeftOver);
    }), { numRuns: 1000 });
  });
});
