import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deviceState } from '../../../domain/device/state.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';
import { auditGenesis, auditText } from '../../../domain/staff/audit.ts';
import { offlineAfterMs } from '../../contract/api/fleet.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { chainOf, createStory } from '../testing/story.ts';
import { silentAfterMs, spansOf } from './history.ts';

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

const printerOut = deviceState({ name: 'printer', kind: 'receipt_printer' }, { code: 'PRINTER_PAPER_OUT', detail: '' }, testNow);

async function send(epoch = 1): Promise<void> {
  expect(await hq.kiosk.send(epoch === 1 ? story.events : chainOf(story.events, 'orders', epoch), { epoch })).toMatchObject({ status: 200 });
}
function tell(service: 'selling' | 'limited' | 'paused' | 'out_of_service', at: number, reasons: string[] = []): void {
  story.add('kiosk.state', { service, reasons, devices: service === 'limited' ? [printerOut] : [], paper: { usedMm: 1000, receiptsLeft: 80 }, freeBytes: 5e9, app: '0.6.0' }, at);
}
/** An answer as it came: its shape is the route's own business, which the server checks. */
// oxlint-disable-next-line typescript/no-explicit-any -- read by name in each test
type Loose = any;
async function get(url: string): Promise<Record<string, Loose>> {
  const answer = await hq.inject({ url });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}
async function post(url: string, payload: object, method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'POST'): Promise<{ status: number; body: Record<string, Loose> }> {
  const answer = await hq.inject({ url, method, payload });
  return { status: answer.statusCode, body: answer.json() };
}

describe('the fleet at a glance', () => {
  test('shows how each kiosk is, those that need somebody first, and counts them by state', async () => {
    tell('limited', clock, ['PRINTER_PAPER_OUT']);
    await send();
    const other = await hq.addKiosk(kioskIdSchema.parse('kiosk-002'), { name: 'Hospital' });
    const third = createStory(kioskIdSchema.parse('kiosk-002'));
    third.add('kiosk.state', { service: 'selling', reasons: [], devices: [], app: '0.6.0' }, clock);
    expect(await other.send(third.events)).toMatchObject({ status: 200 });
    await hq.addKiosk(kioskIdSchema.parse('kiosk-003'), { isGreeted: false });

    const list = await get('/api/fleet');
    expect(list['kiosks'].map((row: Loose) => [row.kioskId, row.state])).toEqual([['kiosk-001', 'limited'], ['kiosk-003', 'never'], ['kiosk-002', 'selling']]);
    expect(list['counts']).toMatchObject({ limited: 1, selling: 1, never: 1, offline: 0 });
    expect(list['kiosks'][0]).toMatchObject({ reasons: ['PRINTER_PAPER_OUT'], troubles: [{ name: 'printer', code: 'PRINTER_PAPER_OUT' }], app: '0.6.0', paper: { receiptsLeft: 80 } });
    expect((await get('/api/fleet?search=hosp'))['kiosks']).toHaveLength(1);
    expect((await get('/api/fleet?search=%25'))['kiosks']).toEqual([]);
  });

  test('a kiosk that HQ has not heard of for a while is offline, whatever it said last', async () => {
    tell('selling', clock);
    await send();
    clock += offlineAfterMs + 1;
    expect((await get('/api/fleet?state=offline'))['kiosks']).toMatchObject([{ kioskId: 'kiosk-001', state: 'offline' }]);
  });

  test('pages without leaving out or repeating a kiosk', async () => {
    for (let number = 100; number < 120; number++) await sql`insert into kiosks (kiosk_id, name, created_at) values (${`kiosk-${number}`}, ${`K${number}`}, ${clock})`;
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await get(`/api/fleet?limit=6${after === '' ? '' : `&after=${after}`}`);
      seen.push(...page['kiosks'].map((row: Loose) => row.kioskId as string));
      if (page['next'] === null) break;
      after = page['next'] as string;
    }
    expect(seen).toHaveLength(21);
    expect(new Set(seen).size).toBe(21);
  });

  test('a state that comes late does not take the place of a newer one', async () => {
    tell('selling', clock);
    tell('paused', clock + 1000);
    await send();
    await sql`delete from kiosk_states where kiosk_id = ${testKiosk}`;
    const { project } = await import('../ingest/project.ts');
    const { understand } = await import('../ingest/understand.ts');
    const effective = story.events.flatMap((event) => {
      const reading = understand(event);
      return reading.ok ? [{ ...reading.value, lane: 'orders' as const, epoch: 1, occurredAt: event.at, receivedAt: clock }] : [];
    });
    await sql.begin(async (transaction) => {
      await project(transaction, { kioskId: testKiosk, now: clock }, effective.slice(1));
      await project(transaction, { kioskId: testKiosk, now: clock }, effective.slice(0, 1));
    });
    expect(await sql`select service from kiosk_states`).toMatchObject([{ service: 'paused' }]);
    expect(await sql`select 1 from kiosk_state_log`).toHaveLength(2);
  });
});

