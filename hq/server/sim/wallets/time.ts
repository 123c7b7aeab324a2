/** Both gateways live in China's time, UTC+8 without summer time. */
const offsetMs = 8 * 3_600_000;

export interface ChinaTime {
  /** YYYY-MM-DD */
  readonly day: string;
  /** HH:mm:ss */
  readonly time: string;
  /** RFC 3339 with +08:00 */
  readonly rfc3339: string;
}

export function chinaTime(at: number): ChinaTime {
  const text = new Date(at + offsetMs).toISOString();
  const day = text.slice(0, 10);
  const time = text.slice(11, 19);
  return { day, time, rfc3339: `${day}T${time}+08:00` };
}

/** "2026-11-23 12:00:00" of China. Undefined where it is no such text. */
export function fromChinaText(text: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const at = found ? Date.parse(`${found[1]}T${found[2]}+08:00`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Whether "YYYY-MM-DD" is a day of the calendar. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
