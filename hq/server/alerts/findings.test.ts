import { describe, expect, test } from 'vitest';
import type { DeviceState } from '../../../domain/device/state.ts';
import type { AlertRule } from '../../contract/api/alerts.ts';
import { watchedKinds } from '../../contract/api/alerts.ts';
import type { PaymentCounts, WatchedKiosk } from './findings.ts';
import { findingsOf, hoursLookedBack } from './findings.ts';
import { measuresOf, ruleFor } from './rules.ts';

const now = Date.UTC(2026, 10, 23, 5, 0, 0);
const minute = 60_000;
const rules: readonly AlertRule[] = watchedKinds.map((kind) => ({ kind, groupId: '', isOn: true, severity: 'warning', measures: measuresOf(kind, {})!, mailTo: [], changedAt: null, changedBy: null }));
const well: WatchedKiosk = {
  kioskId: 'kiosk-001', groups: new Set(), lastSeenAt: now - minute,
  state: { service: 'selling', reasons: [], since: now - 60 * minute, devices: [], receiptsLeft: 400 },
  stock: [{ offerId: 'cola', left: 3 }], payments: new Map(),
};
const found = (change: Partial<WatchedKiosk>, by = rules) => findingsOf({ ...well, ...change }, by, now).map(({ kind, detail }) => `${kind}: ${detail}`);
/** Within the hours that the usual rules look back: refunds a day, declines four hours. */
const payments = (counts: Partial<PaymentCounts>, hours = [4, 24]) => new Map(hours.map((span) => [span, { approved: 0, declined: 0, reversed: 0, ...counts }]));
const terminal = (sinceMinutes: number) => ({
  name: 'card terminal', kind: 'card_terminal', code: 'TERMINAL_NO_ANSWER', severity: 'fault', since: now - sinceMinutes * minute, detail: '', text: { zh: '无应答', en: 'no answer' }, advice: { zh: '', en: '' },
} as const);

describe('what HQ finds by watching', () => {
  test('nothing, of a kiosk that is well', () => {
    expect(found({})).toEqual([]);
  });

  test('payments are looked back at over the hours of the rules that are on, each once', () => {
    expect(hoursLookedBack(rules)).toEqual([4, 24]);
    expect(hoursLookedBack(rules.map((rule) => ({ ...rule, isOn: rule.kind !== 'declines' })))).toEqual([24]);
  });

  test('of silence, only what HQ was there to hear', () => {
    expect(found({ lastSeenAt: now - 60 * minute })).toHaveLength(1);
    const heardSince = (sinceMinutes: number) => findingsOf({ ...well, lastSeenAt: now - 60 * minute }, rules, now, now - sinceMinutes * minute).map(({ kind, isUnheard }) => [kind, isUnheard]);
    // Found once for both: what stands goes on by it, and nothing new is raised.
    expect([heardSince(9), heardSince(10)]).toEqual([[['offline', true]], [['offline', undefined]]]);
  });

  test('one of which nothing was heard for ten minutes; one that was never heard of is not watched yet', () => {
    expect(found({ lastSeenAt: now - 11 * minute })).toEqual(['offline: nothing was heard of it since 2026-11-23T04:49:00.000Z']);
    expect(found({ lastSeenAt: null })).toEqual([]);
  });

  test('a terminal with a fault, once it lasts; a pause and a stop, once they last', () => {
    const state = well.state!;
    expect(found({ state: { ...state, devices: [terminal(4)] } })).toEqual([]);
    expect(found({ state: { ...state, devices: [terminal(5)] } })).toEqual(['terminal: card terminal: no answer (TERMINAL_NO_ANSWER)']);
    expect(found({ state: { ...state, service: 'paused', since: now - 29 * minute } })).toEqual([]);
    expect(found({ state: { ...state, service: 'out_of_service', reasons: ['DISK_FULL'], since: now - 31 * minute } })[0]).toMatch(/^closed: out of service since .*: DISK_FULL$/);
  });

  test('paper that is out, or soon will be', () => {
    expect(found({ state: { ...well.state!, receiptsLeft: 50 } })).toEqual(['paper: paper for about 50 more receipts']);
    expect(found({ state: { ...well.state!, receiptsLeft: undefined } })).toEqual([]);
  });

  test('a roll that is out is the paper’s alone where paper is watched; another printer’s is the device’s', () => {
    const out = (name: string): DeviceState => ({ ...terminal(11), name, kind: 'receipt_printer', code: 'PRINTER_PAPER_OUT', text: { zh: '缺纸', en: 'no paper' } });
    const state = { ...well.state!, devices: [out('receipt printer')] };
    expect(found({ state })).toEqual(['paper: receipt printer: out of paper']);
    expect(found({ state: { ...state, devices: [...state.devices, out('kitchen printer')] } })).toEqual(['paper: receipt printer: out of paper', 'device: kitchen printer: no paper (PRINTER_PAPER_OUT)']);
    expect(found({ state }, rules.map((rule) => ({ ...rule, isOn: rule.kind !== 'paper' })))).toEqual(['device: receipt printer: no paper (PRINTER_PAPER_OUT)']);
    const jammed = { ...out('receipt printer'), code: 'PRINTER_COVER_OPEN' } as const;
    expect(found({ state: { ...state, devices: [jammed] } })).toEqual(['device: receipt printer: no paper (PRINTER_COVER_OPEN)']);
  });

  test('what is sold out, by name', () => {
    expect(found({ stock: [{ offerId: 'cola', left: 0 }, { offerId: 'tea', left: 0 }, { offerId: 'nuts', left: 1 }] })).toEqual(['stock: 2 offers: cola 0, tea 0']);
  });

  test('more refunds and declines than usual: both a number and a share', () => {
    expect(found({ payments: payments({ approved: 100, reversed: 5 }) })).toEqual([]);
    expect(found({ payments: payments({ approved: 4, reversed: 4 }) })).toEqual([]);
    expect(found({ payments: payments({ approved: 5, reversed: 5 }) })).toEqual(['refunds: 5 of 10 payments went back, wholly or in part, within 24 hours']);
    expect(found({ payments: payments({ approved: 5, declined: 10 }) })).toEqual(['declines: 10 of 15 payments were declined within 4 hours']);
    expect(found({ payments: payments({ declined: 10 }, [24]) })).toEqual([]);
  });

  test('a rule that is off finds nothing, and a group’s own goes before that of all', () => {
    const off = rules.map((rule) => ({ ...rule, isOn: false }));
    expect(found({ lastSeenAt: 0 }, off)).toEqual([]);
    const patient: AlertRule = { ...rules[0]!, groupId: 'night', measures: { minutes: 60 } };
    expect(found({ lastSeenAt: now - 11 * minute, groups: new Set(['night']) }, [...rules, patient])).toEqual([]);
    expect(ruleFor([...rules, patient], 'offline', new Set(['day']))?.groupId).toBe('');
  });
});
