import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import { eachKiosk } from './each-kiosk.ts';
import { housekeeping } from './housekeeping.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';

let postgres: TestPostgres;
let sql: Sql;
const now = 1_800_000_000_000;
const dayMs = 86_400_000;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
});

const kiosks = ['kiosk-001', 'kiosk-002', 'kiosk-003'];
const run = (name: string) => housekeeping({ sql, now: () => now, onEffective: async () => {} }).find((job) => job.name === name)!.run();
const uuid = (count: number) => `0190a000-0000-7000-8000-${String(count).padStart(12, '0')}`;

test('what fails for one kiosk is done for the others, and told in the end', async () => {
  const done: string[] = [];
  const work = eachKiosk(kiosks, async (kioskId) => {
    if (kioskId === 'kiosk-001') throw Object.assign(new Error('broken'), { code: '23505' });
    done.push(kioskId);
    return 2;
  });
  await expect(work).rejects.toMatchObject({ message: 'failed for 1 of 3 kiosks, first kiosk-001: broken', code: '23505' });
  expect(done).toEqual(['kiosk-002', 'kiosk-003']);
  expect(await eachKiosk(kiosks, async () => 2)).toBe(6);
});

test('a database that is away ends it at once', async () => {
  let asked = 0;
  await expect(eachKiosk(kiosks, async () => {
    asked++;
    throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
  })).rejects.toThrow('gone');
  expect(asked).toBe(1);
});

test('personal keys are shredded, and logs thinned, of every kiosk but the one that fails', async () => {
  for (const [index, kioskId] of kiosks.entries()) {
    await sql`insert into personal_keys (kiosk_id, order_id, key, kept_at) values (${kioskId}, ${uuid(index)}, ${Buffer.from('k')}, ${now - 100 * dayMs})`;
    await sql`insert into log_lines (kiosk_id, epoch, sequence, line, at, occurred_at, level, message) values (${kioskId}, 1, 1, 1, 1, ${now - 100 * dayMs}, 'info', 'x')`;
  }
  await sql.unsafe("alter table personal_keys add constraint broken check (kiosk_id <> 'kiosk-001' or key is not null)");
  await expect(run('shred personal keys')).rejects.toThrow(/^failed for 1 of 3 kiosks, first kiosk-001: /);
  expect(await sql`select kiosk_id from personal_keys where key is not null`).toEqual([{ kiosk_id: 'kiosk-001' }]);
  await sql.unsafe("create function refuse() returns trigger language plpgsql as $$ begin if old.kiosk_id = 'kiosk-001' then raise exception 'broken'; end if; return old; end $$");
  await sql.unsafe('create trigger refuse before delete on log_lines for each row execute function refuse()');
  await expect(run('thin logs')).rejects.toThrow('failed for 1 of 3 kiosks, first kiosk-001: broken');
  expect(await sql`select kiosk_id from log_lines`).toEqual([{ kiosk_id: 'kiosk-001' }]);
});

test('what was set aside is applied for every kiosk but the one that fails', async () => {
  for (const [index, kioskId] of kiosks.entries()) {
    const payload = JSON.stringify({ state: 'well', freeBytes: 5 });
    await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged) values (${kioskId}, 'orders', 1, 1)`;
    await sql`insert into events (kiosk_id, lane, epoch, sequence, event_id, kind, version, at, received_at, payload) values (${kioskId}, 'orders', 1, 1, ${uuid(index)}, 'disk.state', 1, 1, 1, ${payload})`;
    await sql`insert into quarantined_events (kiosk_id, lane, epoch, sequence, event_id, kind, version, reason, detail, quarantined_at) values (${kioskId}, 'orders', 1, 1, ${uuid(index)}, 'disk.state', 1, 'unknown_kind', '', 1)`;
  }
  await sql.unsafe("alter table kiosk_facts add constraint broken check (kiosk_id <> 'kiosk-001')");
  await expect(run('apply what was set aside')).rejects.toThrow(/^failed for 1 of 3 kiosks, first kiosk-001: /);
  expect(await sql`select kiosk_id from quarantined_events where settled_at is null`).toEqual([{ kiosk_id: 'kiosk-001' }]);
});

test('what is due to a webhook that is gone is ended, and what ended long ago is forgotten, also of kiosks that are told nothing any more', async () => {
  const [open, disabled, missing] = [uuid(1), uuid(2), uuid(3)];
  await sql`insert into webhooks (webhook_id, url, secret, kinds, created_at, disabled_at) values (${open}, 'https://a.example', 's', '{}', 1, null), (${disabled}, 'https://b.example', 's', '{}', 1, 5)`;
  let count = 10;
  const deliver = (kioskId: string, webhook: string, state: string, endedAt: number | null) => sql`
    insert into webhook_deliveries (kiosk_id, webhook_id, event_id, kind, at, data, state, attempts, next_at, created_at, ended_at) values (${kioskId}, ${webhook}, ${uuid(count++)}, 'alarm', 1, '{}', ${state}, 0, 1, 1, ${endedAt})`;
  for (const kioskId of kiosks) for (const webhook of [open, disabled, missing]) await deliver(kioskId, webhook, 'due', null);
  await deliver('kiosk-004', open, 'sent', now - 8 * dayMs);
  await deliver('kiosk-004', open, 'dead', now - 6 * dayMs);
  expect(await run('tidy webhooks')).toBe(7);
  expect(await sql`select webhook_id, state, count(*) as n from webhook_deliveries group by webhook_id, state order by webhook_id, state`).toEqual([
    { webhook_id: open, state: 'dead', n: 1 }, { webhook_id: open, state: 'due', n: 3 }, { webhook_id: disabled, state: 'dead', n: 3 }, { webhook_id: missing, state: 'dead', n: 3 },
  ]);
  expect(await sql`select distinct error, ended_at from webhook_deliveries where webhook_id <> ${open}`).toEqual([{ error: 'the webhook was ended', ended_at: now }]);
});
