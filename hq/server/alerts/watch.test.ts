import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory } from '../testing/story.ts';
import { acknowledge, readAlerts } from './list.ts';
import { writeRule } from './rules.ts';
import { createWatch, watchKiosks } from './watch.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
let story: Story;
let clock: number;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  clock = testNow;
  const database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk);
  return async () => {
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

const minute = 60_000;
const terminal = (severity: 'ok' | 'fault', since: number) => ({
  name: 'card terminal', kind: 'card_terminal' as const, code: severity === 'ok' ? ('TERMINAL_READY' as const) : ('TERMINAL_NO_ANSWER' as const), severity, since, detail: '',
  text: { zh: '刷卡机', en: 'card terminal' }, advice: { zh: '无', en: 'none' },
});
async function tells(service: 'selling' | 'limited' | 'paused', device = terminal('ok', clock)): Promise<void> {
  story.add('kiosk.state', { service, reasons: [], devices: [device], app: '1.0.0' }, clock);
  expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });
}
const alerts = async (state: 'open' | 'ended' = 'open') => (await readAlerts(sql, { state, limit: 50 })).alerts.map(({ kind, detail, times }) => ({ kind, detail, times }));

describe('watching kiosks', () => {
  test('one that falls silent is an alarm once, which ends by itself when it is heard again', async () => {
    await tells('selling');
    expect(await watchKiosks(sql, clock)).toBe(0);
    clock += 11 * minute;
    await watchKiosks(sql, clock);
    await watchKiosks(sql, clock + 30_000);
    expect(await alerts()).toEqual([{ kind: 'offline', detail: expect.stringContaining('nothing was heard'), times: 1 }]);
    await tells('selling');
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    expect(await alerts('ended')).toMatchObject([{ kind: 'offline' }]);
  });

  test('a fault of the terminal, once it lasts, with its code; over when it is', async () => {
    await tells('limited', terminal('fault', clock - 4 * minute));
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    clock += minute;
    await watchKiosks(sql, clock);
    expect(await alerts()).toMatchObject([{ kind: 'terminal', detail: expect.stringContaining('TERMINAL_NO_ANSWER') }]);
    await tells('selling');
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
  });

  test('a pause counts from when it began, however often it is told', async () => {
    await tells('selling');
    for (let told = 0; told <= 30; told += 10) {
      clock += told === 0 ? minute : 10 * minute;
      await tells('paused');
    }
    await watchKiosks(sql, clock);
    expect(await alerts()).toMatchObject([{ kind: 'closed' }]);
  });

  test('two processes at once raise it once; one that is acknowledged stays so when its words change', async () => {
    await tells('selling');
    clock += 11 * minute;
    await Promise.all([watchKiosks(sql, clock), watchKiosks(sql, clock)]);
    const [{ kioskId, alertId } = { kioskId: '', alertId: '' }] = (await readAlerts(sql, { state: 'unseen', limit: 5 })).alerts;
    expect(await acknowledge(sql, kioskId, alertId, { by: 'dev', note: 'on my way', now: clock })).toBe(true);
    await watchKiosks(sql, clock + minute);
    const { alerts: [seen], next } = await readAlerts(sql, { state: 'open', limit: 5 });
    expect(seen).toMatchObject({ kind: 'offline', acknowledged: { by: 'dev', note: 'on my way' } });
    expect(next).toBeNull();
  });

  test('a kiosk whose key was revoked is not watched any more and what stood of it ends, nor is there what a rule switches off', async () => {
    await tells('selling');
    clock += 11 * minute;
    await writeRule(sql, { kind: 'offline', groupId: '', isOn: false, severity: 'urgent', measures: { minutes: 10 }, mailTo: [] }, 'dev', clock);
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    await writeRule(sql, { kind: 'offline', groupId: '', isOn: true, severity: 'urgent', measures: { minutes: 10 }, mailTo: [] }, 'dev', clock);
    await watchKiosks(sql, clock);
    expect(await alerts()).toMatchObject([{ kind: 'offline' }]);
    await sql`update kiosk_keys set state = 'revoked', revoked_at = ${clock}`;
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    expect(await alerts('ended')).toMatchObject([{ kind: 'offline' }]);
  });

  test('a line that comes and goes is one alarm and one mail; after a quiet quarter of an hour it is another', async () => {
    await writeRule(sql, { kind: 'offline', groupId: '', isOn: true, severity: 'urgent', measures: { minutes: 10 }, mailTo: ['night@counter24.example'] }, 'dev', clock);
    const mails = async () => (await sql`select 1 from alert_mails`).length;
    const drop = async () => {
      clock += 11 * minute;
      await watchKiosks(sql, clock);
    };
    const back = async () => {
      await tells('selling');
      await watchKiosks(sql, clock);
    };
    await back();
    for (let times = 1; times <= 3; times++) {
      await drop();
      expect(await alerts()).toMatchObject([{ kind: 'offline', times }]);
      await back();
      expect(await alerts()).toEqual([]);
    }
    expect(await mails()).toBe(1);
    clock += 9 * minute;
    await back();
    await drop();
    expect(await alerts()).toMatchObject([{ kind: 'offline', times: 1 }]);
    expect(await mails()).toBe(2);
  });

  test('what a person has ended and goes on is another alarm', async () => {
    await tells('selling');
    clock += 11 * minute;
    await watchKiosks(sql, clock);
    await sql`update alarms set settled_at = ${clock}, settled_by = 'dev'`;
    await watchKiosks(sql, clock + 1000);
    expect(await alerts()).toMatchObject([{ times: 1 }]);
    expect(await alerts('ended')).toHaveLength(1);
  });

  test('HQ that was away calls no kiosk silent before it could be heard again, and leaves standing what stood', async () => {
    await tells('selling');
    clock += 60 * minute;
    const watch = createWatch(sql);
    await watch(clock);
    expect(await alerts()).toEqual([]);
    for (let minutes = 1; minutes < 10; minutes++) await watch(clock + minutes * minute);
    expect(await alerts()).toEqual([]);
    await watch(clock + 10 * minute);
    expect(await alerts()).toMatchObject([{ kind: 'offline' }]);
    // Another process that has just begun.
    await createWatch(sql)(clock + 11 * minute);
    expect(await alerts()).toMatchObject([{ kind: 'offline', times: 1 }]);
  });

  test('payments are counted over the hours of their rule', async () => {
    await tells('selling');
    const attempt = (state: string, at: number) => sql`
      insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values (${testKiosk}, gen_random_uuid(), gen_random_uuid(), 100, 'CNY', ${state}, ${at}, ${at})`;
    for (let count = 0; count < 9; count++) await attempt('declined', clock - 10 * minute);
    await attempt('declined', clock - 5 * 60 * minute);
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    await attempt('declined', clock);
    await watchKiosks(sql, clock);
    expect(await alerts()).toMatchObject([{ kind: 'declines', detail: '10 of 10 payments were declined within 4 hours' }]);
  });

  describe('of which a part went back', () => {
    const day = 24 * 60 * minute;
    const paid = async (at: number, state = 'approved') => {
      const [row] = await sql<{ attempt_id: string; order_id: string }[]>`
        insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values (${testKiosk}, gen_random_uuid(), gen_random_uuid(), 2800, 'CNY', ${state}, ${at}, ${at})
        returning attempt_id, order_id`;
      return row!;
    };
    const givesBack = ({ attempt_id, order_id }: { attempt_id: string; order_id: string }, at: number, state = 'done') => sql`
      insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, asked_at, state_at)
      values (${testKiosk}, gen_random_uuid(), ${attempt_id}, ${order_id}, 2799, 'CNY', 'tender', ${state}, 'x', ${at}, ${at})`;
    beforeEach(() => tells('selling'));

    test('count as those that went back, each once, however often, and not as paid as well', async () => {
      for (let count = 0; count < 4; count++) await givesBack(await paid(clock - 60 * minute), clock);
      const twice = await paid(clock - 60 * minute);
      for (let part = 0; part < 3; part++) await givesBack(twice, clock - part);
      // In the end all of it: once, too.
      await sql`update payments set state = 'reversed', state_at = ${clock} where attempt_id = ${twice.attempt_id}`;
      for (let count = 0; count < 3; count++) await paid(clock - 60 * minute);
      await watchKiosks(sql, clock);
      expect(await alerts()).toMatchObject([{ kind: 'refunds', detail: '5 of 8 payments went back, wholly or in part, within 24 hours' }]);
    });

    test('count by when it went back, also where they were paid before; not what is only asked, refused, or of before', async () => {
      for (let count = 0; count < 4; count++) await givesBack(await paid(clock - 2 * day), clock);
      for (const state of ['asked', 'refused']) await givesBack(await paid(clock), clock, state);
      await givesBack(await paid(clock - 3 * day), clock - 2 * day);
      await watchKiosks(sql, clock);
      expect(await alerts()).toEqual([]);
      await givesBack(await paid(clock - 2 * day, 'reversed'), clock);
      await watchKiosks(sql, clock);
      expect(await alerts()).toMatchObject([{ kind: 'refunds', detail: '5 of 7 payments went back, wholly or in part, within 24 hours' }]);
    });

    test('whatever was paid and went back, and when: as many as a count by hand', async () => {
      const state = fc.constantFrom('approved', 'declined', 'reversed', 'not_paid');
      const hoursAgo = fc.constantFrom(1, 23, 25, 90);
      const parts = fc.array(fc.record({ ago: hoursAgo, state: fc.constantFrom('done', 'asked', 'refused') }), { maxLength: 3 });
      await sql`delete from alert_rules`;
      for (const kind of ['refunds', 'declines'] as const) await writeRule(sql, { kind, groupId: '', isOn: true, severity: 'warning', measures: { hours: 24, count: 1, percent: 1 }, mailTo: [] }, 'dev', clock);
      await fc.assert(fc.asyncProperty(fc.array(fc.record({ state, ago: hoursAgo, parts }), { maxLength: 8 }), async (all) => {
        await sql`truncate payments, order_refunds, alarms`;
        for (const { state: end, ago, parts: back } of all) {
          const payment = await paid(clock - ago * 60 * minute, end);
          for (const part of back) await givesBack(payment, clock - part.ago * 60 * minute, part.state);
        }
        await watchKiosks(sql, clock);
        const isBack = all.map(({ state: end, ago, parts: back }) => (end === 'reversed' && ago < 24) || back.some((part) => part.state === 'done' && part.ago < 24));
        const count = isBack.filter(Boolean).length;
        const kept = all.filter(({ state: end, ago }, at) => end === 'approved' && ago < 24 && !isBack[at]).length;
        const told = (await alerts()).find(({ kind }) => kind === 'refunds')?.detail;
        expect(told).toBe(count === 0 ? undefined : `${count} of ${count + kept} payments went back, wholly or in part, within 24 hours`);
      }), { numRuns: 25 });
    });
  });
});

