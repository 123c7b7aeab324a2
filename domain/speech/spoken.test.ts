import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Currency } from '../money.ts';
import { formatMoney, money } from '../money.ts';
import { chineseInteger } from './chinese-number.ts';
import { sentencesOf } from './sentences.ts';
import { toSpoken } from './spoken.ts';

describe('text of the screen as words', () => {
  it.each([
    ['￥12.50', '十二元五角', '12 yuan 50'],
    ['￥12.05', '十二元零五分', '12 yuan oh 5'],
    ['￥12.55', '十二元五角五分', '12 yuan 55'],
    ['￥0.50', '五角', '0 yuan 50'],
    ['￥0.02', '两分', '0 yuan oh 2'],
    ['￥0.00', '零元', '0 yuan'],
    ['￥2.00', '两元', '2 yuan'],
    ['￥20.00', '二十元', '20 yuan'],
    ['￥1,280.00', '一千二百八十元', '1280 yuan'],
    ['￥10,005.10', '一万零五元一角', '10005 yuan 10'],
    ['-￥5.00', '负五元', 'minus 5 yuan'],
    ['€1.00', '一欧元', '1 euro'],
    ['€3.99', '三欧元九十九欧分', '3 euros 99'],
    ['+￥3.00', '加三元', 'plus 3 yuan'],
    ['￥39/月', '三十九元每月', '39 yuan per month'],
    ['￥39/month', '三十九元每月', '39 yuan per month'],
    ['付款 ￥23.50', '付款二十三元五角', '付款 23 yuan 50'],
    ['Pay ￥23.50', 'Pay 二十三元五角', 'Pay 23 yuan 50'],
  ])('says the amount %s', (text, zh, en) => {
    expect([toSpoken(text, 'zh'), toSpoken(text, 'en')]).toEqual([zh, en]);
  });

  it.each([
    ['2 件', '两件'], ['12 件', '十二件'], ['22 个', '二十二个'], ['第 2 项，共 8 项', '第二项，共八项'], ['2月', '二月'], ['×2', '数量二'], ['可乐 ×2', '可乐，数量二'], ['10 秒', '十秒'],
    ['110 人', '一百一十人'], ['30GB', '三十GB'], ['2 GB', '两GB'], ['500MB', '五百兆'], ['1000Mbps', '一千兆每秒'], ['5G', '五G'], ['550ml', '五百五十毫升'], ['6%', '百分之六'], ['12.5%', '百分之十二点五'],
    ['10-30 秒', '十到三十秒'], ['3/8', '三，共八'], ['-5℃', '负五摄氏度'], ['20,000 件', '两万件'], ['iPhone15', 'iPhone十五'], ['①', '一'], ['１２ 件', '十二件'], ['2000', '两千'],
    ['10000 mAh', '一万毫安时'], ['10000 毫安时', '一万毫安时'], ['18 s', '十八秒'], ['2 s', '两秒'], ['iPhone 6s', 'iPhone 六s'],
  ])('says %s in Chinese as %s', (text, words) => {
    expect(toSpoken(text, 'zh')).toBe(words);
  });

  it.each([
    ['1 GB', '1 gigabyte'], ['30GB', '30 gigabytes'], ['5G plan', '5G plan'], ['Cola ×2', 'Cola, quantity 2'], ['6%', '6 percent'], ['3/8', '3 of 8'], ['10–30 seconds', '10 to 30 seconds'], ['1,280 points', '1280 points'],
    ['550 ml', '550 millilitres'], ['Tea & cake', 'Tea and cake'],
    ['10000 mAh', '10000 milliamp hours'], ['Back in 18 s', 'Back in 18 seconds'], ['1 s', '1 second'], ['1990s', '1990s'],
  ])('says %s in English as %s', (text, words) => {
    expect(toSpoken(text, 'en')).toBe(words);
  });

  it.each([
    ['139 1234 5678', '幺三九，幺二三四，五六七八', '1 3 9, 1 2 3 4, 5 6 7 8'],
    ['13912345678', '幺三九，幺二三四，五六七八', '1 3 9, 1 2 3 4, 5 6 7 8'],
    ['+86 139-1234-5678', '加八六，幺三九，幺二三四，五六七八', 'plus 8 6, 1 3 9, 1 2 3 4, 5 6 7 8'],
    ['139****5678', '幺三九，尾号五六七八', '1 3 9, ending in 5 6 7 8'],
    ['139 **** 5678', '幺三九，尾号五六七八', '1 3 9, ending in 5 6 7 8'],
    ['**** **** **** 1234', '尾号幺二三四', 'ending in 1 2 3 4'],
    ['10086', '幺零零八六', '1 0 0 8 6'],
    ['400-800-1234', '四零零，八零零，幺二三四', '4 0 0, 8 0 0, 1 2 3 4'],
    ['0755-1234 5678', '零七五五，幺二三四，五六七八', '0 7 5 5, 1 2 3 4, 5 6 7 8'],
    ['1 3 9 1', '幺三九幺', '1 3 9 1'],
    ['1 3 9 1 2 3 4 5 6 7 8', '幺三九，幺二三四，五六七八', '1 3 9, 1 2 3 4, 5 6 7 8'],
    ['A042', 'A 零四二', 'A 0 4 2'],
    ['UB-2026-0042', 'U B，二零二六，零零四二', 'U B, 2 0 2 6, 0 0 4 2'],
    ['042', '零四二', '0 4 2'],
    ['尾号 1234', '尾号幺二三四', '尾号 1 2 3 4'],
    ['ending in 1234', 'ending in 幺二三四', 'ending in 1 2 3 4'],
    ['K7M29QXAC', 'K 七 M 二，九 Q X A，C', 'K 7 M 2, 9 Q X A, C'],
    // Letters alone, and a check sign that fits.
    ['KXMPQXACZ', 'K X M P，Q X A C，Z', 'K X M P, Q X A C, Z'],
    ['WASHROOMS', 'WASHROOMS', 'WASHROOMS'],
    ['LB7D85740AEC97', 'L B 七 D，八五七四，零 A E C，九七', 'L B 7 D, 8 5 7 4, 0 A E C, 9 7'],
  ])('says the number %s by its digits', (text, zh, en) => {
    expect([toSpoken(text, 'zh'), toSpoken(text, 'en')]).toEqual([zh, en]);
  });

  it.each([
    ['2026-11-02', '二零二六年十一月二日', '2 November 2026'],
    ['2026年11月22日', '二零二六年十一月二十二日', '2026年11月22日'],
    ['14:05', '十四点零五分', '14 oh 5'],
    ['14:30', '十四点三十分', '14 30'],
    ['02:00', '两点整', "2 o'clock"],
    ['06:00–24:00', '六点整到二十四点整', "6 o'clock to 24 o'clock"],
    ['2026-13-45', '二零二六，幺三，四五', '2 0 2 6, 1 3, 4 5'],
  ])('says the date or time %s', (text, zh, en) => {
    expect([toSpoken(text, 'zh'), toSpoken(text, 'en')]).toEqual([zh, en]);
  });

  it('says nothing of pictures, and a breath in place of a dot', () => {
    expect(toSpoken('🍔 汉堡 · 大份', 'zh')).toBe('汉堡，大份');
  });

  it('leaves no digit in Chinese, whatever comes', () => {
    const piece = fc.oneof(fc.constantFrom('￥', '-', '.', ',', '×', '/', ':', '%', '*', ' ', '件', '第', '年', 'GB', 'A', '+', '～', '０', '９', '③'), fc.nat({ max: 10 ** 12 }).map(String), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(toSpoken(pieces.join(''), 'zh')).not.toMatch(/[0-9\uff10-\uff19]/);
      }),
      { numRuns: 500 },
    );
  });

  it('loses no character and no word around the numbers, in either language', () => {
    const word = fc.constantFrom('可乐', '套餐', '加入', 'cola', 'plan', 'WiFi', '，', '。');
    const figure = fc.oneof(fc.nat({ max: 99_999 }).map(String), fc.nat({ max: 99_999 }).map((amount) => formatMoney(money(amount, 'CNY'))), fc.constantFrom('139 1234 5678', 'A042', '30GB', '6%', '×3'));
    const letters = (text: string) => text.replace(/[^\p{L}]/gu, '');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, figure), { maxLength: 8 }), fc.constantFrom('zh' as const, 'en' as const), (pairs, language) => {
        const said = toSpoken(pairs.map(([text, number]) => `${text} ${number} `).join(''), language);
        let at = 0;
        for (const [text] of pairs) {
          if (letters(text) === '') continue;
          const found = said.indexOf(text, at);
          expect(found, `${text} in ${said}`).toBeGreaterThanOrEqual(at);
          at = found + text.length;
        }
      }),
    );
  });

  it('says every amount so that it can be told back', () => {
    const currencies: readonly Currency[] = ['CNY'];
    fc.assert(
      fc.property(fc.nat({ max: 99_999_999 }), fc.constantFrom(...currencies), (amount, currency) => {
        expect(amountOf(toSpoken(formatMoney(money(amount, currency)), 'zh'))).toBe(amount);
      }),
      { numRuns: 500 },
    );
  });
});

