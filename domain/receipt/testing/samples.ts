import { deliveryFields, phoneField } from '../../catalogue/form.ts';
import type { Language } from '../../language.ts';
import type { Order, OrderLine } from '../../order/order.ts';
import { orderSchema } from '../../order/order.ts';
import { composeReceipt } from '../compose.ts';
import { composeKitchenTicket } from '../kitchen-ticket.ts';
import type { Receipt } from '../receipt.ts';
import { composeRestockTicket } from '../restock-ticket.ts';
import { shopSchema } from '../shop.ts';
import { composeStaffSlip } from '../staff-slip.ts';
import { composeTerminalSlip } from '../terminal-slip.ts';
import { composeTestPage } from '../test-page.ts';
import { composeZReport } from '../z-report.ts';

/** One of each kind of receipt, for golden files, for the pictures of the documentation and for the printer's tests. */
export const shop = shopSchema.parse({
  name: { zh: '便捷二十四 · 人民广场站', en: 'Counter24 · People’s Square' },
  address: { zh: '上海市黄浦区人民大道1号，地铁2号线站厅层', en: '1 Renmin Avenue, Huangpu, Shanghai; metro line 2, concourse' },
  phone: '021-5555 0024',
  timeZone: 'Asia/Shanghai',
});

const at = Date.UTC(2026, 10, 22, 5, 5);
const card = { cardName: 'VISA', maskedPan: '************1234', terminalId: '52000001', receiptNumber: '0042', traceNumber: '000142' };
const receiptUrl = 'https://hq.example/r/abcdefghijklmnopqrstuv';

const taxOf = (total: number, basisPoints: number) => ({ basisPoints, included: true, amount: Math.round((total * basisPoints) / (10_000 + basisPoints)) });
const phoneFields = [{ id: phoneField.id, kind: phoneField.kind, label: phoneField.label }];

const tea: OrderLine = {
  offerId: 'tea', name: { zh: '珍珠奶茶', en: 'Bubble tea with pearls' }, fulfilment: { kind: 'food' }, quantity: 2, unitPrice: 1850, total: 3700, tax: taxOf(3700, 600), form: {}, fields: [],
  choices: [{ id: 'large', name: { zh: '大杯', en: 'Large' }, price: 300 }, { id: 'less-sugar', name: { zh: '少糖', en: 'Less sugar' }, price: 0 }],
};
const noodles: OrderLine = {
  offerId: 'noodles', name: { zh: '招牌牛肉面', en: 'Beef noodles' }, fulfilment: { kind: 'food' }, quantity: 1, unitPrice: 3200, total: 3200, tax: taxOf(3200, 600), form: {}, fields: [],
  choices: [{ id: 'no-coriander', name: { zh: '不要香菜', en: 'No coriander' }, price: 0 }],
};
const combo: OrderLine = {
  offerId: 'meal', name: { zh: '双人套餐', en: 'Meal for two' }, fulfilment: { kind: 'food' }, quantity: 1, unitPrice: 6800, discount: { amount: 680, name: { zh: '工作日九折', en: 'Weekday 10 % off' } }, total: 6120, tax: taxOf(6120, 600), form: {}, fields: [],
  choices: [{ id: 'noodles', name: { zh: '牛肉面', en: 'Beef noodles' }, price: 0 }, { id: 'rice', name: { zh: '咖喱饭', en: 'Curry rice' }, price: 200 }, { id: 'egg', name: { zh: '茶叶蛋', en: 'Tea egg' }, price: 0 }, { id: 'egg', name: { zh: '茶叶蛋', en: 'Tea egg' }, price: 0 }],
};
const cable: OrderLine = {
  offerId: 'cable', name: { zh: 'USB-C 数据线（1米）', en: 'USB-C cable, 1 m' }, fulfilment: { kind: 'goods', initialStock: 10 }, quantity: 1, unitPrice: 3900, total: 3900, tax: taxOf(3900, 1300), choices: [], form: {}, fields: [],
};
const umbrella: OrderLine = {
  offerId: 'umbrella', name: { zh: '自动折叠晴雨伞', en: 'Folding umbrella, automatic' }, fulfilment: { kind: 'goods', initialStock: 5 }, quantity: 3, unitPrice: 4500, total: 13_500, tax: taxOf(13_500, 1300), form: {}, fields: [],
  choices: [{ id: 'blue', name: { zh: '蓝色', en: 'Blue' }, price: 0 }],
};
const topUp: OrderLine = {
  offerId: 'top-up', name: { zh: '话费充值50元', en: 'Top-up 50' }, fulfilment: { kind: 'telecom', service: 'top_up' }, quantity: 1, unitPrice: 5000, total: 5000, tax: taxOf(5000, 900), choices: [], form: { phone: '13912345678' }, fields: phoneFields,
};
/** Its tax comes on top. */
const kettle: OrderLine = {
  offerId: 'kettle', name: { zh: '电热水壶', en: 'Electric kettle' }, fulfilment: { kind: 'delivery' }, quantity: 1, unitPrice: 12_900, discount: { amount: 2000 }, total: 10_900, tax: { basisPoints: 1300, included: false, amount: 1417 }, choices: [],
  form: { 'contact-name': '王小明', 'contact-phone': '13912345678', district: '310101', street: '南京东路 1 号 2 单元 301 室', postcode: '200001' },
  fields: deliveryFields.map(({ id, kind, label }) => ({ id, kind, label })),
};
const broadband: OrderLine = {
  offerId: 'broadband', name: { zh: '千兆宽带', en: 'Gigabit broadband' }, fulfilment: { kind: 'telecom', service: 'application' }, quantity: 1, unitPrice: 0, total: 0, tax: taxOf(0, 600), choices: [],
  form: { name: '王小明', phone: '13912345678', 'id-card': '11010519491231002X', terms: 'v1' },
  fields: [{ id: 'name', kind: 'name', label: { zh: '姓名', en: 'Name' } }, ...phoneFields, { id: 'id-card', kind: 'id_card', label: { zh: '身份证号', en: 'ID card number' } }, { id: 'terms', kind: 'consent', label: { zh: '服务协议', en: 'Terms' } }],
};

