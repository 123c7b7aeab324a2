import type { Language } from '../language.ts';
import { isReference } from '../order/reference.ts';
import { chineseDigits, chineseInteger, chineseNumber } from './chinese-number.ts';
import { unitPattern, unitSpoken } from './units.ts';

interface Rule {
  /** Sticky: tried where the reading stands. Looks back into the text as it was written. */
  readonly pattern: RegExp;
  /** Undefined where it means something else after all. */
  readonly say: (match: RegExpExecArray, language: Language) => string | undefined;
}

const number = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)`;
/** What is counted: before these, and not behind 第, 2 is 两. */
const measures = '件份个杯瓶张项种位次天小时分钟元角分袋盒条包步页台部把双只碗桶块年秒行人';
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const perZh: Readonly<Record<string, string>> = { month: '月', mo: '月', year: '年', yr: '年', day: '天', piece: '件', person: '人' };
const perEn: Readonly<Record<string, string>> = { 月: 'month', mo: 'month', 年: 'year', yr: 'year', 天: 'day', 日: 'day', 件: 'piece', 份: 'portion', 人: 'person', 位: 'person' };

/** In this order: what is more exactly written comes first. */
const rules: readonly Rule[] = [
  {
    pattern: /(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d-])/y,
    say([, year = '', , month = '', day = ''], language) {
      if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
      return language === 'zh' ? `${chineseDigits(year, '一')}年${chineseInteger(month)}月${chineseInteger(day)}日` : `${Number(day)} ${months[Number(month) - 1]} ${year}`;
    },
  },
  {
    // A shop may be open until 24:00.
    pattern: /(?<![\d:])([01]?\d|2[0-3]|24(?=[:：]00))[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:])/y,
    say: ([, hour = '', minute = '', second], language) => (language === 'zh' ? timeZh(hour, minute, second) : timeEn(hour, minute, second)),
  },
  {
    pattern: new RegExp(String.raw`([-−]?)([￥¥€])\s?([-−]?)(${number})(?:\.(\d+))?`, 'y'),
    say: ([, before = '', symbol = '', after = '', whole = '', fraction = ''], language) => moneySpoken(before + after !== '', symbol, whole, fraction, language),
  },
  { pattern: new RegExp(String.raw`(${number})\.(\d{1,2})\s?元`, 'y'), say: ([, whole = '', fraction = ''], language) => moneySpoken(false, '￥', whole, fraction, language) },
  {
    // What stands for a hidden digit is not read star by star.
    pattern: /(\d+)?[ -]?(?:[*＊•●]{2,}[ -]?)+(\d+)?/y,
    say([, before = '', after = ''], language) {
      const ending = language === 'zh' ? `尾号${chineseDigits(after)}` : `ending in ${spaced(after)}`;
      const hidden = language === 'zh' ? '后面隐藏' : 'the rest hidden';
      const parts = [before === '' ? '' : byDigit(before, language), after === '' ? (before === '' ? '' : hidden) : ending].filter((part) => part !== '');
      return parts.join(comma(language));
    },
  },
  { pattern: /(?<![\d.,])(?:(\+?86)[ -]?)?(1[3-9]\d)([ -]?)(\d{4})\3(\d{4})(?![\d.])/y, say: ([, country, first = '', , second = '', third = ''], language) => groupsSpoken([country, first, second, third], language) },
  // Service numbers, lines with an area code, numbers abroad.
  { pattern: /(?<![\d.,])([48]00)[ -]?(\d{3,4})[ -]?(\d{3,4})(?![\d.])/y, say: ([, ...groups], language) => groupsSpoken(groups, language) },
  { pattern: /(?<![\d.,])(0\d{2,3})[ -](\d{3,4})[ -]?(\d{4})(?!\d)/y, say: ([, ...groups], language) => groupsSpoken(groups, language) },
  { pattern: /(?<![\d.,])\+(\d{1,3})((?:[ -]?\d{2,})+)(?!\d)/y, say: ([, country = '', rest = ''], language) => groupsSpoken([`+${country}`, ...rest.split(/[ -]/)], language) },
  {
    // A carrier's, a bank's or the city's line; "10000 mAh" is counted.
    pattern: new RegExp(String.raw`(?<![\d.,￥¥€])(1[01]0\d\d|12\d{3}|95\d{3,4}|96\d{3,4})(?![\d.,%A-Za-z])(?!\s?[${measures}毫])(?!\s(?:${unitPattern})(?![A-Za-z]))`, 'iy'),
    say: ([text = ''], language) => byDigit(text, language),
  },
  // The last digits of a card or an account.
  { pattern: /(?<=(?:尾号(?:为|是)?|ending in)\s?)\d{3,6}(?!\d)/iy, say: ([text], language) => byDigit(text, language) },
  // "A042", "UB-2026-0042": called out sign by sign.
  { pattern: /(?<![A-Za-z\d])([A-Z]{1,3})(\d{2,})(?![A-Za-z\d])/y, say: ([, letters = '', code = ''], language) => `${spaced(letters)} ${byDigit(code, language)}` },
  {
    pattern: /(?<![A-Za-z\d-])(?=[A-Z\d-]*\d)(?:[A-Z]+[A-Z\d]*|\d+)(?:-[A-Z\d]+){1,}(?![A-Za-z\d-])/y,
    say([text], language) {
      if (/^\d+-\d+$/.test(text)) return undefined;
      const parts = text.split('-').map((part) => part.replace(/\d+|[A-Z]+/g, (run) => (/\d/.test(run) ? ` ${byDigit(run, language)} ` : spaced(run))).trim());
      return parts.join(comma(language));
    },
  },
  // "LB7D85740AEC97", "K7M29QXAC": a reference of a carrier or of an application, which may be letters alone and then has a check sign.
  {
    pattern: /(?<![A-Za-z\d-])[A-Z\d]{8,}(?![A-Za-z\d-])/y,
    say: ([text], language) => (/[A-Z]/.test(text) && (/\d/.test(text) || isReference(text)) ? (text.match(/.{1,4}/g) ?? []).map((group) => signBySign(group, language)).join(comma(language)) : undefined),
  },
  { pattern: /\d(?: \d){2,}(?!\d)/y, say: ([text], language) => byDigit(text.replaceAll(' ', ''), language) },
  {
    pattern: new RegExp(String.raw`(${number}(?:\.\d+)?)\s?[%％]`, 'y'),
    say: ([, value = ''], language) => (language === 'zh' ? `百分之${chineseNumber(value)}` : `${value.replaceAll(',', '')} percent`),
  },
  { pattern: /(?<![\d/.])(\d{1,3})\s?\/\s?(\d{1,3})(?![\d/.])/y, say: ([, position = '', count = ''], language) => (language === 'zh' ? `${chineseInteger(position)}，共${chineseInteger(count)}` : `${position} of ${count}`) },
  { pattern: /(?<=\d)\s?[×✕]\s?(?=\d)/y, say: (_, language) => (language === 'zh' ? '乘' : ' by ') },
  { pattern: /(?<![A-Za-z\d])[×✕xX]\s?(\d+)(?![A-Za-z\d.])/y, say: ([, count = ''], language) => (language === 'zh' ? `，数量${chineseInteger(count)}` : `, quantity ${count}`) },
  { pattern: /(?<=\d)\s?[-–—~～]\s?(?=\d)/y, say: (_, language) => (language === 'zh' ? '到' : ' to ') },
  { pattern: /(?<![\p{L}\p{N}])[-−](?=\d)/uy, say: (_, language) => (language === 'zh' ? '负' : 'minus ') },
  { pattern: /(\d{4})(?=\s?年)/y, say: ([year], language) => (language === 'zh' ? chineseDigits(year, '一') : undefined) },
  { pattern: /(?<![\d.,])(?:0\d+|\d{9,})(?![\d.])/y, say: ([text], language) => byDigit(text, language) },
  {
    pattern: new RegExp(String.raw`(${number}(?:\.\d+)?)\s?(${unitPattern})(?![A-Za-z])`, 'iy'),
    say([text, value = '', letters = ''], language) {
      // Written close to its number, it is a plural or a model: "1990s", "iPhone 6s".
      if (letters === 's' && text.endsWith(`${value}s`)) return undefined;
      const unit = unitSpoken(letters, value, language);
      if (unit === undefined) return undefined;
      return language === 'zh' ? `${value === '2' ? '两' : chineseNumber(value)}${unit}` : `${value.replaceAll(',', '')} ${unit}`;
    },
  },
  {
    pattern: new RegExp(String.raw`${number}(?:\.\d+)?`, 'y'),
    say({ 0: value, index, input }, language) {
      if (language === 'en') return value.replaceAll(',', '');
      const isCounted = value === '2' && new RegExp(`^\\s?[${measures}]`).test(input.slice(index + 1)) && !/第\s?$/.test(input.slice(0, index));
      return isCounted ? '两' : chineseNumber(value);
    },
  },
  { pattern: /\s?\/\s?([A-Za-z]+|[月年天日件份人位次])(?![A-Za-z])/y, say: ([, what = ''], language) => (language === 'zh' ? (perZh[what] ?? (/^\p{Script=Han}$/u.test(what) ? what : undefined))?.replace(/^/, '每') : perEnglish(what)) },
  { pattern: /\s?[·•|]\s?|\s\/\s/y, say: (_, language) => comma(language) },
  { pattern: /\s?(?:→|->)\s?/y, say: (_, language) => (language === 'zh' ? '到' : ' to ') },
  { pattern: /\s?[&＆]\s?/y, say: (_, language) => (language === 'zh' ? '和' : ' and ') },
  { pattern: /(?<![A-Za-z])[+＋]\s?(?=[\d￥¥€])/y, say: (_, language) => (language === 'zh' ? '加' : 'plus ') },
  { pattern: /\p{Extended_Pictographic}|\u{200d}|\u{fe0f}/uy, say: () => '' },
];

/**
 * Text as it stands on the screen, as words to be spoken: prices, counts with their units, phone numbers by digit in groups, codes sign by sign, dates and
 * times. Chinese comes out without a digit; English keeps those that an English voice reads as meant. What is secret (a PIN) never comes here.
 */
export function toSpoken(text: string, language: Language): string {
  const source = text.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2460-\u2473]/g, (sign) => sign.normalize('NFKC')).replace(/\s+/g, ' ');
  let said = '';
  let at = 0;
  while (at < source.length) {
    const step = wordsAt(source, at, language);
    said += step.words;
    at = step.next;
  }
  return tidy(said, language);
}

function wordsAt(source: string, at: number, language: Language): { readonly words: string; readonly next: number } {
  for (const { pattern, say } of rules) {
    // Set before every use, so that nothing is kept between two.
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    const words = match && match[0] !== '' ? say(match, language) : undefined;
    if (match && words !== undefined) return { words, next: at + match[0].length };
  }
  const sign = String.fromCodePoint(source.codePointAt(at) ?? 0x20);
  return { words: sign, next: at + sign.length };
}

function tidy(said: string, language: Language): string {
  const blanks = said.replace(/\s+/g, ' ').trim();
  if (language === 'en') return blanks.replace(/\s+([,.])/g, '$1').replace(/,(?:\s*,)+/g, ',').replace(/^[,\s]+/, '');
  // Between two characters a blank is only for the eye.
  return blanks.replace(/(?<=[\p{Script=Han}，。！？：；、]) (?=[\p{Script=Han}，。！？：；、])/gu, '').replace(/，(?:\s*，)+/g, '，').replace(/^[，\s]+/, '').replace(/ (?=，)|(?<=，) /g, '');
}

function comma(language: Language): string {
  return language === 'zh' ? '，' : ', ';
}

function spaced(text: string): string {
  return [...text].join(' ');
}

/** Long ones in groups of four, so that one can follow; a mobile number as people say it. */
function byDigit(text: string, language: Language): string {
  const mobile = /^(1[3-9]\d)(\d{4})(\d{4})$/.exec(text)?.slice(1);
  const groups = mobile ?? (text.length > 6 ? (text.match(/\d{1,4}/g) ?? []) : [text]);
  return groups.map((group) => (language === 'zh' ? chineseDigits(group) : spaced(group))).join(comma(language));
}

/** Letters and digits, each by itself. */
function signBySign(text: string, language: Language): string {
  return spaced(language === 'zh' ? chineseDigits(text) : text);
}

function groupsSpoken(groups: readonly (string | undefined)[], language: Language): string {
  return groups
    .filter((group) => group !== undefined && group !== '')
    .map((group) => {
      const plus = group?.startsWith('+') ? (language === 'zh' ? '加' : 'plus ') : '';
      const digits = (group ?? '').replace('+', '');
      return plus + (language === 'zh' ? chineseDigits(digits) : spaced(digits));
    })
    .join(comma(language));
}

function moneySpoken(isNegative: boolean, symbol: string, whole: string, fraction: string, language: Language): string {
  const yuan = whole.replaceAll(',', '').replace(/^0+(?=\d)/, '');
  const cents = fraction.length > 2 ? undefined : fraction.padEnd(2, '0');
  const sign = isNegative ? (language === 'zh' ? '负' : 'minus ') : '';
  return sign + (language === 'zh' ? moneyZh(symbol, yuan, fraction, cents) : moneyEn(symbol, yuan, fraction, cents));
}

function moneyZh(symbol: string, yuan: string, fraction: string, cents: string | undefined): string {
  const unit = symbol === '€' ? '欧元' : '元';
  if (cents === undefined) return `${chineseNumber(`${yuan}.${fraction}`)}${unit}`;
  const whole = yuan === '2' ? '两' : chineseInteger(yuan);
  if (cents === '00') return whole + unit;
  if (symbol === '€') return `${yuan === '0' ? '' : whole + unit}${chineseInteger(cents)}欧分`;
  const [jiao = '0', fen = '0'] = cents;
  const head = yuan === '0' ? '' : whole + unit;
  const two = (digit: string) => (digit === '2' && head === '' ? '两' : chineseInteger(digit));
  if (jiao === '0') return `${head}${head === '' ? '' : '零'}${two(fen)}分`;
  return `${head}${two(jiao)}角${fen === '0' ? '' : `${chineseInteger(fen)}分`}`;
}

function moneyEn(symbol: string, yuan: string, fraction: string, cents: string | undefined): string {
  const unit = symbol === '€' ? (yuan === '1' ? 'euro' : 'euros') : 'yuan';
  if (cents === undefined) return `${yuan}.${fraction} ${unit}`;
  if (cents === '00') return `${yuan} ${unit}`;
  return `${yuan} ${unit} ${cents.startsWith('0') ? `oh ${cents.slice(1)}` : cents}`;
}

function timeZh(hour: string, minute: string, second: string | undefined): string {
  const below = (text: string) => `${text.startsWith('0') ? '零' : ''}${chineseInteger(text)}`;
  const rest = minute === '00' && second === undefined ? '整' : `${minute === '00' ? '零' : below(minute)}分${second === undefined ? '' : `${below(second)}秒`}`;
  return `${hour === '2' || hour === '02' ? '两' : chineseInteger(hour)}点${rest}`;
}

function timeEn(hour: string, minute: string, second: string | undefined): string {
  const seconds = second === undefined ? '' : ` and ${Number(second)} seconds`;
  if (minute === '00') return `${Number(hour)} o'clock${seconds}`;
  return `${Number(hour)} ${minute.startsWith('0') ? `oh ${Number(minute)}` : minute}${seconds}`;
}

function perEnglish(what: string): string | undefined {
  const unit = perEn[what] ?? (what in perZh ? what : undefined);
  return unit === undefined ? undefined : ` per ${unit}`;
}
