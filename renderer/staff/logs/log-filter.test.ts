import { describe, expect, it } from 'vitest';
import { staffRequests } from '../../../domain/contract/staff.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { filterOf, firstChoice, logTime } from './log-filter.ts';

describe('the filter of the log', () => {
  it('says what was chosen, and nothing of what was not', () => {
    expect(filterOf({ ...firstChoice, span: 'all' }, 5)).toEqual({});
    expect(filterOf({ ...firstChoice, span: 'hour', weight: 'warn', source: 'payments', text: '  小票 x ', code: 'DISK_LOW', event: 'print.done' }, 10_000_000)).toEqual({
      from: 6_400_000, levels: ['warn', 'error'], sources: ['payments'], text: '小票 x', code: 'DISK_LOW', event: 'print.done',
    });
    expect(filterOf({ ...firstChoice, weight: 'error', orderId: '019a0000-0000-7000-8000-00000000000a' }, 100_000_000)).toMatchObject({ levels: ['error'], orderId: '019a0000-0000-7000-8000-00000000000a' });
  });

  it('fits the contract whatever is chosen', () => {
    for (const weight of ['all', 'warn', 'error'] as const)
      for (const span of ['hour', 'day', 'week', 'all'] as const) expect(staffRequests['logs.find'].params.safeParse({ filter: filterOf({ ...firstChoice, weight, span }, Date.now()), limit: 200 }).success).toBe(true);
  });

  it("shows times of the kiosk's place", () => {
    expect(logTime(Date.UTC(2026, 10, 23, 16, 5, 9, 7), 'Asia/Shanghai')).toBe('11-24 00:05:09');
    expect(logTime(Date.UTC(2026, 10, 23, 16, 5, 9, 7), 'Asia/Shanghai', true)).toBe('11-24 00:05:09.007');
  });

  it('has the same words for names in both languages', () => {
    expect(Object.keys(staffLogsWords.zh.titles)).toEqual(Object.keys(staffLogsWords.en.titles));
  });
});
