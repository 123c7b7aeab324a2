import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../language.ts';
import { phoneField } from '../catalogue/form.ts';
import { languages } from '../language.ts';
import type { OrderId } from '../ids.ts';
import { formatMoney } from '../money.ts';
import type { Order } from '../order/order.ts';
import { orderSchema } from '../order/order.ts';
import { formatReference, referenceOf } from '../order/reference.ts';
import { shredded } from '../personal/sealed.ts';
import type { ReceiptFacts } from './compose.ts';
import { composeReceipt, maskPhone } from './compose.ts';
import type { ReceiptLine } from './receipt.ts';
import { shopSchema } from './shop.ts';
import { sampleReceipt } from './testing/samples.ts';
import { receiptWords } from './words.ts';

const phone = '13912345678';
const receiptUrl = 'https://hq.example/r/abcdefghijklmnopqrstuv';
const shop = shopSchema.parse({ name: { zh: '便捷二十四', en: 'Counter24' }, address: { zh: '南京东路', en: 'Nanjing Road' }, phone: '021-5555 0024', timeZone: 'Asia/Shanghai' });

const phoneLabel = { id: phoneField.id, kind: phoneField.kind, label: phoneField.label };

function order(language: Language, rest: Partial<Order> = {}): Order {
  return orderSchema.parse({
    id: '00000000-0000-7000-8000-abcdef012345', cartId: '00000000-0000-7000-8000-000000000002', number: 'A042', placedAt: Date.UTC(2026, 10, 22, 5, 5), language, catalogueRevision: 1,
    lines: [
      {
        offerId: 'tea', name: { zh: '乌龙茶', en: 'Oolong tea' }, fulfilment: { kind: 'food' }, quantity: 2, unitPrice: 1100, total: 2200, tax: { basisPoints: 650, included: true, amount: 134 }, form: {}, fields: [],
        choices: [{ id: 'large', name: { zh: '大杯', en: 'Large' }, price: 200 }, { id: 'hot', name: { zh: '热', en: 'Hot' }, price: 0 }],
      },
      { offerId: 'top-up', name: { zh: '充值', en: 'Top-up' }, fulfilment: { kind: 'telecom', service: 'top_up' }, quantity: 1, unitPrice: 5000, total: 5000, tax: { basisPoints: 650, included: true, amount: 305 }, choices: [], form: { phone }, fields: [phoneLabel] },
      { offerId: 'map', name: { zh: '地图', en: 'Map' }, fulfilment: { kind: 'food' }, quantity: 1, unitPrice: 0, total: 0, tax: { basisPoints: 0, included: true, amount: 0 }, choices: [], form: {}, fields: [] },
    ],
    total: { amount: 7200, currency: 'CNY' }, taxes: [{ basisPoints: 650, included: true, gross: 7200, tax: 439 }, { basisPoints: 0, included: true, gross: 0, tax: 0 }], receiptToken: 'abcdefghijklmnopqrstuv', ...rest,
  });
}

function compose(language: Language, rest: Partial<ReceiptFacts> = {}) {
  const card = { cardName: 'VISA', maskedPan: '************1234', terminalId: '52000001', receiptNumber: '0042', traceNumber: '000142' };
  return composeReceipt({ shop, order: order(language), card, receiptUrl, copy: false, ...rest });
}

/** The words on the paper, a line each, amounts behind a bar. */
function words(lines: readonly ReceiptLine[]): string[] {
  return lines.flatMap((line) => {
    if (line.kind === 'text') return [line.text];
    if (line.kind === 'table') return line.rows.map((row) => row.join(' | '));
    return line.kind === 'pair' ? [`${' '.repeat(line.indent)}${line.left} | ${line.right}`] : [];
  });
}