describe('whole numbers in Chinese', () => {
  it.each([
    ['0', '零'], ['10', '十'], ['15', '十五'], ['20', '二十'], ['100', '一百'], ['101', '一百零一'], ['110', '一百一十'], ['1001', '一千零一'], ['1010', '一千零一十'], ['10000', '一万'], ['100000', '十万'],
    ['10010', '一万零一十'], ['110000', '十一万'], ['1000000', '一百万'], ['100000000', '一亿'], ['100010001', '一亿零一万零一'], ['2000', '两千'], ['20000', '两万'], ['0012', '十二'],
  ])('%s is %s', (text, words) => {
    expect(chineseInteger(text)).toBe(words);
  });

  it('can be told back', () => {
    fc.assert(fc.property(fc.nat({ max: 999_999_999 }), (value) => void expect(integerOf(chineseInteger(String(value)))).toBe(value)));
  });
});

describe('sentences', () => {
  it('end at their signs, and not in the middle of a number', () => {
    expect(sentencesOf('请付款。合计十元！ Pay 12.5 now. Thank you')).toEqual(['请付款。', '合计十元！', 'Pay 12.5 now.', 'Thank you']);
  });

  it('say nothing where there is nothing to say', () => {
    expect(sentencesOf(' 。…… ')).toEqual([]);
  });

  it('are short enough for a breath, and lose nothing but blanks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('可乐', ' ', '，', '。', 'word', '😀', 'a'), { maxLength: 500 }), (pieces) => {
        const text = pieces.join('');
        const sentences = sentencesOf(text);
        for (const sentence of sentences) expect(sentence.length).toBeLessThanOrEqual(160);
        const letters = (value: string) => value.replace(/[^\p{L}]/gu, '');
        expect(letters(sentences.join(''))).toBe(letters(text));
      }),
    );
  });
});

/** Reads Chinese numbers back by their own grammar: units multiply what stands before them. */
function integerOf(words: string): number {
  const digit = (sign: string) => (sign === '两' ? 2 : '零一二三四五六七八九'.indexOf(sign));
  let total = 0;
  let group = 0;
  let last = 0;
  for (const sign of words) {
    const place = { 十: 10, 百: 100, 千: 1000 }[sign];
    const big = { 万: 10 ** 4, 亿: 10 ** 8 }[sign];
    if (place !== undefined) {
      group += (last === 0 ? 1 : last) * place;
      last = 0;
    } else if (big !== undefined) {
      total += (group + last) * big;
      group = last = 0;
    } else last = digit(sign);
  }
  return total + group + last;
}

function amountOf(words: string): number {
  const [, yuan = '', jiao = '', fen = ''] = /^(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?$/.exec(words) ?? [];
  return integerOf(yuan) * 100 + integerOf(jiao) * 10 + integerOf(fen);
}