describe('how a kiosk has been', () => {
  test('states hold until the next, and silence longer than an hour and a quarter is off', () => {
    const hour = 3_600_000;
    expect(spansOf([{ at: 0, state: 'selling', reasons: [] }, { at: hour, state: 'selling', reasons: [] }, { at: 4 * hour, state: 'paused', reasons: [] }], 0, 5 * hour)).toEqual([
      { from: 0, to: hour + silentAfterMs, state: 'selling', reasons: [] },
      { from: hour + silentAfterMs, to: 4 * hour, state: 'off', reasons: [] },
      { from: 4 * hour, to: 5 * hour, state: 'paused', reasons: [] },
    ]);
  });

  test('what was told before the range counts within it, and nothing told is off throughout', () => {
    expect(spansOf([{ at: -60_000, state: 'limited', reasons: ['X'] }], 0, 60_000)).toEqual([{ from: 0, to: 60_000, state: 'limited', reasons: ['X'] }]);
    expect(spansOf([], 0, 10)).toEqual([{ from: 0, to: 10, state: 'off', reasons: [] }]);
  });
});

describe('what staff did', () => {
  function entry(number: number, previous: string, more: Partial<AuditEntry> = {}): AuditEntry {
    const body = { number, at: clock + number, staff: '1001', act: 'restock.refill', outcome: 'done' as const, subject: `A${number}`, detail: '', previous, ...more };
    return { ...body, hash: createHash('sha256').update(auditText(testKiosk, body), 'utf8').digest('hex') };
  }
  async function faults(): Promise<readonly unknown[]> {
    return sql<{ detail: string }[]>`select detail from alarms where kind = 'audit_broken' order by subject`;
  }

  test('a chain that holds is no alarm, and is read from the newest', async () => {
    const first = entry(1, auditGenesis);
    story.add('staff.acted', first, clock);
    story.add('staff.acted', entry(2, first.hash), clock);
    await send();
    expect(await faults()).toEqual([]);
    expect(await get('/api/fleet/kiosk-001/staff-acts')).toMatchObject({ faults: 0, next: null, acts: [{ number: 2, fault: null }, { number: 1, fault: null }] });
  });

  test('an entry that was taken out, changed, or taken back is an alarm', async () => {
    const first = entry(1, auditGenesis);
    const second = entry(2, first.hash);
    story.add('staff.acted', first, clock);
    story.add('staff.acted', entry(3, second.hash), clock);
    await send();
    expect(await faults()).toMatchObject([{ detail: expect.stringContaining('taken out') }]);
    story.add('staff.acted', { ...second, subject: 'B9' }, clock);
    story.add('staff.acted', entry(1, auditGenesis, { subject: 'C1' }), clock);
    await send();
    expect((await sql`select fault from staff_acts where fault is not null order by sequence`).map(({ fault }) => fault as string)).toEqual(['gap', 'hash', 'beginning']);
  });

  test('an entry that HQ could not read at first closes the gap when it is read, and ends the alarm; another in its place does not', async () => {
    const first = entry(1, auditGenesis);
    const second = entry(2, first.hash);
    story.add('staff.acted', first, clock);
    story.add('staff.acted', entry(3, second.hash), clock);
    await send();
    expect(await faults()).toHaveLength(1);
    story.add('staff.acted', entry(2, first.hash, { subject: 'another' }), clock);
    await send();
    expect(await sql`select number, fault from staff_acts where fault is not null`).toMatchObject([{ number: 3, fault: 'gap' }]);
    await sql`delete from staff_acts where subject = 'another'`;
    story.add('staff.acted', second, clock);
    await send();
    expect(await sql`select number, fault from staff_acts where fault is not null`).toEqual([]);
    expect(await sql`select 1 from alarms where kind = 'audit_broken' and settled_at is null`).toHaveLength(0);
  });

  test('a restored kiosk that goes on from an earlier entry in a new epoch, or tells again, is none', async () => {
    const first = entry(1, auditGenesis);
    story.add('staff.acted', first, clock);
    story.add('staff.acted', entry(2, first.hash), clock);
    await send();
    story = createStory(testKiosk);
    story.add('staff.acted', first, clock);
    story.add('staff.acted', entry(2, first.hash, { subject: 'after the restore' }), clock);
    await send(2);
    expect(await faults()).toEqual([]);
  });

  test('a locked number is an alarm', async () => {
    story.add('staff.locked', { number: '1001', forMs: 60_000, times: 1 }, clock);
    await send();
    expect(await sql`select subject from alarms where kind = 'staff_locked'`).toMatchObject([{ subject: '1001' }]);
  });
});

