import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codedError } from '../../../domain/contract/errors.ts';
import type { StaffMethod } from '../../../domain/contract/staff.ts';
import { staffMethods, staffRequestOf } from '../../../domain/contract/staff.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { StaffRole } from '../../../domain/staff/role.ts';
import { actsOf, mayDo, staffRoles } from '../../../domain/staff/role.ts';
import type { StaffHandlers } from './gate.ts';
import { createStaffGate } from './gate.ts';
import { createStaffSession } from './session.ts';
import { openMemoryStore } from './staff.fixture.ts';

let store: ReturnType<typeof openMemoryStore>;
beforeEach(() => {
  vi.useFakeTimers();
  store = openMemoryStore(() => 1_000);
});
afterEach(() => {
  store.database.close();
  vi.useRealTimers();
});

const ownMethods: readonly StaffMethod[] = ['staff.login', 'staff.logout', 'staff.touch'];
const asked = staffMethods.filter((method) => !ownMethods.includes(method));

function rig(role: StaffRole | undefined, answer: (method: StaffMethod) => unknown = () => ok({})) {
  const done: string[] = [];
  const faults: unknown[] = [];
  const session = createStaffSession({ onOut: () => {} });
  if (role) session.enter({ number: '100', name: 'P', role, acts: [...actsOf(role)], idleMs: 60_000 });
  const handlers = Object.fromEntries(asked.map((method) => [method, () => {
    done.push(method);
    return answer(method);
  }])) as unknown as StaffHandlers;
  const gate = createStaffGate({
    session, handlers: () => handlers, whyNot: () => codedError('OUT_OF_SERVICE'), onFault: (cause) => faults.push(cause), monotonicNow: () => Date.now(),
    store: () => ({ audit: store.audit, transaction: store.emitter.transaction, login: { enter: async () => ok({ kind: 'nobody_known' }), cardScanned: () => {}, membersChanged: () => {} } }),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const call = async (method: StaffMethod, params: unknown = {}) => (await gate.call(method, params as never)) as Result<unknown, { code: string }>;
  return { call, done, faults, session };
}
const entries = () => store.audit.entries(undefined, 200).toReversed().map(({ staff, act, outcome, detail }) => [staff, act, outcome, detail]);

describe.each(staffRoles)('a %s', (role) => {
  it.each(asked)('asks for %s, and gets it where the role may', async (method) => {
    const { act, audited } = staffRequestOf(method);
    const { call, done } = rig(role);
    const answer = await call(method);
    if (act && mayDo(role, act)) {
      expect([answer.ok, done]).toEqual([true, [method]]);
      expect(entries().some(([staff, entered, outcome]) => staff === '100' && entered === method && outcome === 'done')).toBe(audited === true);
    } else {
      expect(answer).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_ALLOWED' } });
      expect(done).toEqual([]);
      expect(entries()).toEqual([['100', method, 'refused', 'STAFF_NOT_ALLOWED']]);
    }
  });
});

it.each(asked)('without anybody in, %s gets nothing, and says nothing of what was asked', async (method) => {
  const { call, done } = rig(undefined);
  expect(await call(method, { orderId: 'secret', text: 'secret' })).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_IN' } });
  expect(done).toEqual([]);
  expect(entries()).toEqual([[undefined, method, 'refused', 'STAFF_NOT_IN']]);
  expect(JSON.stringify(store.told('staff.acted'))).not.toContain('secret');
});

it('every request of the contract but the way in belongs to an act', () => {
  for (const method of asked) expect(staffRequestOf(method).act, method).toBeDefined();
});

it('a page that nobody is in at and that asks for ever fills no store', async () => {
  const { call } = rig(undefined);
  for (let times = 0; times < 50; times++) await call('orders.find');
  expect(entries()).toHaveLength(10);
  expect(await call('staff.touch')).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_IN' } });
  expect(await call('staff.logout')).toEqual({ ok: true, value: {} });
});

it('what is one transaction stands in the audit with it, or is not done at all', async () => {
  const write = () => store.database.prepare("INSERT INTO counters (name, next) VALUES ('probe', 1)").run();
  const count = () => store.database.prepare("SELECT count(*) FROM counters WHERE name = 'probe'").pluck().get();
  const { call } = rig('manager', () => (write(), ok({})));
  store.database.exec("CREATE TRIGGER full BEFORE INSERT ON staff_audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  await expect(call('kiosk.pause')).rejects.toThrow('full');
  expect([count(), entries()]).toEqual([0, []]);
  store.database.exec('DROP TRIGGER full');
  await call('kiosk.pause');
  expect([count(), entries()]).toEqual([1, [['100', 'kiosk.pause', 'done', '']]]);
});

it('what a device is asked is asked after the commit, and not where it was undone', async () => {
  const told: string[] = [];
  const { call } = rig('manager', () => {
    store.emitter.afterCommit(() => told.push(`told, ${store.database.inTransaction ? 'within' : 'after'}`));
    return ok({});
  });
  store.database.exec("CREATE TRIGGER full BEFORE INSERT ON staff_audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  await expect(call('orders.refund')).rejects.toThrow('full');
  expect(told).toEqual([]);
  store.database.exec('DROP TRIGGER full');
  await call('orders.refund');
  expect(told).toEqual(['told, after']);
});

it('what has effects outside of the store is entered before, and its end after; what cannot be entered is not begun', async () => {
  let end: (result: unknown) => void = () => {};
  const { call, done, session } = rig('manager', () => new Promise((resolve) => (end = resolve)));
  const closing = call('day.close');
  expect(entries()).toEqual([['100', 'day.close', 'begun', '']]);
  expect(session.isBusy()).toBe(true);
  end(err(codedError('DEVICE_CANNOT', 'unplugged')));
  expect(await closing).toMatchObject({ ok: false });
  expect(entries().at(-1)).toEqual(['100', 'day.close', 'failed', 'DEVICE_CANNOT']);
  expect(session.isBusy()).toBe(false);
  store.database.exec("CREATE TRIGGER full BEFORE INSERT ON staff_audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  await expect(call('day.close')).rejects.toThrow('full');
  expect(done).toEqual(['day.close']);
});

it('cut off in the middle, the next start says that the end is not known', async () => {
  const { call } = rig('technician', () => new Promise(() => {}));
  void call('devices.test_print');
  expect(store.audit.closeCutOff()).toBe(1);
  expect(entries().map(([, , outcome]) => outcome)).toEqual(['begun', 'failed']);
});

it('a handler that throws is a fault, entered as one, and nobody is held in for it', async () => {
  const { call, faults, session } = rig('technician', () => {
    throw new Error('bug');
  });
  expect(await call('devices.recover_printer')).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  expect([entries().at(-1)?.[2], faults.length, session.isBusy()]).toEqual(['failed', 1, false]);
});

it('a move that the books refuse is entered as refused, with why; a note is not entered', async () => {
  const { call } = rig('restocker', () => ok({ kind: 'too_few', has: 1 }));
  await call('stock.waste', { moveId: 'm', slot: 'B2', quantity: 3, reason: 'broken', note: 'Frau Meier 0171' });
  expect(entries()).toEqual([['100', 'stock.waste', 'refused', 'quantity 3, reason broken, moveId m; too_few']]);
  expect(store.audit.entries(undefined, 1)[0]?.subject).toBe('B2');
});

it('a log that is followed keeps nobody in: what the page asks for by itself is no sign of a person', async () => {
  const { call, session } = rig('technician');
  for (let second = 0; second < 61; second++) {
    await call('logs.since', { filter: {}, after: 0, limit: 5 });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(session.member()).toBeUndefined();
});

it('a page that asks for ever for what its role may not fills no store', async () => {
  const { call } = rig('restocker');
  for (let times = 0; times < 500; times++) expect(await call('orders.refund')).toMatchObject({ error: { code: 'STAFF_NOT_ALLOWED' } });
  expect(entries().length).toBeLessThanOrEqual(100);
});

it('a reason in own words is entered without the numbers in it', async () => {
  const { call } = rig('manager');
  await call('orders.refund', { orderId: '01900000-0000-7000-8000-000000000001', reason: 'call 13912345678, card 4111 1111 1111 1111' });
  expect(entries()).toEqual([['100', 'orders.refund', 'done', 'reason call [number], card [number]']]);
});

it('what the store refuses is heard of by whoever looks after it', async () => {
  const { call, faults } = rig('manager');
  store.database.exec("CREATE TRIGGER full BEFORE INSERT ON staff_audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  await expect(call('kiosk.pause')).rejects.toThrow('full');
  await expect(call('day.close')).rejects.toThrow('full');
  expect(faults).toHaveLength(2);
});

it('what never ends holds nobody in for ever, and nobody stays longer than a shift, whatever the page says', async () => {
  const { call, session } = rig('technician', () => new Promise(() => {}));
  void call('logs.export');
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect(session.member()).toBeDefined();
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect([session.member(), session.isBusy()]).toEqual([undefined, false]);
  const hostile = rig('manager');
  for (let minute = 0; minute < 12 * 62; minute++) {
    await hostile.call('staff.touch');
    await vi.advanceTimersByTimeAsync(59_000);
  }
  expect(hostile.session.member()).toBeUndefined();
});
