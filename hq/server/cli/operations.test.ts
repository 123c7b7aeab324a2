import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { recordAnswer } from '../down/commands.ts';
import { readEnvironment } from '../environment/environment.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import { StartFailure } from '../start-failure.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import { kioskCommands } from './kiosk-commands.ts';
import { migrateCommands } from './migrate.ts';
import { publishCommands } from './publish.ts';
import { serviceCommands } from './services.ts';
import { webhookCommands } from './webhooks.ts';

const kioskId = kioskIdSchema.parse('kiosk-001');
const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
const now = Date.UTC(2026, 10, 22, 5, 0);
let postgres: TestPostgres;
let sql: Sql;
let folder: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await temporaryFolder();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  await ensureKiosk(sql, kioskId, 'Lobby', now);
});

/** What it prints; a StartFailure's sentence where it refuses. */
async function hq(name: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const command = [...publishCommands, ...kioskCommands, ...serviceCommands, ...webhookCommands, ...migrateCommands].find((known) => known.name === name);
  if (!command) throw new Error(name);
  try {
    await command.run({ args, sql, now: () => now, print: (line) => void lines.push(line), environment: readEnvironment({ DATA_FOLDER: folder }), signingKey: async () => signingKey });
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return `refused: ${error.message}`;
  }
  return lines.join('\n');
}
async function file(name: string, contents: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), contents);
  return join(folder, name);
}

describe('publish, withdraw, documents', () => {
  test('give a document to all or to one, say what is in force, and take one back', async () => {
    expect(await hq('documents')).toMatch(/^nothing is published/);
    const general = await file('general.json', '{"offerIds":["latte"]}');
    expect(await hq('publish', 'sold_out', general)).toBe('published sold_out as revision 1 for all kiosks');
    expect(await hq('publish', 'sold_out', general)).toBe('this is in force already, as revision 1');
    expect(await hq('publish', 'sold_out', await file('own.json', '{"offerIds":[]}'), '--kiosk', 'kiosk-001')).toBe('published sold_out as revision 2 for kiosk-001');
    expect((await hq('documents')).split('\n')).toEqual([
      expect.stringMatching(/^sold_out {2}revision 1 {2}all {2}[0-9a-f]{12} {2}2026-11-22 05:00 UTC {2}by \S+$/), expect.stringMatching(/^sold_out {2}revision 2 {2}kiosk-001 {2}/),
    ]);
    expect(await hq('withdraw', 'sold_out', '--kiosk', 'kiosk-001')).toBe('withdrawn; what is for all goes out again as revision 3');
    expect(await hq('withdraw', 'sold_out', '--kiosk', 'kiosk-001')).toBe('refused: kiosk-001 has no sold_out of its own.');
  });

  test('refuse what is wrong in one sentence', async () => {
    expect(await hq('publish', 'prices', 'x')).toMatch(/^refused: There is no kind "prices": catalogue, /);
    expect(await hq('publish', 'sold_out')).toMatch(/^refused: The file is missing/);
    expect(await hq('publish', 'sold_out', join(folder, 'no.json'))).toMatch(/no\.json cannot be read: ENOENT/);
    expect(await hq('publish', 'sold_out', await file('bytes.json', Buffer.from([0x22, 0xff, 0x22])))).toMatch(/bytes\.json is no UTF-8 text\.$/);
    expect(await hq('publish', 'sold_out', await file('bad.json', '{"offers":[]}'))).toMatch(/bad\.json is no sold_out: .*offerIds/);
    expect(await hq('publish', 'sold_out', await file('ok.json', '{"offerIds":[]}'), '--kiosk', 'kiosk-009')).toBe('refused: HQ knows no kiosk kiosk-009.');
  });
});

