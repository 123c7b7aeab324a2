import { describe, expect, it } from 'vitest';
import type { AuditNames, NamedAuditEntry } from '../../../domain/contract/staff.ts';
import { aboutOf } from './audit-about.ts';

const id = '01900000-0000-7000-8000-000000000001';
function both(act: string, subject: string, detail: string, names: AuditNames): readonly string[] {
  const row: NamedAuditEntry = { number: 1, at: 1, act, outcome: 'done', subject, detail, previous: '0'.repeat(64), hash: '0'.repeat(64), names };
  return [aboutOf(row, 'zh'), aboutOf(row, 'en')];
}

describe('what an act was about', () => {
  it('is told by the names that people know, in their language', () => {
    const offer = { zh: '可乐', en: 'Cola' };
    expect(both('orders.refund', id, 'reason twice, part 500', { order: 'A007' })).toEqual(['订单 A007 · reason twice, part 500', 'Order A007 · reason twice, part 500']);
    expect(both('stock.fill', 'A1', `quantity 12, moveId ${id}`, { offer, slot: 'A1' })).toEqual(['A1 可乐 · quantity 12', 'A1 Cola · quantity 12']);
    expect(both('stock.waste', 'cola', `quantity 1, lotId cola-9f, reason expired, moveId ${id}; too_few`, { offer, lot: { bestBefore: '2026-12-24' } })).toEqual([
      '可乐 · quantity 1, 2026-12-24 到期的一批, reason expired; too_few', 'Cola · quantity 1, lot of 2026-12-24, reason expired; too_few',
    ]);
    expect(both('stock.count', 'A1', 'counted 1, lotId cola', { lot: {} })).toEqual(['A1 · counted 1, 没有日期的一批', 'A1 · counted 1, lot without a date']);
    expect(both('attention.decide', id, 'decision leave', { order: 'A007', attention: 'print_uncertain' })[1]).toMatch(/^Order A007: .+ · decision leave$/);
    expect(both('day.reprint', '3', '', {})).toEqual(['日结 3', 'Report Z 3']);
    expect(both('logs.export', '/media/kiosk/STICK', '', { medium: 'STICK' })).toEqual(['STICK', 'STICK']);
  });

  it('is told by the id where the kiosk knows no better', () => {
    expect(both('orders.reprint', id, 'ORDER_UNKNOWN', {})[1]).toBe(`${id} · ORDER_UNKNOWN`);
    expect(both('stock.fill', 'A1', `quantity 12, moveId ${id}; too_many`, {})[1]).toBe(`A1 · quantity 12, moveId ${id}; too_many`);
    expect(both('staff.logout', '', 'idle', {})[1]).toBe('idle');
    expect(both('kiosk.pause', '', '', {})[1]).toBe('');
  });

  it('whoever wrote a reason that looks like an id keeps their words', () => {
    expect(both('orders.refund', id, 'reason lotId x, moveId y', { order: 'A007' })[1]).toBe('Order A007 · reason lotId x, moveId y');
  });
});
