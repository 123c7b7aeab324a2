import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHq } from './app.ts';
import type { Sql } from './database.ts';
import { connectDatabase } from './database.ts';
import { loadSigningKey, registerSigningKey } from './identity/signing-key.ts';
import { createBells } from './live/bells.ts';
import { createLiveHub } from './live/hub.ts';
import { migrate, readMigrations } from './migrate.ts';
import type { OwnedPostgres } from './embedded/postgres.ts';
import { startPostgres } from './embedded/postgres.ts';
import { temporaryFolder } from './testing/database.ts';
import { createSigningKiosk } from './testing/signing-kiosk.ts';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const kioskId = 'kiosk-007';

/** One folder for all: making a cluster is what takes long. */
let DATA_FOLDER: string;
beforeAll(async () => {
  DATA_FOLDER = await temporaryFolder();
  // As HQ's first start leaves it.
  const owned = await startPostgres({ dataFolder: DATA_FOLDER });
  await owned.stop();
}, 60_000);
afterAll(() => rm(DATA_FOLDER, { recursive: true, force: true }));

interface Ended { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function hq(args: readonly string[], env: Record<string, string> = { DATA_FOLDER }): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('the command line', () => {
  test('works on a folder whose HQ is stopped, and leaves nothing running', async () => {
    const made = await hq(['enrol', kioskId, 'North', 'hall', '--minutes', '30']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}\nfor kiosk-007, once, until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(30 min\)\n$/);
    expect((await hq(['kiosks'])).stdout).toBe('kiosk-007  North hall  not enrolled  -  never seen\n');
    await (await startPostgres({ dataFolder: DATA_FOLDER })).stop();
  });

  describe('while HQ runs on the folder', () => {
    let owned: OwnedPostgres;
    let sql: Sql;
    beforeAll(async () => {
      owned = await startPostgres({ dataFolder: DATA_FOLDER });
      sql = connectDatabase(owned.url);
      await migrate(sql, await readMigrations(), Date.now);
    });
    afterAll(async () => {
      await sql?.end();
      await owned?.stop();
    });

    test('takes a kiosk from its code to its revocation and back', async () => {
      const signingKey = await loadSigningKey({ hqKeyFile: undefined, database: { kind: 'embedded', dataFolder: DATA_FOLDER } });
      await registerSigningKey(sql, signingKey, Date.now());
      const hub = createLiveHub({ url: owned.url, sql, onProblem: () => {} });
      const bells = createBells({ url: owned.url, onProblem: () => {} });
      const app = await createHq({ sql, hub, bells, signingKey, now: Date.now, logger: false, webFolder: '/nowhere', console: 'withheld' });
      try {
        const kiosk = createSigningKiosk({ app, kioskId, now: Date.now, hqPublicKey: signingKey.publicKey });
        const code = (await hq(['enrol', kioskId])).stdout.split('\n')[0] ?? '';
        expect(await kiosk.enrol(code)).toMatchObject({ status: 200, body: { state: 'waiting' } });
        const listed = await hq(['kiosks']);
        expect(listed.stdout).toMatch(/^kiosk-007 {2}North hall {2}waiting {2}([0-9a-f]{4} ){7}[0-9a-f]{4} {2}never seen\n$/);
        const fingerprint = /waiting {2}(.*?) {2}never/.exec(listed.stdout)?.[1] ?? '';
        expect(await hq(['approve', kioskId, ...fingerprint.split(' ')])).toEqual({ code: 0, stdout: `approved ${fingerprint} as ${kioskId}\n`, stderr: '' });
        expect((await kiosk.hello({ clock: kiosk.clock(Date.now() + 7_200_000) })).status).toBe(200);
        expect((await hq(['kiosks'])).stdout).toMatch(/approved .* {2}seen \d+ s ago {2}app 0\.1\.0 {2}clock 2 h ahead\n$/);
        expect(await hq(['revoke', kioskId])).toEqual({ code: 0, stdout: 'revoked the key of kiosk-007\n', stderr: '' });
        expect(await kiosk.greet()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
        expect((await hq(['reinstate', kioskId])).stdout).toBe(`approved ${fingerprint} as kiosk-007 again\n`);
        expect((await kiosk.hello()).status).toBe(200);
      } finally {
        await app.close();
        await hub.close();
        await bells.close();
      }
    });

    // A process each, so a time limit each.
    const refused: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
      [['approve', kioskId], /^No such key of kiosk-007 waits for approval\.\n$/],
      [['approve', 'kiosk-404'], /^HQ knows no key of kiosk-404: .*\n$/],
      [['reinstate', kioskId], /^kiosk-007 is not held to be cloned, .*\n$/],
      [['approve', kioskId, 'xyz'], /^A fingerprint holds .*\n$/],
      [['enrol', 'Kiosk 7'], /^"Kiosk 7" is no kiosk id: .*\n$/],
      [['enrol'], /^The kiosk id is missing: .*\n$/],
      [['enrol', kioskId, '--minutes', '0'], /^--minutes takes .*\n$/],
      [['enrol', kioskId, '--hours', '1'], /^There is no option --hours here, only --minutes\.\n$/],
      [['kiosks', 'kiosk-007'], /^"kiosk-007" is one word too many\.\n$/],
      [['revoke', kioskId, 'kiosk-008'], /^"kiosk-008" is one word too many\.\n$/],
      [['settle', 'kiosk-404', 'disk'], /^HQ knows no kiosk kiosk-404\.\n$/],
      [['alarms', 'kiosk-404'], /^HQ knows no kiosk kiosk-404\.\n$/],
      [['nonsense'], /^There is no command "nonsense"\.\n\nUsage: npm run hq -- <command>/],
    ];
    test.each(refused)('names what cannot be done in one sentence: %j', async (args, sentence) => {
      const ended = await hq(args);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(sentence);
    });

    test('tells the public key of HQ, and forgets one that was lost so that another may take its place', async () => {
      const told = await hq(['signing-key']);
      const [publicKey = '', shown = ''] = told.stdout.split('\n');
      expect(Buffer.from(publicKey, 'base64')).toHaveLength(44);
      const HQ_KEY_FILE = join(DATA_FOLDER, 'another.pem');
      await writeFile(HQ_KEY_FILE, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
      expect((await hq(['signing-key'], { DATA_FOLDER, HQ_KEY_FILE })).stderr).toMatch(/^This HQ holds the signing key .*, but the kiosks of this database trust .*\n$/);
      expect((await hq(['forget-signing-key', 'abc'])).stderr).toMatch(/^Name the key that is lost .*\n$/);
      expect((await hq(['forget-signing-key', '0'.repeat(16)])).stderr).toBe('The kiosks of this database trust no such key.\n');
      expect(await hq(['forget-signing-key', ...shown.replace('fingerprint ', '').split(' ')])).toMatchObject({ code: 0, stderr: '' });
      const other = await hq(['signing-key'], { DATA_FOLDER, HQ_KEY_FILE });
      expect(other).toMatchObject({ code: 0, stderr: '' });
      expect(other.stdout).not.toBe(told.stdout);
    });

    test('says what is at stake: an enrolment code that is void, alarms that are open, and what is set aside', async () => {
      await hq(['enrol', 'kiosk-008']);
      expect(await hq(['revoke', 'kiosk-008'])).toEqual({ code: 0, stdout: 'kiosk-008 had no key; its enrolment code is void\n', stderr: '' });
      expect((await hq(['revoke', 'kiosk-008'])).stderr).toMatch(/^HQ knows no key of kiosk-008/);
      expect((await hq(['alarms'])).stdout).toBe('no alarm is open, and nothing is set aside\n');
      await sql`insert into alarms (kiosk_id, alarm_id, kind, subject, detail, at, last_at, times) values ('kiosk-008', gen_random_uuid(), 'disk', '', 'full: 12 bytes free', 1800000000000, 1800000060000, 3)`;
      await sql`insert into quarantined_events (kiosk_id, lane, epoch, sequence, event_id, kind, version, reason, detail, quarantined_at) values ('kiosk-008', 'orders', 1, 17, gen_random_uuid(), 'drone.landed', 1, 'unknown_kind', 'drone.landed', 1800000000000)`;
      expect((await hq(['alarms', 'kiosk-008'])).stdout.split('\n')).toEqual([
        'kiosk-008  disk  since 2027-01-15 08:00 UTC  3 times, last 2027-01-15 08:01 UTC  full: 12 bytes free',
        'kiosk-008  set aside  orders 1/17  drone.landed version 1  unknown_kind  2027-01-15 08:00 UTC  drone.landed', '1 open alarms, 1 events set aside', '',
      ]);
      expect((await hq(['alarms', kioskId])).stdout).toBe('no alarm is open, and nothing is set aside\n');
      expect((await hq(['settle', 'kiosk-008', 'disk'])).stdout).toBe('1 alarm ended\n');
    });

    test('migrates a given database by the word alone, and refuses one that is empty, older or newer', async () => {
      await sql.unsafe('create database given');
      const env = { DATABASE_URL: owned.url.replace(/[^/]+$/, 'given') };
      expect((await hq(['kiosks'], env)).stderr).toMatch(/^The database at DATABASE_URL is at no migration, this command at \d{4}-\S+\. The command "migrate" brings it up to date\.\n$/);
      expect(await hq(['migrate'], env)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^the database is at \d{4}-/) as string });
      expect((await hq(['kiosks'], env)).stdout).toMatch(/^no kiosk is known/);
      const given = connectDatabase(env.DATABASE_URL);
      await given`delete from schema_migrations where version > 6`;
      const older = await hq(['kiosks'], env);
      await given`insert into schema_migrations (version, name, sha256, applied_at) values (9999, '9999-later', 'x', 1)`;
      const newer = await hq(['enrol', kioskId], env);
      await given.end();
      expect(older).toMatchObject({ code: 1, stderr: expect.stringMatching(/is at 0006-\S+, this command at/) as string });
      expect(newer).toMatchObject({ code: 1, stderr: expect.stringMatching(/is at 9999-later, newer than this command/) as string });
    });

    test('reaches a given database all the same', async () => {
      expect((await hq(['kiosks'], { DATABASE_URL: owned.url })).stdout).toMatch(/^kiosk-007 /);
    });

    test('does not touch a database of another migration than its own', async () => {
      await sql`insert into schema_migrations (version, name, sha256, applied_at) values (9999, '9999-later', 'x', 1)`;
      const ended = await hq(['kiosks']);
      await sql`delete from schema_migrations where version = 9999`;
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(/^The HQ that runs on .* is at 9999-later, this command at .*\n$/);
    });
  });

