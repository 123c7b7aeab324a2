import type { LogFilter } from '../../../domain/contract/staff.ts';
import type { LogSpan, LogWeight } from '../../i18n/areas/staff-logs.ts';

/** What somebody has chosen, as it stands on the screen. */
export interface LogChoice {
  readonly weight: LogWeight;
  readonly span: LogSpan;
  /** Undefined: all. */
  readonly source: string | undefined;
  readonly text: string;
  readonly code: string | undefined;
  readonly event: string | undefined;
  readonly orderId: string | undefined;
}

export const firstChoice: LogChoice = { weight: 'all', span: 'day', source: undefined, text: '', code: undefined, event: undefined, orderId: undefined };

const hourMs = 3_600_000;
const spanMs: Readonly<Record<LogSpan, number | undefined>> = { hour: hourMs, day: 24 * hourMs, week: 168 * hourMs, all: undefined };

/** @param now epoch milliseconds: what is chosen as "the last hour" is that of the question */
export function filterOf({ weight, span, source, text, code, event, orderId }: LogChoice, now: number): LogFilter {
  const length = spanMs[span];
  return {
    ...(length === undefined ? {} : { from: now - length }),
    ...(weight === 'all' ? {} : { levels: weight === 'warn' ? ['warn' as const, 'error' as const] : ['error' as const] }),
    ...(source === undefined ? {} : { sources: [source] }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(code === undefined ? {} : { code }),
    ...(event === undefined ? {} : { event }),
    ...(orderId === undefined ? {} : { orderId: orderId as NonNullable<LogFilter['orderId']> }),
  };
}

/** "11-23 14:05:09" where the kiosk stands. @param precise with milliseconds, for what follows closely */
export function logTime(at: number, timeZone: string, precise = false): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', ...(precise ? { fractionalSecondDigits: 3 as const } : {}),
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}${precise ? `.${part('fractionalSecond')}` : ''}`;
}
