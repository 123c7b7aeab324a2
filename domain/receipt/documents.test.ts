import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../language.ts';
import { languages } from '../language.ts';
import { formatMoney, money } from '../money.ts';
import type { TerminalSlip } from '../payment/slip.ts';
import { laidText } from './layout/laid-text.ts';
import { layoutReceipt } from './layout/layout.ts';
import type { Receipt } from './receipt.ts';
import { composeRestockTicket } from './restock-ticket.ts';
import { staffWords } from './staff-words.ts';
import { composeTerminalSlip } from './terminal-slip.ts';
import { sampleKinds, sampleReceipt, shop } from './testing/samples.ts';
import { receiptWords } from './words.ts';
import type { ZReportFacts } from './z-report.ts';
import { composeZReport } from './z-report.ts';

const paper = (receipt: Receipt): string => laidText(layoutReceipt(receipt, 48), 48);
const large = (receipt: Receipt): readonly string[] => receipt.lines.flatMap((line) => (line.kind === 'text' && line.size === 'quadruple' ? [line.text] : []));

describe('the words for staff', () => {
  it('exist in both languages, each its own', () => {
    const [zh, en] = [staffWords.zh, staffWords.en];
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(JSON.stringify(zh[key])).not.toBe(JSON.stringify(en[key]));
  });
});

it.each(sampleKinds.flatMap((kind) => languages.map((language) => [kind, language] as const)))('%s in %s is plain JSON: a job keeps it as text', (kind, language) => {
  const receipt = sampleReceipt(kind, language, 48);
  expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt);
});

describe.each(languages)('the customer (%s)', (language: Language) => {
  const words = receiptWords[language];

  it('who asked for services alone has an order number, and nothing to pick up', () => {
    const text = paper(sampleReceipt('receipt-telecom', language, 48));
    expect(text).toContain(words.orderNumber);
    expect(text).not.toContain(words.pickupNumber);
    expect(paper(sampleReceipt('receipt', language, 48))).toContain(words.pickupNumber);
  });

  it('whose payment was reversed reads so, with the amount, and is promised nothing', () => {
    const text = paper(sampleReceipt('receipt-reversed', language, 48));
    for (const word of [words.paymentReversed, words.returned, '-￥135.00']) expect(text).toContain(word);
    for (const word of [words.pickupNumber, words.service]) expect(text).not.toContain(word);
    expect(paper(sampleReceipt('receipt', language, 48))).not.toContain(words.paymentReversed);
  });
});

describe.each(languages)('a kitchen ticket (%s)', (language) => {
  it('has the number, the dishes and their options, and neither prices nor anything else that was bought', () => {
    const ticket = sampleReceipt('kitchen-ticket', language, 48);
    expect(large(ticket)).toEqual(['A042']);
    const text = JSON.stringify(ticket);
    for (const word of language === 'zh' ? ['2 × 珍珠奶茶', '+ 大杯', '1 × 招牌牛肉面', '+ 不要香菜'] : ['2 × Bubble tea with pearls', '+ Large', '1 × Beef noodles', '+ No coriander']) expect(text).toContain(word);
    expect(text).not.toMatch(/￥|139|USB|umbrella|雨伞|充值|Top-up/);
  });
});

it.each(languages)('a kitchen ticket says whether it is packed, and how often a dish has a side (%s)', (language) => {
  const ticket = JSON.stringify(sampleReceipt('kitchen-ticket', language, 48));
  for (const word of [staffWords[language].take_away, language === 'zh' ? '+ 茶叶蛋 ×2' : '+ Tea egg ×2']) expect(ticket).toContain(word);
  expect(ticket).not.toContain(staffWords[language].eat_in);
});

describe.each(languages)('a staff slip (%s)', (language) => {
  it('has its counted number, the goods with their quantities and options, and nothing else that was bought', () => {
    const text = paper(sampleReceipt('staff-slip', language, 48));
    expect(text).toContain('No. 001207');
    expect(text).toMatch(language === 'zh' ? /□ 自动折叠晴雨伞 +×3\n +蓝色/ : /□ Folding umbrella, automatic +×3\n +Blue/);
    expect(text).toMatch(/ 4$/m);
    expect(text).not.toMatch(/￥|139|奶茶|tea|充值|Top-up/);
  });
});