describe('commands', () => {
  test('one is given, comes to the kiosk, can be cancelled, and shows its result', async () => {
    const given = await post('/api/fleet/kiosk-001/commands', { command: { kind: 'send_logs', params: { minutes: 30 } }, validMinutes: 10 });
    expect(given.status).toBe(200);
    expect(await post('/api/fleet/kiosk-001/commands', { command: { kind: 'refund', params: {} } })).toMatchObject({ status: 400 });
    const second = await post('/api/fleet/kiosk-001/commands', { command: { kind: 'pause', params: {} } });
    expect(await post(`/api/fleet/kiosk-001/commands/${second.body['commandId']}`, {}, 'DELETE')).toMatchObject({ status: 200 });
    expect(await post(`/api/fleet/kiosk-001/commands/${second.body['commandId']}`, {}, 'DELETE')).toMatchObject({ status: 409 });
    story.add('command.answered', { commandId: given.body['commandId'] as string, command: 'send_logs', outcome: 'done', detail: '12 lines' }, clock);
    await send();
    expect(await get('/api/fleet/kiosk-001/commands')).toMatchObject({ commands: [{ kind: 'pause', state: 'cancelled', createdBy: 'dev' }, { kind: 'send_logs', state: 'answered', outcome: 'done', detail: '12 lines' }] });
  });

  test('a group gets one each, with a result a kiosk', async () => {
    await hq.addKiosk(kioskIdSchema.parse('kiosk-002'), { isGreeted: false });
    const { body: group } = await post('/api/fleet-groups', { name: 'Hospitals' });
    expect(await post(`/api/fleet-groups/${group['groupId']}`, { version: group['version'], name: 'Hospitals', kiosks: ['kiosk-001', 'kiosk-002'] }, 'PUT')).toMatchObject({ status: 200 });
    const { body: batch } = await post('/api/fleet-commands', { to: { group: group['groupId'] }, command: { kind: 'test_print', params: {} } });
    expect(batch).toMatchObject({ given: 2, refused: [] });
    expect((await get(`/api/fleet-commands/${batch['batchId']}`))['commands']).toMatchObject([{ kioskId: 'kiosk-001', kioskName: 'Lobby', state: 'waiting' }, { kioskId: 'kiosk-002' }]);
    expect((await get(`/api/fleet?group=${group['groupId']}`))['kiosks']).toHaveLength(2);
  });

  test('a picture is shown as a picture, and what is none is not kept', async () => {
    const { body } = await post('/api/fleet/kiosk-001/commands', { command: { kind: 'screenshot', params: {} } });
    const commandId = body['commandId'] as string;
    story.add('screenshot.taken', { commandId, picture: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]).toString('base64') }, clock);
    story.add('screenshot.taken', { commandId: '0190a000-0000-4000-8000-0000000000bb', picture: Buffer.from('<svg onload=…>').toString('base64') }, clock);
    const events = story.events.filter(({ kind }) => kind === 'screenshot.taken');
    expect(await hq.kiosk.send(chainOf(events, 'logs', 1), { lane: 'logs' } as never)).toMatchObject({ status: 200 });
    const answer = await hq.inject({ url: `/api/fleet/kiosk-001/screenshots/${commandId}` });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(await sql`select 1 from kiosk_screenshots`).toHaveLength(1);
  });
});

