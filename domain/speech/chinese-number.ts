const digits = '零一二三四五六七八九';
const places = ['', '十', '百', '千'];
/** Each stands for four digits more. */
const groups = ['', '万', '亿', '万亿'];

/** Digit by digit. In numbers that are dialled or called out 1 is 幺, since 一 is easily taken for 七; in years it is 一. */
export function chineseDigits(text: string, one: '幺' | '一' = '幺'): string {
  return [...text].map((digit) => (digit === '1' ? one : (digits[Number(digit)] ?? digit))).join('');
}

/** A whole number as it is spoken, of at most 16 digits without a sign: "2026" is 两千零二十六. Longer ones are said digit by digit. */
export function chineseInteger(text: string): string {
  const whole = text.replace(/^0+(?=\d)/, '');
  if (whole === '0') return '零';
  if (whole.length > 16) return chineseDigits(whole);
  const parts: string[] = [];
  const count = Math.ceil(whole.length / 4);
  let gap = false;
  for (let index = count - 1; index >= 0; index -= 1) {
    const end = whole.length - 4 * index;
    const group = whole.slice(Math.max(0, end - 4), end);
    const value = Number(group);
    if (value === 0) {
      gap = true;
      continue;
    }
    if (parts.length > 0 && (gap || value < 1000)) parts.push('零');
    parts.push(ofFour(String(value), parts.length === 0), groups[index] ?? '');
    gap = false;
  }
  return parts.join('').replace(/^二(?=[千万亿])/, '两');
}

/** 1 to 9999. Only where a number begins with it, 一十 is 十. */
function ofFour(text: string, isFirst: boolean): string {
  let said = '';
  let gap = false;
  for (const [index, digit] of [...text].entries()) {
    const place = text.length - 1 - index;
    if (digit === '0') {
      gap = true;
      continue;
    }
    if (gap) said += '零';
    gap = false;
    said += isFirst && said === '' && place === 1 && digit === '1' ? '十' : (digits[Number(digit)] ?? '') + (places[place] ?? '');
  }
  return said;
}

/** "12.50" is 十二点五零; an integer without more. */
export function chineseNumber(text: string): string {
  const [whole = '0', fraction] = text.replaceAll(',', '').split('.');
  return fraction === undefined ? chineseInteger(whole) : `${chineseInteger(whole)}点${chineseDigits(fraction, '一')}`;
}