describe('a restock ticket', () => {
  const items = [
    { name: { zh: '水', en: 'Water' }, count: 3, par: 10, bring: 7 },
    { name: { zh: '伞', en: 'Umbrella' }, count: 5, par: 5, bring: 0 },
    { name: { zh: '线', en: 'Cable' }, count: 9, par: 4, bring: 0 },
  ];
  const ticket = (more: Partial<Parameters<typeof composeRestockTicket>[0]>): Receipt => composeRestockTicket({ shop, at: 0, language: 'en', items, copy: false, ...more });

  it('lists what is below its par, with what to bring', () => {
    expect(paper(ticket({}))).toMatch(/Water +3 +10 +7\n/);
    expect(paper(ticket({}))).not.toMatch(/Umbrella|Cable/);
  });

  it('lists what one of two slots lacks, also where the other has too much', () => {
    expect(paper(ticket({ items: [{ name: { zh: '可乐', en: 'Cola' }, count: 18, par: 20, bring: 6 }, { name: { zh: '茶', en: 'Tea' }, count: 21, par: 20, bring: 4 }] }))).toMatch(/Cola +18 +20 +6\nTea +21 +20 +4\n[^]*Bring +10$/);
  });

  it('says so where nothing is', () => {
    expect(paper(ticket({ items: items.slice(1) }))).toContain('nothing to bring');
  });

  it('names what is past its day and to be taken out, also where nothing is to be brought', () => {
    const old = paper(ticket({ items: [items[1]!, { ...items[2]!, remove: 4 }] }));
    expect(old).toContain('nothing to bring');
    expect(old).toMatch(/Expired, take out +4\n/);
    expect(old).toMatch(/Cable +4$/m);
    expect(paper(ticket({}))).not.toContain('take out');
  });

  it('printed again is a copy', () => {
    expect(paper(ticket({ copy: true }))).toContain('COPY');
  });
});

describe('a Z report', () => {
  const facts: ZReportFacts = {
    shop, language: 'en', number: 7, from: 0, to: 86_400_000, currency: 'EUR', orders: { count: 2, amount: 500 }, freeOrders: 0, refunded: { count: 0, amount: 0 }, firstOrder: 'A001', lastOrder: 'A002', businesses: [], taxes: [],
    cardsOurs: { count: 2, amount: 500 }, cardsTerminal: { count: 2, amount: 500 }, reversed: { count: 0, amount: 0 }, unsettled: 0, copy: false,
  };
  const report = (more: Partial<ZReportFacts>): string => paper(composeZReport({ ...facts, ...more }));

  it('says that the totals agree only where number and amount do', () => {
    const count = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(count, count, count, count, (ours, oursAmount, theirs, theirsAmount) => {
        const text = report({ cardsOurs: { count: ours, amount: oursAmount }, cardsTerminal: { count: theirs, amount: theirsAmount } });
        expect(text.includes('Totals agree')).toBe(ours === theirs && oursAmount === theirsAmount);
        const difference = formatMoney(money(oursAmount - theirsAmount, 'EUR')).replace('€', 'EUR');
        expect(text).toMatch(new RegExp(`Difference +${ours - theirs} +${difference}$`, 'm'));
      }),
    );
  });

  it('of a terminal that gave no total says so, and speaks of no difference', () => {
    const text = report({ cardsTerminal: undefined });
    expect(text).toContain('Terminal did not report');
    expect(text).not.toMatch(/Difference|agree/);
  });

  it('of a day without orders has no first and no last one', () => {
    expect(report({ firstOrder: undefined, lastOrder: undefined })).not.toMatch(/First|Last/);
  });

  it('has what each wallet took beside the cards, and nothing of wallets where there are none', () => {
    expect(report({ wallets: [{ tender: 'alipay', count: 2, amount: 900 }] })).toMatch(/Alipay +2 \/ EUR ?9\.00$/m);
    for (const more of [{}, { wallets: [] }]) expect(report(more)).not.toMatch(/WeChat|Alipay/);
  });

  it('names what waits for a person', () => {
    expect(report({ unsettled: 3 })).toMatch(/Payments to settle +3$/m);
    expect(report({})).not.toContain('settle');
  });
});

describe("the terminal's slip", () => {
  const slip: TerminalSlip = { kind: 'customer', lines: [{ text: 'Terminal-ID   52000001', align: 'left', size: 'normal' }, { text: 'EUR 72,00', align: 'right', size: 'double' }] };

  it('has its lines as they came', () => {
    expect(composeTerminalSlip(slip, 'en', false).lines).toEqual(slip.lines.map((line) => ({ kind: 'text', bold: false, ...line })));
    expect(paper(composeTerminalSlip(slip, 'en', false))).toContain('Terminal-ID   52000001');
  });

  it.each(languages)('printed again is a copy (%s)', (language) => {
    expect(paper(composeTerminalSlip(slip, language, true))).toContain(receiptWords[language].copy);
  });
});

it.each([32, 42, 48])('the test page has a ruler of all %i columns', (columns) => {
  const lines = layoutReceipt(sampleReceipt('test-page', 'en', columns), columns);
  expect(lines).toContainEqual(expect.objectContaining({ text: '1234567890'.repeat(5).slice(0, columns) }));
});

it('a receipt has a barcode for the counter where it is told of one', () => {
  const { lines } = sampleReceipt('receipt', 'en', 48);
  expect(lines).toContainEqual({ kind: 'barcode', data: 'A042-7K2Q9', text: 'A042-7K2Q9' });
});