test('publish takes offers that rest until a time, and refuses a time that is none', async () => {
  expect(await hq('publish', 'sold_out', await file('snoozed.json', '{"offerIds":["latte"],"snoozed":[{"offerId":"dumplings","until":1795338000000}]}'))).toBe('published sold_out as revision 1 for all kiosks');
  expect(await hq('publish', 'sold_out', await file('never.json', '{"offerIds":[],"snoozed":[{"offerId":"dumplings","until":"noon"}]}'))).toMatch(/is no sold_out: .*snoozed\.0\.until/);
});

describe('services, service', () => {
  const jobId = '0190a000-0000-7000-8000-0000000000cc';
  test('list what has no end, and let a person settle it once', async () => {
    expect(await hq('services')).toBe('every service has its end');
    await sql`insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at, detail) values (${kioskId}, ${jobId}, ${jobId}, ${now}, ${now}, 'held', ${now}, 'its order is refunded')`;
    expect((await hq('services', 'kiosk-001')).split('\n')).toEqual([`kiosk-001  ${jobId}  unknown  unknown  held  since 2026-11-22 05:00 UTC  promised by 2026-11-23 05:00 UTC  its order is refunded`, '1 open']);
    expect(await hq('service', 'kiosk-001', jobId, 'perhaps')).toBe('refused: Say what became of it: done, refused or not-credited, or send it again.');
    expect(await hq('services', 'given-up')).toContain(jobId);
    expect(await hq('service', 'kiosk-001', jobId, 'again')).toBe('on its way again, under the same key');
    expect(await hq('service', 'kiosk-001', jobId, 'again')).toBe('refused: HQ is still asking for this service by itself.');
    expect(await hq('services', 'given-up')).toBe('nothing was given up');
    expect(await hq('service', 'kiosk-001', 'x', 'done')).toMatch(/^refused: The id of the job is missing/);
    expect(await hq('service', 'kiosk-001', jobId, 'done', '--reference', 'C-19')).toBe('settled as done; kiosk-001 is told');
    expect(await hq('commands', 'kiosk-001')).toContain(`service_result  {"jobId":"${jobId}","outcome":"done","reference":"C-19"}`);
    expect(await hq('service', 'kiosk-001', jobId, 'refused')).toBe('refused: This service is done already.');
    expect(await hq('service', 'kiosk-001', '0190a000-0000-7000-8000-0000000000cd', 'done')).toBe('refused: kiosk-001 has asked for no such service.');
    expect(await hq('services')).toBe('every service has its end');
  });

  test('settle one as refused only where the carrier has taken it back, or where somebody has seen there that it is not credited', async () => {
    await sql`insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at) values (${kioskId}, ${jobId}, ${jobId}, ${now}, ${now}, 'held', ${now})`;
    expect(await hq('service', 'kiosk-001', jobId, 'refused')).toMatch(/^refused: Nothing was settled: nobody at this HQ could ask whoever credits it\. .* say not-credited\.$/);
    expect(await hq('commands', 'kiosk-001')).not.toContain('service_result');
    expect(await hq('service', 'kiosk-001', jobId, 'not-credited')).toBe('settled as refused; kiosk-001 is told');
    expect(await hq('commands', 'kiosk-001')).toContain(`service_result  {"jobId":"${jobId}","outcome":"refused"}`);
  });

  test('have the carrier take back what is refused', async () => {
    vi.stubEnv('SERVICES', 'loopback');
    vi.stubEnv('LOOPBACK_CARRIER_FOLDER', join(folder, 'carrier'));
    try {
      await sql`insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at) values (${kioskId}, ${jobId}, ${jobId}, ${now}, ${now}, 'held', ${now})`;
      expect(await hq('service', 'kiosk-001', jobId, 'refused')).toBe('settled as refused; kiosk-001 is told');
      expect(JSON.parse(await readFile(join(folder, 'carrier', `${jobId}.json`), 'utf8'))).toMatchObject({ isTombstone: true });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('command, commands, cancel', () => {
  test('tell a kiosk, list what came of it, and take one back', async () => {
    expect(await hq('commands', 'kiosk-001')).toBe('kiosk-001 was never told anything');
    const [paused = '', words] = (await hq('command', 'kiosk-001', 'pause', '{"notice":{"zh":"稍等","en":"Soon"}}', '--minutes', '10')).split('\n');
    expect(words).toBe('number 1 for kiosk-001, to be begun within 10 min');
    const [logs = ''] = (await hq('command', 'kiosk-001', 'send_logs', '{"minutes":60}')).split('\n');
    await sql.begin((transaction) => recordAnswer(transaction, kioskId, { commandId: paused, command: 'pause', outcome: 'done', detail: 'paused' }, now));
    expect((await hq('commands', 'kiosk-001')).split('\n')).toEqual([
      expect.stringMatching(/^#2 {2}\S+ {2}send_logs {2}\{"minutes":60\} {2}2026-11-22 05:00 UTC {2}by \S+ {2}waiting$/), expect.stringMatching(/^#1 .* done: paused$/),
    ]);
    expect(await hq('cancel', 'kiosk-001', logs)).toBe('cancelled');
    expect(await hq('cancel', 'kiosk-001', logs)).toBe('refused: No such command of kiosk-001 waits.');
  });

  test('refuse what is wrong in one sentence', async () => {
    expect(await hq('command', 'kiosk-001', 'explode')).toMatch(/^refused: There is no command "explode": pause, resume, /);
    expect(await hq('command', 'kiosk-001', 'send_logs')).toMatch(/^refused: send_logs\.minutes: /);
    expect(await hq('command', 'kiosk-001', 'send_logs', '{minutes')).toMatch(/must be JSON/);
    expect(await hq('command', 'kiosk-001', 'pause', '--minutes', '0')).toMatch(/--minutes takes a whole number/);
    expect(await hq('command', 'kiosk-009', 'pause')).toBe('refused: HQ knows no kiosk kiosk-009.');
  });
});

describe('webhook', () => {
  test('adds with a secret that is shown once, lists without it, and removes with what was due', async () => {
    const [id = '', secret] = (await hq('webhook', 'add', 'https://shop.example/hook', 'order.paid,alarm')).split('\n');
    expect(secret).toMatch(/^secret whsec_[A-Za-z0-9+/]{43}=$/);
    await sql`insert into webhook_deliveries (kiosk_id, webhook_id, event_id, kind, at, data, state, attempts, next_at, created_at) values ('kiosk-001', ${id}, ${id}, 'alarm', 1, '{}', 'due', 0, 1, 1)`;
    expect(await hq('webhook', 'list')).toBe(`${id}  https://shop.example/hook  order.paid,alarm  1 waiting  0 given up`);
    expect(await hq('webhook', 'remove', id)).toBe('removed');
    expect([await hq('webhook', 'list'), await sql`select 1 from webhook_deliveries`]).toEqual(['nobody is told anything', []]);
    expect(await hq('webhook', 'remove', id)).toBe('refused: There is no such webhook.');
  });

  test('refuses addresses inside, and kinds that are none', async () => {
    expect(await hq('webhook', 'add', 'http://shop.example/')).toBe('refused: HQ does not send to http://shop.example/: it is not https.');
    expect(await hq('webhook', 'add', 'https://169.254.169.254/')).toMatch(/own network/);
    expect(await hq('webhook', 'add', 'https://shop.example/', 'order.eaten')).toMatch(/There is no kind "order.eaten"/);
  });
});

test('migrate says where the database is, and that without Citus there is nothing to distribute', async () => {
  expect(await hq('migrate')).toMatch(/^the database is at 00\d\d-/);
  expect(await hq('migrate', '--distributed')).toMatch(/^refused: This PostgreSQL has no Citus: /);
  expect(await hq('migrate', '--all')).toMatch(/^refused: migrate takes --distributed alone/);
});