describe('a receipt', () => {
  it('in Chinese says all that it must', () => {
    expect(words(compose('zh').lines)).toEqual([
      '便捷二十四', '南京东路', '021-5555 0024', '取货号', 'A042', '时间 | 2026-11-22 13:05', '订单号 | abcdef012345',
      '乌龙茶 ×2 | ￥22.00', '  单价 ￥11.00 | ', '  大杯 | ', '  热 | ', '充值 | ￥50.00', '  手机号 | 139****5678', '地图 | 免费',
      '合计 | ￥72.00', '银行卡支付 | ￥72.00', ' 卡号 | VISA ************1234', ' 终端号 | 52000001', ' 凭证号 | 0042', ' 流水号 | 000142', '6.5% 已含 | ￥67.61 | ￥4.39',
      '扫码查看电子收据', '业务已提交，扫码可查看办理结果', '最迟 2026-11-23 13:05 前办成；未办成的，款项退还给您', '谢谢惠顾，欢迎再来！',
    ]);
  });

  it('in English says all that it must', () => {
    expect(words(compose('en').lines)).toEqual([
      'Counter24', 'Nanjing Road', '021-5555 0024', 'Pickup number', 'A042', 'Time | 2026-11-22 13:05', 'Order | abcdef012345',
      'Oolong tea ×2 | ￥22.00', '  ￥11.00 each | ', '  Large | ', '  Hot | ', 'Top-up | ￥50.00', '  Mobile number | 139****5678', 'Map | Free',
      'Total | ￥72.00', 'Paid by card | ￥72.00', ' Card | VISA ************1234', ' Terminal | 52000001', ' Card receipt | 0042', ' Trace | 000142', '6.5% included | ￥67.61 | ￥4.39',
      'Scan for your e-receipt', 'Request sent; scan to see the result', 'Done by 2026-11-23 13:05, or your money goes back to you', 'Thank you, see you again!',
    ]);
  });

  it.each(languages)('sets the pickup number the largest (%s)', (language) => {
    const sizes = compose(language).lines.flatMap((line) => (line.kind === 'text' && line.size === 'quadruple' ? [line.text] : []));
    expect(sizes).toEqual(['A042']);
  });

  it.each([['zh', '重印（副本）'], ['en', 'COPY']] as const)('printed again says that it is a copy, once and large (%s)', (language, text) => {
    const copies = (copy: boolean) => compose(language, { copy }).lines.filter((line) => line.kind === 'text' && line.text === text);
    expect(copies(false)).toEqual([]);
    expect(copies(true)).toEqual([{ kind: 'text', text, align: 'center', size: 'double', bold: true }]);
    expect(compose(language, { copy: true }).lines.length).toBe(compose(language).lines.length + 1);
  });

  it.each(languages)('of a free order speaks of no card and no payment (%s)', (language) => {
    const free = order(language, { total: { amount: 0, currency: 'CNY' }, taxes: [{ basisPoints: 600, included: true, gross: 0, tax: 0 }] });
    const text = words(compose(language, { order: free, card: undefined }).lines);
    expect(text).toContain(`${receiptWords[language].nothingToPay} | `);
    const spoken = text.join('\n');
    for (const word of [receiptWords[language].paidBy.card, receiptWords[language].terminal, '6%']) expect(spoken).not.toContain(word);
  });

  it.each(languages)('speaks of a text message only where a service was asked for (%s)', (language) => {
    const food = order(language);
    const lines = food.lines.filter(({ fulfilment }) => fulfilment.kind === 'food');
    expect(words(compose(language, { order: { ...food, lines } }).lines)).not.toContain(receiptWords[language].service);
  });

  it.each([['zh', '微信支付 | ￥72.00', ' 交易单号 | 4200002'], ['en', 'Paid by WeChat Pay | ￥72.00', ' Transaction | 4200002']] as const)('paid with a wallet says by which, and its number of it, and nothing of a card (%s)', (language, by, number) => {
    const text = words(compose(language, { card: undefined, tender: 'wechat', wallet: { transactionId: '4200002' } }).lines);
    expect(text).toEqual(expect.arrayContaining([by, number]));
    for (const word of [receiptWords[language].paidBy.card, receiptWords[language].card]) expect(text.join('\n')).not.toContain(word);
  });

  it('says of each part that goes back where it is, and what is left', () => {
    const part = (amount: number, state: 'asked' | 'done' | 'refused', way: 'tender' | 'by_hand' = 'tender') => ({ amount: { amount, currency: 'CNY' as const }, state, way });
    const text = words(compose('en', { refunds: [part(1000, 'done'), part(200, 'asked'), part(100, 'done', 'by_hand'), part(5000, 'refused')] }).lines);
    expect(text.slice(text.indexOf('Refunded | -￥10.00'))).toEqual(expect.arrayContaining(['Refund on its way | -￥2.00', 'Refunded by staff | -￥1.00', 'Staff will refund | -￥50.00', 'Paid after refunds | ￥59.00']));
    expect(words(compose('en', { refunds: [part(5000, 'refused')] }).lines).join('\n')).not.toContain('Paid after refunds');
    // Given after all, by a person or by a second try, it is told once.
    const after = words(compose('en', { refunds: [part(200, 'refused'), part(100, 'refused'), part(200, 'done', 'by_hand')] }).lines);
    expect(after.filter((line) => line.includes('￥2.00'))).toEqual(['Refunded by staff | -￥2.00']);
    expect(after).toContain('Staff will refund | -￥1.00');
    // What goes back as a whole speaks of no parts, and is paid until it is back.
    const going = words(compose('en', { refunds: [part(1000, 'refused')], reversing: true }).lines);
    expect(going.filter((line) => line.includes('efund'))).toEqual([expect.stringMatching(/^Refund on its way \| -￥/)]);
    expect(going.join('\n')).not.toContain('-￥10.00');
    // What was undone as a whole speaks of no parts.
    expect(words(compose('en', { refunds: [part(1000, 'done')], reversed: true }).lines)).not.toContain('Refunded | -￥10.00');
  });

  it.each([
    ['done', { state: 'done', reference: 'CM42' }, ['Top-up | Done', '  Reference | CM42'], false],
    ['pending', { state: 'pending' }, [], true],
    ['refused, its money returning', { state: 'refused', money: 'returning' }, ['Top-up | Not done', 'The money for it is going back to you'], false],
    ['refused, its money back', { state: 'refused', money: 'returned' }, ['Top-up | Not done', 'The money for it went back to you'], false],
    ['refused, its money with a person', { state: 'refused', money: 'by_person' }, ['Top-up | Not done', 'Our staff give you the money for it by 2026-11-23 13:05: keep this receipt'], false],
  ] as const)('says of a service that it is %s, and until when where it is open', (_name, service, lines, isOpen) => {
    const text = words(compose('en', { services: [{ offerId: 'top-up', ...service }] }).lines);
    const from = text.indexOf(lines[0] ?? '');
    expect(lines.length === 0 ? [] : text.slice(from, from + lines.length)).toEqual(lines);
    // What is open is said once.
    expect(text.includes('Top-up | Under way')).toBe(false);
    expect(text.includes('Done by 2026-11-23 13:05, or your money goes back to you')).toBe(isOpen);
    expect(text.includes(receiptWords.en.service)).toBe(isOpen);
  });

  it('tells the open from the done where there are both', () => {
    const text = words(sampleReceipt('receipt-services', 'en', 48).lines);
    const from = text.indexOf('Top-up 50 | Done');
    expect(text.slice(from, from + 3)).toEqual(['Top-up 50 | Done', '  Reference | CM20261122000041', 'Light plan | Under way']);
    expect(text).toContain('Done by 2026-11-23 13:05, or your money goes back to you');
  });

  it('promises no money back for what was free', () => {
    const free = order('en', { total: { amount: 0, currency: 'CNY' }, taxes: [{ basisPoints: 600, included: true, gross: 0, tax: 0 }] });
    const text = words(compose('en', { order: free, card: undefined }).lines);
    expect(text).toContain(receiptWords.en.service);
    expect(text.join('\n')).not.toContain('your money');
  });

  it.each([['zh', ['  生效日期 | 2026-12-01', '  办理协议 | 已同意 plan-2026-10', '  原套餐 | 畅聊 29 元套餐 ￥29.00/月']], ['en', ['  Takes effect | 2026-12-01', '  Agreement | agreed, plan-2026-10', '  Plan before | Talk 29 plan ￥29.00 a month']]] as const)('of a plan change says from when, what was agreed to, and what it takes the place of (%s)', (language, lines) => {
    expect(words(sampleReceipt('receipt-plan', language, 48).lines)).toEqual(expect.arrayContaining([...lines]));
  });

  it('of a plan change without a choice of the day says the day that the carrier told, once, and of a refused one none', () => {
    const planBefore = { name: { zh: '旧套餐', en: 'Old plan' }, effectiveOn: '2027-01-01' };
    const days = (form: Record<string, string>, state: 'pending' | 'done' | 'refused') => {
      const asked = order('en');
      const line = asked.lines.find(({ offerId }) => offerId === 'top-up')!;
      const lines = [{ ...line, form, fulfilment: { kind: 'telecom' as const, service: 'plan_change' as const } }];
      return words(compose('en', { order: { ...asked, lines }, services: [{ offerId: 'top-up', state, planBefore }] }).lines).filter((text) => text.includes('Takes effect'));
    };
    expect([days({}, 'done'), days({}, 'pending')]).toEqual([['  Takes effect | 2027-01-01'], ['  Takes effect | 2027-01-01']]);
    expect(days({ effective: 'next-month' }, 'done')).toEqual(['  Takes effect | 2026-12-01']);
    expect(days({}, 'refused')).toEqual([]);
  });

  it('leaves out what the terminal did not tell', () => {
    const text = words(compose('en', { card: { receiptNumber: '0042' } }).lines);
    expect(text).toContain(' Card receipt | 0042');
    for (const word of ['Card', 'Terminal', 'Trace']) expect(text.some((line) => line.startsWith(` ${word} |`))).toBe(false);
  });

  it('carries the link as its code, in ASCII, whose bytes a printer counts', () => {
    const link = new URL('/r/abc', 'https://收据.example').href;
    const codes = compose('zh', { receiptUrl: link }).lines.flatMap((line) => (line.kind === 'qr' ? [line.data] : []));
    expect(codes).toEqual([link]);
    expect(codes[0]).toMatch(/^[\x21-\x7e]+$/);
  });

  it('never shows a whole phone number: receipts are left behind', () => {
    fc.assert(fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), fc.constantFrom(...languages), fc.boolean(), (number, language, copy) => {
      const plain = order(language);
      const asked = { ...plain, lines: plain.lines.map((line) => ({ ...line, form: { phone: number }, fields: [phoneLabel] })) };
      const receipt = compose(language, { order: asked, copy });
      expect(JSON.stringify(receipt)).not.toContain(number);
      expect(words(receipt.lines).filter((line) => line.endsWith(maskPhone(number))).length).toBe(3);
      expect(maskPhone(number)).toMatch(/^1\d\d\*{4}\d{4}$/);
    }));
  });

  it('shows what was taken off, by its name, and what the line cost before', () => {
    const [tea, ...others] = order('en').lines;
    const lines = [{ ...tea!, discount: { amount: 220, name: { zh: '九折', en: '10 % off' } }, total: 1980 }, ...others];
    expect(words(compose('en', { order: { ...order('en'), lines } }).lines)).toEqual(expect.arrayContaining(['Oolong tea ×2 | ￥22.00', '  10 % off | -￥2.20']));
    const nameless = [{ ...tea!, discount: { amount: 2200 }, total: 0 }];
    expect(words(compose('zh', { order: { ...order('zh'), lines: nameless } }).lines)).toEqual(expect.arrayContaining(['乌龙茶 ×2 | ￥22.00', '  优惠 | -￥22.00']));
  });

  it('shows a tax that is not in the prices between what they come to and the total', () => {
    const taxes = [{ basisPoints: 1300, included: true, gross: 2200, tax: 253 }, { basisPoints: 900, included: false, gross: 5450, tax: 450 }, { basisPoints: 600, included: false, gross: 106, tax: 6 }];
    const text = words(compose('en', { order: order('en', { taxes, total: { amount: 7756, currency: 'CNY' } }) }).lines);
    const from = text.indexOf('Subtotal | ￥73.00');
    expect(text.slice(from, from + 4)).toEqual(['Subtotal | ￥73.00', 'Tax 9% | ￥4.50', 'Tax 6% | ￥0.06', 'Total | ￥77.56']);
    expect(text.filter((line) => /%.*\|.*\|/.test(line))).toEqual(['13% included | ￥19.47 | ￥2.53', '9% added | ￥50.00 | ￥4.50', '6% added | ￥1.00 | ￥0.06']);
  });

  it.each([['zh', '堂食', '外带'], ['en', 'Eat in', 'Take away']] as const)('says where the food is eaten, where that was asked (%s)', (language, here, away) => {
    const said = (dining?: Order['dining']) => words(compose(language, { order: order(language, dining ? { dining } : {}) }).lines).filter((line) => line === here || line === away);
    expect([said(), said('eat_in'), said('take_away')]).toEqual([[], [here], [away]]);
  });

  it('counts a choice that was taken several times', () => {
    const [tea] = order('en').lines;
    const egg = { id: 'egg', name: { zh: '蛋', en: 'Egg' }, price: 0 };
    const lines = [{ ...tea!, choices: [egg, egg, ...tea!.choices, egg] }];
    expect(words(compose('en', { order: { ...order('en'), lines } }).lines)).toEqual(expect.arrayContaining(['  Egg ×2 | ', '  Large | ', '  Egg | ']));
  });

  it.each(languages)('of a delivery says so, and neither where to nor that it is picked up (%s)', (language) => {
    const receipt = sampleReceipt('receipt-delivery', language, 48);
    const text = JSON.stringify(receipt);
    expect(words(receipt.lines)).toContain(receiptWords[language].delivery);
    expect(words(receipt.lines)).toContain(`  ${receiptWords[language].recipient} | 王** 139****5678`);
    for (const secret of ['王小明', phone, '南京东路', '310101', '200001']) expect(text).not.toContain(secret);
    const alone = { ...order(language), lines: order(language).lines.slice(0, 1).map((line) => ({ ...line, fulfilment: { kind: 'delivery' as const } })) };
    expect(words(compose(language, { order: alone }).lines)).not.toContain(receiptWords[language].pickupNumber);
    expect(words(compose(language, { order: alone, reversed: true }).lines)).not.toContain(receiptWords[language].delivery);
  });

  it.each(languages)('of an application is its slip: the reference large, what happens next, and nothing of the person but what they know it by (%s)', (language) => {
    const receipt = sampleReceipt('receipt-application', language, 48);
    const reference = formatReference(referenceOf('00000000-0000-7000-8000-abcdef012345' as OrderId, 0));
    expect(receipt.lines).toContainEqual({ kind: 'text', text: reference, align: 'center', size: 'double', bold: true });
    expect(words(receipt.lines)).toContain(receiptWords[language].applicationNext);
    expect(words(receipt.lines)).not.toContain(receiptWords[language].service);
    for (const secret of ['王小明', phone, '11010519491231002X']) expect(JSON.stringify(receipt)).not.toContain(secret);
  });

  it('shows what was shredded as shredded', () => {
    const plain = order('en');
    const lines = plain.lines.map((line) => ({ ...line, form: Object.fromEntries(Object.keys(line.form).map((id) => [id, shredded])) }));
    expect(words(compose('en', { order: { ...plain, lines } }).lines)).toContain(`  Mobile number | ${shredded}`);
  });

  it.each(languages)('shows the total that was ordered, to the minor unit (%s)', (language) => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), (amount) => {
      const total = { amount, currency: 'EUR' as const };
      const lines = compose(language, { order: order(language, { total }) }).lines;
      expect(lines).toContainEqual({ kind: 'pair', left: receiptWords[language].total, right: formatMoney(total), bold: true, indent: 0 });
    }));
  });
});

const plainWords = (entry: unknown) => (typeof entry === 'object' ? JSON.stringify(entry) : String(entry));

describe('the words on paper', () => {
  it('exist in both languages, each its own', () => {
    const [zh, en] = [receiptWords.zh, receiptWords.en];
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(plainWords(zh[key])).not.toBe(plainWords(en[key]));
  });
});

it('a shop has a time zone that exists', () => {
  expect(shopSchema.safeParse({ ...shop, timeZone: 'Asia/Nowhere' }).success).toBe(false);
});
