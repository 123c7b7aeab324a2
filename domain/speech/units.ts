import type { Language } from '../language.ts';

interface Unit {
  readonly zh: string;
  /** One, and more than one. */
  readonly en: readonly [string, string];
}

/** Letters that stand behind a number, as they are spoken. Where case matters (Mb, MB) nobody writes it rightly, so it does not matter here. */
const units: Readonly<Record<string, Unit>> = {
  gb: { zh: 'GB', en: ['gigabyte', 'gigabytes'] },
  mb: { zh: '兆', en: ['megabyte', 'megabytes'] },
  kb: { zh: 'KB', en: ['kilobyte', 'kilobytes'] },
  tb: { zh: 'TB', en: ['terabyte', 'terabytes'] },
  mbps: { zh: '兆每秒', en: ['megabit per second', 'megabits per second'] },
  gbps: { zh: '千兆每秒', en: ['gigabit per second', 'gigabits per second'] },
  ml: { zh: '毫升', en: ['millilitre', 'millilitres'] },
  l: { zh: '升', en: ['litre', 'litres'] },
  g: { zh: '克', en: ['gram', 'grams'] },
  kg: { zh: '千克', en: ['kilogram', 'kilograms'] },
  mm: { zh: '毫米', en: ['millimetre', 'millimetres'] },
  cm: { zh: '厘米', en: ['centimetre', 'centimetres'] },
  m: { zh: '米', en: ['metre', 'metres'] },
  km: { zh: '公里', en: ['kilometre', 'kilometres'] },
  w: { zh: '瓦', en: ['watt', 'watts'] },
  v: { zh: '伏', en: ['volt', 'volts'] },
  mah: { zh: '毫安时', en: ['milliamp hour', 'milliamp hours'] },
  kcal: { zh: '千卡', en: ['kilocalorie', 'kilocalories'] },
  min: { zh: '分钟', en: ['minute', 'minutes'] },
  s: { zh: '秒', en: ['second', 'seconds'] },
  h: { zh: '小时', en: ['hour', 'hours'] },
  '℃': { zh: '摄氏度', en: ['degree Celsius', 'degrees Celsius'] },
  '°c': { zh: '摄氏度', en: ['degree Celsius', 'degrees Celsius'] },
};

/** For a pattern: every unit, the longest first. */
export const unitPattern = Object.keys(units).sort((left, right) => right.length - left.length).join('|');

/**
 * As it is spoken behind `count`. Undefined where the letters mean something else: "5G" and "4G" are networks, written with a capital that
 * a gram never has.
 */
export function unitSpoken(letters: string, count: string, language: Language): string | undefined {
  if (letters === 'G' || letters === 'V' || letters === 'H' || letters === 'M' || letters === 'S') return undefined;
  const unit = units[letters.toLowerCase()];
  if (!unit) return undefined;
  return language === 'zh' ? unit.zh : unit.en[count === '1' ? 0 : 1];
}
