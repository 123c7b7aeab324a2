import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../language.ts';
import { languages } from '../language.ts';
import { formatMoney } from '../money.ts';
import type { Order } from '../order/order.ts';
import { orderSchema } from '../order/order.ts';
import type { ReceiptFacts } from './compose.ts';
import { composeReceipt, maskPhone } from './compose.ts';
import type { ReceiptLine } from './receipt.ts';
import { shopSchema } from './shop.ts';
import { receiptWords } from './words.ts';

const phone = '13912345678';
const receiptUrl = 'https://hq.example/r/abcdefghijklmnopqrstuv';
const shop = shopSchema.parse({ name: { zh: '便捷二十四', en: 'Counter24' }, address: { zh: '南京东路', en: 'Nanjing Road' }, phone: '021-5555 0024', timeZone: 'Asia/Shanghai' });

function order(language: Language, rest: Partial<Order> = {}): Order {
  return orderSchema.parse({
    id: '00000000-0000-7000-8000-abcdef012345', cartId: '00000000-0000-7000-8000-000000000002', number: 'A042', placedAt: Date.UTC(2026, 10, 22, 5, 5), language, catalogueRevision: 1,
    lines: [
      {
        offerId: 'tea', name: { zh: '乌龙茶', en: 'Oolong tea' }, fulfilment: { kind: 'food' }, quantity: 2, unitPrice: 1100, total: 2200, form: {},
        choices: [{ id: 'large', name: { zh: '大杯', en: 'Large' }, price: 200 }, { id: 'hot', name: { zh: '热', en: 'Hot' }, price: 0 }],
      },
      { offerId: 'top-up', name: { zh: '充值', en: 'Top-up' }, fulfilment: { kind: 'telecom', service: 'top_up' }, quantity: 1, unitPrice: 5000, total: 5000, choices: [], form: { phone } },
      { offerId: 'map', name: { zh: '地图', en: 'Map' }, fulfilment: { kind: 'food' }, quantity: 1, unitPrice: 0, total: 0, choices: [], form: {} },
    ],
    total: { amount: 7200, currency: 'CNY' }, taxes: [{ ratePerMille: 65, gross: 7200, tax: 439 }, { ratePerMille: 0, gross: 0, tax: 0 }], receiptToken: 'abcdefghijklmnopqrstuv', ...rest,
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
    return line.kind === 'pair' ? [`${' '.repeat(line.indent)}${line.left} | ${line.right}`] : [];
  });
}

describe('a receipt', () => {
  it('in Chinese says all that it must', () => {
    expect(words(compose('zh').lines)).toEqual([
      '便捷二十四', '南京东路', '021-5555 0024', '取货号', 'A042', '时间 | 2026-11-22 13:05', '订单号 | abcdef012345',
      '乌龙茶 ×2 | ￥22.00', '  单价 ￥11.00 | ', '  大杯 | ', '  热 | ', '充值 | ￥50.00', '  手机号 | 139****5678', '地图 | 免费',
      '合计 | ￥72.00', ' 其中税额 6.5% | ￥4.39', '银行卡支付 | ￥72.00', ' 卡号 | VISA ************1234', ' 终端号 | 52000001', ' 凭证号 | 0042', ' 流水号 | 000142',
      '扫码查看电子收据', '业务已提交，办理结果将发短信通知', '谢谢惠顾，欢迎再来！',
    ]);
  });

  it('in English says all that it must', () => {
    expect(words(compose('en').lines)).toEqual([
      'Counter24', 'Nanjing Road', '021-5555 0024', 'Pickup number', 'A042', 'Time | 2026-11-22 13:05', 'Order | abcdef012345',
      'Oolong tea ×2 | ￥22.00', '  ￥11.00 each | ', '  Large | ', '  Hot | ', 'Top-up | ￥50.00', '  Phone | 139****5678', 'Map | Free',
      'Total | ￥72.00', ' of which tax 6.5% | ￥4.39', 'Paid by card | ￥72.00', ' Card | VISA ************1234', ' Terminal | 52000001', ' Card receipt | 0042', ' Trace | 000142',
      'Scan for your e-receipt', 'Request sent; a text message will confirm it', 'Thank you, see you again!',
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
    const free = order(language, { total: { amount: 0, currency: 'CNY' }, taxes: [{ ratePerMille: 60, gross: 0, tax: 0 }] });
    const text = words(compose(language, { order: free, card: undefined }).lines);
    expect(text).toContain(`${receiptWords[language].nothingToPay} | `);
    const spoken = text.join('\n');
    for (const word of [receiptWords[language].paidByCard, receiptWords[language].terminal, receiptWords[language].taxIncluded('6%')]) expect(spoken).not.toContain(word);
  });

  it.each(languages)('speaks of a text message only where a service was asked for (%s)', (language) => {
    const food = order(language);
    const lines = food.lines.filter(({ fulfilment }) => fulfilment.kind === 'food');
    expect(words(compose(language, { order: { ...food, lines } }).lines)).not.toContain(receiptWords[language].service);
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
      const asked = { ...plain, lines: plain.lines.map((line) => ({ ...line, form: { phone: number } })) };
      const receipt = compose(language, { order: asked, copy });
      expect(JSON.stringify(receipt)).not.toContain(number);
      expect(words(receipt.lines).filter((line) => line.endsWith(maskPhone(number))).length).toBe(3);
      expect(maskPhone(number)).toMatch(/^1\d\d\*{4}\d{4}$/);
    }));
  });

  it.each(languages)('shows the total that was ordered, to the minor unit (%s)', (language) => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), (amount) => {
      const total = { amount, currency: 'EUR' as const };
      const lines = compose(language, { order: order(language, { total }) }).lines;
      expect(lines).toContainEqual({ kind: 'pair', left: receiptWords[language].total, right: formatMoney(total), bold: true, indent: 0 });
    }));
  });
});

describe('the words on paper', () => {
  it('exist in both languages, each its own', () => {
    const [zh, en] = [receiptWords.zh, receiptWords.en];
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(String(zh[key])).not.toBe(String(en[key]));
  });
});

it('a shop has a time zone that exists', () => {
  expect(shopSchema.safeParse({ ...shop, timeZone: 'Asia/Nowhere' }).success).toBe(false);
});
