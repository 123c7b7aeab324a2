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
import { watchKiosks } from './watch.ts';

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

  test('a kiosk whose key was revoked is not watched, nor is what a rule switches off', async () => {
    await tells('selling');
    clock += 11 * minute;
    await writeRule(sql, { kind: 'offline', groupId: '', isOn: false, severity: 'urgent', measures: { minutes: 10 }, mailTo: [] }, 'dev', clock);
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
    await writeRule(sql, { kind: 'offline', groupId: '', isOn: true, severity: 'urgent', measures: { minutes: 10 }, mailTo: [] }, 'dev', clock);
    await sql`update kiosk_keys set state = 'revoked', revoked_at = ${clock}`;
    await watchKiosks(sql, clock);
    expect(await alerts()).toEqual([]);
  });
});