const plan: OrderLine = {
  offerId: 'plan-light', name: { zh: '轻享套餐', en: 'Light plan' }, fulfilment: { kind: 'telecom', service: 'plan_change' }, quantity: 1, unitPrice: 3900, total: 3900, tax: taxOf(3900, 600), choices: [],
  form: { phone: '13912345678', effective: 'next-month', consent: 'plan-2026-10' },
  fields: [...phoneFields, { id: 'effective', kind: 'choice', label: { zh: '生效时间', en: 'Takes effect' } }, { id: 'consent', kind: 'consent', label: { zh: '办理协议', en: 'Agreement' } }],
};

export function sampleOrder(language: Language, lines: readonly OrderLine[], dining?: Order['dining']): Order {
  const taxes = [...Map.groupBy(lines, ({ tax }) => `${tax.basisPoints} ${tax.included}`).values()].map((ofRate) => {
    const { basisPoints, included } = ofRate[0]!.tax;
    const tax = ofRate.reduce((sum, line) => sum + line.tax.amount, 0);
    return { basisPoints, included, tax, gross: ofRate.reduce((sum, { total }) => sum + total, included ? 0 : tax) };
  }).sort((left, right) => right.basisPoints - left.basisPoints || Number(right.included) - Number(left.included));
  return orderSchema.parse({
    id: '00000000-0000-7000-8000-abcdef012345', cartId: '00000000-0000-7000-8000-000000000002', number: 'A042', placedAt: at, language, catalogueRevision: 1,
    lines, ...(dining ? { dining } : {}), total: { amount: taxes.reduce((sum, { gross }) => sum + gross, 0), currency: 'CNY' }, taxes, receiptToken: 'abcdefghijklmnopqrstuv',
  });
}

export const sampleKinds = ['receipt', 'receipt-copy', 'receipt-telecom', 'receipt-delivery', 'receipt-application', 'receipt-plan', 'receipt-services', 'receipt-wallet', 'receipt-reversed', 'kitchen-ticket', 'staff-slip', 'restock-ticket', 'z-report', 'test-page', 'terminal-slip'] as const;
export type SampleKind = (typeof sampleKinds)[number];

