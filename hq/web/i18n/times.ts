import type { Language } from '../../../domain/language.ts';

const localeOf = { zh: 'zh-CN', en: 'en-GB' } as const satisfies Record<Language, string>;

/**
 * "13:05:20" today, "22 Nov, 13:05" before: the browser's own zone, which the page names.
 * @param today as `Date.prototype.toDateString` writes it
 */
export function formatTime(at: number, today: string, language: Language): string {
  const isToday = new Date(at).toDateString() === today;
  return new Intl.DateTimeFormat(localeOf[language], isToday
    ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
    : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** To the millisecond, for one order's events. */
export function formatPreciseTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf[language], {
    hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23',
  }).format(at);
}

export function formatFullTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf[language], {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
  }).format(at);
}

export function zoneName(language: Language): string {
  const parts = new Intl.DateTimeFormat(localeOf[language], { timeZoneName: 'short' }).formatToParts(0);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const short = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return short && short !== timeZone ? `${timeZone} (${short})` : timeZone;
}

/** "4 min ago": seconds, minutes, hours, days, whichever is the largest. */
export function formatAgo(at: number, now: number, language: Language): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  const steps = [[86_400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']] as const;
  const [size, unit] = steps.find(([length]) => seconds >= length) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(localeOf[language], { numeric: 'always', style: 'short' }).format(-Math.floor(seconds / size), unit);
}

/** "0.4 s", "3 min". */
export function formatDuration(ms: number, language: Language): string {
  const [value, unit] = ms < 60_000 ? [ms / 1000, 'second'] : ms < 3_600_000 ? [ms / 60_000, 'minute'] : ms < 86_400_000 ? [ms / 3_600_000, 'hour'] : [ms / 86_400_000, 'day'];
  return new Intl.NumberFormat(localeOf[language], { style: 'unit', unit: String(unit), unitDisplay: 'short', maximumFractionDigits: 1 }).format(Number(value));
}