  test('makes no new database in a folder that has none: it was mistyped', async () => {
    const empty = await temporaryFolder();
    for (const folder of [empty, join(empty, 'no')]) expect(await hq(['kiosks'], { DATA_FOLDER: folder })).toEqual({ code: 1, stdout: '', stderr: `There is no database of HQ in ${folder}. Is DATA_FOLDER right? HQ itself makes one at its first start.\n` });
    expect(await readdir(empty)).toEqual([]);
    await rm(empty, { recursive: true });
  });

  test('tells how it is used, with no database at all', async () => {
    for (const word of ['help', '--help']) expect(await hq([word], {})).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: npm run hq -- <command> …\n[^]*\n {2}alarms \[kiosk\] /) as string, stderr: '' });
    expect(await hq(['revoke', '--help'], {})).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n {2}revoke <id>/) as string });
    expect((await hq(['help'], {})).stdout.match(/^ {2}settle /gm)).toHaveLength(1);
  });

  test('names an environment without a database, and one whose database is away', async () => {
    expect((await hq(['kiosks'], {})).stderr).toMatch(/^Set DATA_FOLDER .*\n$/);
    const away = await hq(['kiosks'], { DATABASE_URL: 'postgres://hq:secret@127.0.0.1:1/hq' });
    expect(away.stderr).toMatch(/^The database at DATABASE_URL cannot be used: .*\n$/);
    expect(away.stderr).not.toContain('secret');
  });

  test('has the folder to itself again once HQ has stopped', async () => {
    expect((await hq(['kiosks'])).stdout).toMatch(/^kiosk-007 /);
    expect((await stat(join(DATA_FOLDER, 'hq-signing-key.pem'))).mode & 0o777).toBe(0o600);
  });
});