describe('enrolment', () => {
  test('a new kiosk has a code that is told once; its name is taken from then on', async () => {
    const added = await post('/api/fleet', { kioskId: 'kiosk-009', name: 'Station', minutes: 30 });
    expect(added.body).toMatchObject({ code: expect.stringMatching(/^\w{4}-\w{4}$/), expiresAt: clock + 30 * 60_000 });
    expect(await post('/api/fleet', { kioskId: 'kiosk-009', name: 'Other' })).toMatchObject({ status: 422 });
    expect(await get('/api/fleet/kiosk-009')).toMatchObject({ codeExpiresAt: clock + 30 * 60_000, row: { state: 'never', name: 'Station' } });
    expect(await post('/api/fleet/kiosk-009/approve', { fingerprint: 'a'.repeat(64) })).toMatchObject({ status: 404 });
  });

  test('a revoked kiosk is taken back', async () => {
    expect(await post('/api/fleet/kiosk-001/revoke', {})).toMatchObject({ status: 200, body: { revoked: 1 } });
    expect(await get('/api/fleet/kiosk-001')).toMatchObject({ keys: [{ state: 'revoked' }] });
    expect(await post('/api/fleet/kiosk-001/reinstate', {})).toMatchObject({ status: 200, body: { was: 'revoked' } });
  });
});

describe('what people write of kiosks', () => {
  test('name, place, groups and where it stands; half a position and a made-up zone are refused', async () => {
    const { body: group } = await post('/api/fleet-groups', { name: 'East' });
    expect(await post('/api/fleet/kiosk-001', { version: 1, name: 'Main hall', place: '上海', latitude: 31.2, longitude: 121.5, timeZone: 'Asia/Shanghai', groups: [group['groupId']] }, 'PATCH')).toMatchObject({ status: 200 });
    expect(await get('/api/fleet/kiosk-001')).toMatchObject({ row: { name: 'Main hall', place: '上海', groups: [{ name: 'East' }] }, latitude: 31.2, timeZone: 'Asia/Shanghai' });
    expect(await get('/api/fleet-places')).toMatchObject({ places: [{ kioskId: 'kiosk-001', latitude: 31.2 }], without: 0 });
    expect(await post('/api/fleet/kiosk-001', { version: 2, latitude: 3 }, 'PATCH')).toMatchObject({ status: 422 });
    expect(await post('/api/fleet/kiosk-001', { version: 2, timeZone: 'Mars/Olympus' }, 'PATCH')).toMatchObject({ status: 422 });
  });

  test('settings are published, and nobody overwrites what another has set meanwhile', async () => {
    expect(await get('/api/fleet-config?scope=all')).toEqual({ revision: 0, config: null, publishedAt: null, publishedBy: null });
    expect(await post('/api/fleet-config?scope=all', { revision: 0, config: { defaultLanguage: 'en' } }, 'PUT')).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await post('/api/fleet-config?scope=all', { revision: 0, config: { defaultLanguage: 'zh' } }, 'PUT')).toMatchObject({ status: 409 });
    expect(await get('/api/fleet-config?scope=all')).toMatchObject({ revision: 1, config: { defaultLanguage: 'en' }, publishedBy: 'dev' });
    const own = '/api/fleet-config?scope=kiosk:kiosk-001';
    for (const revision of [0, 2]) expect(await post(own, { revision, config: { maxOrderTotal: 5000 + revision } }, 'PUT')).toMatchObject({ status: 200, body: { revision: revision === 0 ? 2 : 3 } });
    expect((await hq.inject({ method: 'DELETE', url: `${own}&revision=2` })).statusCode).toBe(409);
    expect((await hq.inject({ method: 'DELETE', url: `${own}&revision=3` })).statusCode).toBe(200);
    expect((await hq.inject({ method: 'DELETE', url: `${own}&revision=3` })).statusCode).toBe(404);
  });
});

test('log lines are found by level and words, and paged by their place', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => ({ at: clock - 30_000 + index * 1000, level: index % 10 === 0 ? 'error' as const : 'info' as const, message: `line ${index}`, fields: { order: `o${index}` } }));
  story.add('log.lines', { lines }, clock);
  expect(await hq.kiosk.send(chainOf(story.events, 'logs', 1), { lane: 'logs' } as never)).toMatchObject({ status: 200 });
  const first = await get('/api/fleet/kiosk-001/logs?limit=20');
  expect(first['lines'][0]).toMatchObject({ message: 'line 29' });
  expect((await get(`/api/fleet/kiosk-001/logs?limit=20&before=${first['next']}`))['lines']).toHaveLength(10);
  expect((await get('/api/fleet/kiosk-001/logs?level=error'))['lines'].map((line: Loose) => line.message)).toEqual(['line 20', 'line 10', 'line 0']);
  expect((await get('/api/fleet/kiosk-001/logs?search=o17'))['lines']).toHaveLength(1);
});