export function sampleReceipt(kind: SampleKind, language: Language, columns: number): Receipt {
  const everything = sampleOrder(language, [tea, noodles, combo, cable, umbrella, topUp], 'take_away');
  switch (kind) {
    case 'receipt':
      return composeReceipt({ shop, order: everything, card, receiptUrl, copy: false, pickupCode: 'A042-7K2Q9' });
    case 'receipt-copy':
      return composeReceipt({ shop, order: sampleOrder(language, [tea]), card, receiptUrl, copy: true });
    case 'receipt-telecom':
      return composeReceipt({ shop, order: sampleOrder(language, [topUp]), card, receiptUrl, copy: false });
    case 'receipt-delivery':
      return composeReceipt({ shop, order: sampleOrder(language, [kettle, cable]), card, receiptUrl, copy: false, pickupCode: 'A042-7K2Q9' });
    case 'receipt-application':
      return composeReceipt({ shop, order: sampleOrder(language, [broadband]), card: undefined, receiptUrl, copy: false });
    case 'receipt-plan':
      return composeReceipt({
        shop, order: sampleOrder(language, [plan]), card: undefined, tender: 'alipay', wallet: { transactionId: '2026112222001400000042' }, receiptUrl, copy: false,
        services: [{ offerId: plan.offerId, state: 'done', reference: 'CM20261122000042', planBefore: { name: { zh: '畅聊 29 元套餐', en: 'Talk 29 plan' }, price: { amount: 2900, currency: 'CNY' } } }],
      });
    case 'receipt-services':
      return composeReceipt({
        shop, order: sampleOrder(language, [topUp, plan]), card, receiptUrl, copy: false,
        services: [{ offerId: topUp.offerId, state: 'done', reference: 'CM20261122000041' }, { offerId: plan.offerId, state: 'pending' }],
      });
    case 'receipt-wallet':
      return composeReceipt({
        shop, order: sampleOrder(language, [cable, topUp]), card: undefined, tender: 'wechat', wallet: { transactionId: '4200002026112213050000000042' }, receiptUrl, copy: false, pickupCode: 'A042-7K2Q9',
        refunds: [{ amount: { amount: 5000, currency: 'CNY' }, state: 'asked', way: 'tender' }], services: [{ offerId: topUp.offerId, state: 'refused', money: 'returning' }],
      });
    case 'receipt-reversed':
      return composeReceipt({ shop, order: sampleOrder(language, [umbrella]), card, receiptUrl, copy: false, reversed: true });
    case 'kitchen-ticket':
      return composeKitchenTicket({ shop, order: everything, language, copy: false });
    case 'staff-slip':
      return composeStaffSlip({ shop, order: everything, slip: 1207, language, copy: false, pickupCode: 'A042-7K2Q9' });
    case 'restock-ticket':
      return composeRestockTicket({
        shop, at, language, copy: false,
        items: [
          { name: cable.name, count: 2, par: 10, bring: 8 },
          { name: { zh: '农夫山泉饮用天然水550毫升', en: 'Nongfu Spring drinking water, 550 ml' }, count: 0, par: 120, bring: 120 },
          { name: umbrella.name, count: 5, par: 5, bring: 0 },
        ],
      });
    case 'z-report':
      return composeZReport({
        shop, language, number: 87, from: at - 86_400_000, to: at, currency: 'CNY', orders: { count: 143, amount: 1_284_350 }, freeOrders: 3, refunded: { count: 1, amount: 13_500 }, firstOrder: 'A042', lastOrder: 'A184',
        businesses: [{ business: 'goods', count: 58, amount: 402_150 }, { business: 'telecom', count: 41, amount: 610_000 }, { business: 'food', count: 77, amount: 272_200 }],
        taxes: [{ basisPoints: 1300, included: true, gross: 402_150, tax: 46_265 }, { basisPoints: 600, included: true, gross: 682_200, tax: 38_615 }, { basisPoints: 600, included: false, gross: 200_000, tax: 11_321 }],
        cardsOurs: { count: 139, amount: 1_270_850 }, cardsTerminal: { count: 140, amount: 1_275_850 }, reversed: { count: 1, amount: 13_500 }, unsettled: 1, copy: false,
      });
    case 'test-page':
      return composeTestPage({ language, model: `${columns} columns`, columns, line: '/dev/serial/by-id/usb-printer 9600', at, timeZone: shop.timeZone, logoSlot: 1 });
    case 'terminal-slip':
      return composeTerminalSlip(
        {
          kind: 'customer',
          lines: [
            { text: 'CUSTOMER RECEIPT', align: 'center', size: 'double' },
            { text: 'Terminal-ID        52000001', align: 'left', size: 'normal' },
            { text: 'Trace no. 000142 Receipt 0042', align: 'left', size: 'normal' },
            { text: 'VISA ************1234', align: 'left', size: 'normal' },
            { text: '', align: 'left', size: 'normal' },
            { text: 'EUR 72,00', align: 'right', size: 'double' },
            { text: 'APPROVED - Zahlung erfolgt, danke schön', align: 'center', size: 'normal' },
          ],
        },
        language,
        false,
      );
  }
}
