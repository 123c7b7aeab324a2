import { afterEach, expect, it } from 'vitest';
import type { HqEvent, HqEventPayload } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import { openMemoryStore } from '../core/staff/staff.fixture.ts';
import { createReplayedStaff } from './replay-staff.ts';
import { createStaffStore } from './staff.ts';

const open: ReturnType<typeof openMemoryStore>['database'][] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

function rig() {
  const store = openMemoryStore(() => 5_000);
  open.push(store.database);
  return { ...store, staff: createStaffStore(store.database, store.emitter, () => 5_000) };
}

/** Everything that staff's store has told, brought to another store in its order. */
function bring(from: ReturnType<typeof rig>, to: ReturnType<typeof rig>): string[] {
  const effects = createReplayedStaff(to.database) as unknown as Record<string, (payload: unknown, event: HqEvent) => string>;
  const events = from.database.prepare<[], HqEvent>("SELECT id, kind, version, at, payload FROM outbox WHERE kind LIKE 'staff.%' OR kind = 'day.reported' ORDER BY position").all();
  return events.map((event) => effects[event.kind]!(eventPayloads[event.kind as 'staff.acted'].parse(JSON.parse(event.payload)), event));
}

it('the chain goes on where it ended, whole, and the same again changes nothing', async () => {
  const [from, to] = [rig(), rig()];
  from.staff.cameIn('100', { kind: 'time_code', step: 900 });
  from.audit.write({ staff: '100', act: 'staff.login', outcome: 'done', detail: 'step 900, by card' });
  from.audit.end(from.audit.begin({ staff: '100', act: 'devices.test_print' }), { staff: '100', act: 'devices.test_print', outcome: 'done' });
  from.audit.begin({ staff: '100', act: 'day.close' });
  expect(bring(from, to)).toEqual(['done', 'done', 'done', 'done']);
  expect(bring(from, to)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  expect(to.audit.closeCutOff()).toBe(1);
  expect(to.audit.entries(undefined, 9).map(({ number, act }) => [number, act])).toEqual([[5, 'day.close'], [4, 'day.close'], [3, 'devices.test_print'], [2, 'devices.test_print'], [1, 'staff.login']]);
  expect(await to.audit.check()).toMatchObject({ whole: true });
  // The code of then lets nobody in.
  expect([to.staff.lastStep('100'), to.staff.cameIn('100', { kind: 'time_code', step: 900 })]).toEqual([900, false]);
});

it('used codes and locks are as they were', () => {
  const [from, to] = [rig(), rig()];
  from.staff.cameIn('300', { kind: 'recovery_code', hash: 'a'.repeat(64) });
  for (let tries = 0; tries < 5; tries++) {
    from.staff.beginTry('200');
    from.staff.tryFailed('200');
  }
  bring(from, to);
  expect(to.staff.isCodeUsed('300', 'a'.repeat(64))).toBe(true);
  expect(to.staff.tries('200')).toEqual(from.staff.tries('200'));
});

it('a store that has gone another way keeps its own chain; an entry whose one before is missing waits', async () => {
  const [from, to] = [rig(), rig()];
  for (const subject of ['a', 'b', 'c']) from.audit.write({ act: 'kiosk.pause', outcome: 'done', subject });
  to.audit.write({ act: 'kiosk.pause', outcome: 'done', subject: 'other' });
  expect(bring(from, to)).toEqual(['skipped', 'skipped', 'waits']);
  expect(await to.audit.check()).toMatchObject({ whole: true });
  expect(to.audit.write({ act: 'kiosk.resume', outcome: 'done' }).number).toBe(2);
});

it('a report has its orders, so that none of them is counted again', () => {
  const to = rig();
  const insert = to.database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', ?, 5, 'CNY', 1, '{}', '{}', '')");
  for (const state of ['fulfilled', 'refunded', 'placed']) insert.run(state, state, state);
  const tally = { count: 1, amount: 5 };
  const told: HqEventPayload<'day.reported'> = { number: 1, from: 0, to: 4_000, currency: 'CNY', orders: tally, freeOrders: 0, refunded: tally, cardsOurs: tally, cardsTerminal: tally, unsettled: 0 };
  const effects = createReplayedStaff(to.database);
  const event = { at: 4_000 };
  expect([effects['day.reported'](told, event), effects['day.reported'](told, event)]).toEqual(['done', 'skipped']);
  expect(to.database.prepare('SELECT id, day, refund_day FROM orders ORDER BY id').all()).toEqual([{ id: 'fulfilled', day: 1, refund_day: null }, { id: 'placed', day: null, refund_day: null }, { id: 'refunded', day: 1, refund_day: 1 }]);
});
