/** China's time is so far ahead of UTC, summer and winter. */
export const chinaOffsetMs = 8 * 3_600_000;

/** "2026-11-23 12:30:05" in China's time, which has known no summer time since 1991. */
export function chinaTime(at: number): string {
  return new Date(at + chinaOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** "2026-11-23" in China's time. */
export function chinaDay(at: number): string {
  return chinaTime(at).slice(0, 10);
}

export function chinaHour(at: number): number {
  return new Date(at + chinaOffsetMs).getUTCHours();
}

/** Epoch milliseconds of "2026-11-23 12:30:05" (or with slashes, without seconds, as older bills have it) in China's time. */
export function readChinaTime(text: string): number | undefined {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // Otherwise the 31st of February is taken for one in March, and a 13th month for January.
  return month <= 12 && new Date(at).getUTCDate() === day && hour < 24 && minute < 60 && second < 60 ? at - chinaOffsetMs : undefined;
}

/** RFC 3339 with China's offset, as WeChat Pay wants `time_expire`. */
export function chinaRfc3339(at: number): string {
  return `${chinaTime(at).replace(' ', 'T')}+08:00`;
}

/** Where a day's bill stands: gateways write it in the morning of the next day, China's time. */
export function billIsDue(day: string, now: number): 'too_soon' | 'maybe' | 'surely' {
  if (day >= chinaDay(now)) return 'too_soon';
  return day === chinaDay(now - 86_400_000) && chinaHour(now) < 11 ? 'maybe' : 'surely';
}