describe('paper', () => {
  const printer = (code: 'PRINTER_READY' | 'PRINTER_PAPER_OUT') => ({ ...terminal(code === 'PRINTER_READY' ? 'ok' : 'fault', clock), name: 'receipt printer', kind: 'receipt_printer' as const, code });
  const roll = async (left: number, code: 'PRINTER_READY' | 'PRINTER_PAPER_OUT') => {
    clock += minute;
    story.add('kiosk.state', { service: 'selling', reasons: [], devices: [printer(code)], app: '1.0.0', paper: { usedMm: 0, receiptsLeft: left } }, clock);
    expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });
    await watchKiosks(sql, clock);
  };
  const mails = async () => (await sql`select 1 from alert_mails`).length;
  const unseen = async () => (await readAlerts(sql, { state: 'unseen', limit: 5 })).alerts.map(({ detail }) => detail);

  test('that was low and is out now is told anew, whoever has seen that it was low; a roll that jams and goes on is not told each time', async () => {
    await writeRule(sql, { kind: 'paper', groupId: '', isOn: true, severity: 'urgent', measures: { receiptsLeft: 50 }, mailTo: ['night@counter24.example'] }, 'dev', clock);
    await roll(50, 'PRINTER_READY');
    const [low] = (await readAlerts(sql, { state: 'unseen', limit: 5 })).alerts;
    await acknowledge(sql, low!.kioskId, low!.alertId, { by: 'dev', note: 'tomorrow', now: clock });
    await roll(20, 'PRINTER_READY');
    expect([await alerts(), await unseen(), await mails()]).toEqual([[{ kind: 'paper', detail: 'paper for about 20 more receipts', times: 1 }], [], 1]);
    await roll(3, 'PRINTER_PAPER_OUT');
    await watchKiosks(sql, clock);
    expect([await alerts(), await unseen(), await mails()]).toEqual([[{ kind: 'paper', detail: 'receipt printer: out of paper', times: 1 }], ['receipt printer: out of paper'], 2]);
    await roll(3, 'PRINTER_READY');
    expect(await alerts()).toMatchObject([{ detail: 'paper for about 3 more receipts', times: 2 }]);
    await roll(2, 'PRINTER_PAPER_OUT');
    expect([await alerts(), await mails()]).toMatchObject([[{ kind: 'paper', detail: 'receipt printer: out of paper', times: 2 }], 2]);
    clock += 11 * minute;
    await roll(2, 'PRINTER_PAPER_OUT');
    expect(await alerts(), 'the same roll is no fault of the device, however long').toMatchObject([{ kind: 'paper' }]);
    await roll(400, 'PRINTER_READY');
    expect(await alerts()).toEqual([]);
  });
});
