import type { Cart, CartLine } from '../../cart/cart.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { catalogueSchema } from '../../catalogue/catalogue.ts';
import type { CartId } from '../../ids.ts';
import type { RuleFacts } from '../facts.ts';

/** A small shop with one offer of each kind, for tests of the rules. */
export const word = (text: string) => ({ zh: text, en: text });
export const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;

export const phone = '13912345678';
/** Huangpu in Shanghai. */
export const district = '310101';
export const agreed = 'v1';

const choices = (prices: Record<string, number>, rest: Record<string, object> = {}) => Object.entries(prices).map(([id, price]) => ({ id, name: word(id), price, ...rest[id] }));

export const catalogue: Catalogue = catalogueSchema.parse({
  revision: 1, currency: 'CNY',
  categories: [
    { id: 'shelf', business: 'goods', name: word('Shelf'), picture },
    { id: 'kitchen', business: 'food', name: word('Kitchen'), picture },
    { id: 'breakfast', business: 'food', name: word('Breakfast'), picture, windows: [{ from: '06:00', to: '10:00' }] },
    { id: 'phone', business: 'telecom', name: word('Phone'), picture },
  ],
  offers: [
    { id: 'cola', name: { zh: '可乐', en: 'Cola' }, categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 300, maxPerOrder: 4 },
    { id: 'charger', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 9900, maxPerOrder: 9 },
    { id: 'map', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 0, maxPerOrder: 2 },
    { id: 'beer', name: { zh: '啤酒', en: 'Beer' }, categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 800, maxPerOrder: 9, minAge: 18 },
    { id: 'kettle', categoryId: 'shelf', fulfilment: { kind: 'delivery' }, price: 12_900, maxPerOrder: 2 },
    {
      id: 'tea', categoryId: 'kitchen', fulfilment: { kind: 'food' }, price: 900, maxPerOrder: 9,
      options: [
        { id: 'size', name: word('Size'), min: 1, max: 1, choices: choices({ small: 0, large: 0 }), preselected: ['small'] },
        { id: 'extras', name: word('Extras'), min: 0, max: 2, choices: choices({ ice: 100, lemon: 100, milk: 100 }), preselected: [] },
      ],
    },
    {
      id: 'combo', name: { zh: '单人套餐', en: 'Meal for one' }, categoryId: 'kitchen', fulfilment: { kind: 'food' }, price: 2500, maxPerOrder: 9,
      options: [
        { id: 'drink', kind: 'step', name: { zh: '饮料', en: 'Drink' }, min: 1, max: 1, choices: choices({ cola: 0, tea: 100 }, { cola: { offerId: 'cup-cola', name: { zh: '可乐', en: 'Cola' } } }), preselected: ['cola'] },
        { id: 'sides', kind: 'step', name: word('Sides'), min: 2, max: 4, repeats: true, free: 2, beyondFree: 300, choices: choices({ egg: 0, tofu: 50 }), preselected: ['egg', 'egg'] },
      ],
    },
    { id: 'cup-cola', name: { zh: '杯装可乐', en: 'Cola in a cup' }, categoryId: 'kitchen', fulfilment: { kind: 'food' }, price: 600, maxPerOrder: 9 },
    { id: 'porridge', name: { zh: '白粥', en: 'Porridge' }, categoryId: 'breakfast', fulfilment: { kind: 'food' }, price: 500, maxPerOrder: 9 },
    { id: 'top-up', name: { zh: '充值 50 元', en: 'Top-up 50' }, categoryId: 'phone', fulfilment: { kind: 'telecom', service: 'top_up' }, price: 5000, maxPerOrder: 1, form: ['phone'] },
    {
      id: 'broadband', name: { zh: '宽带', en: 'Broadband' }, categoryId: 'phone', fulfilment: { kind: 'telecom', service: 'application' }, price: 0, maxPerOrder: 1,
      form: [
        { id: 'name', kind: 'name', label: { zh: '姓名', en: 'Name' } },
        { id: 'id-card', kind: 'id_card', label: { zh: '身份证号', en: 'ID card number' } },
        { id: 'has-line', kind: 'choice', label: { zh: '已有宽带', en: 'Has broadband' }, choices: [{ id: 'yes', label: word('Yes') }, { id: 'no', label: word('No') }] },
        { id: 'account', kind: 'digits', minLength: 8, maxLength: 12, label: { zh: '宽带账号', en: 'Account' }, when: { field: 'has-line', is: ['yes'] } },
        { id: 'district', kind: 'district', label: { zh: '所在地区', en: 'District' } },
        { id: 'street', kind: 'street', label: { zh: '详细地址', en: 'Street' } },
        { id: 'postcode', kind: 'postcode', label: { zh: '邮政编码', en: 'Postcode' }, required: false },
        { id: 'note', kind: 'text', label: { zh: '备注', en: 'Note' }, required: false, maxLength: 20 },
        { id: 'terms', kind: 'consent', label: { zh: '服务协议', en: 'Terms' }, text: { zh: '协议', en: 'Terms' }, version: agreed },
      ],
    },
  ].map((offer) => ({ name: word('Offer'), description: word('Offer'), picture, taxPerMille: 60, options: [], form: [], ...offer })),
  scenes: [{ offerId: 'tea', line: word('Tea') }],
});

/** A Monday, 09:00. */
export const moment = { at: Date.UTC(2026, 10, 23, 1, 0), weekday: 1, minute: 9 * 60 };

export const facts: RuleFacts = {
  catalogue, moment, available: new Map([['cola', 9], ['charger', 9], ['map', 9], ['beer', 9]]), snoozed: new Map(), maxTotal: 100_000,
  isHqThere: true, canPay: true, isPaused: false, isAgeChecked: false, isDistrict: (code) => code === district || code === '110101',
};

export function line(offerId: string, rest: Partial<CartLine> = {}): CartLine {
  return { id: `${offerId}-line`, offerId, quantity: 1, choices: {}, form: {}, ...rest };
}

export function cart(...lines: CartLine[]): Cart {
  return { id: '00000000-0000-7000-8000-000000000001' as CartId, lines, dining: 'eat_in' };
}

export const goodTea = line('tea', { choices: { size: ['large'], extras: ['ice', 'lemon'] } });
export const goodCombo = line('combo', { choices: { drink: ['cola'], sides: ['egg', 'tofu', 'egg'] } });
export const goodTopUp = line('top-up', { form: { phone } });
export const goodBroadband = line('broadband', { form: { name: '王小明', 'id-card': '11010519491231002X', 'has-line': 'yes', account: '12345678', district, street: '南京东路 1 号', postcode: '200001', terms: agreed } });
export const goodKettle = line('kettle', { form: { 'contact-name': '王小明', 'contact-phone': phone, district, street: '南京东路 1 号' } });
