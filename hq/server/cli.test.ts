import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
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
import type { OwnedPostgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './testing/database.ts';
import { createSigningKiosk } from './testing/signing-kiosk.ts';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const kioskId = 'kiosk-007';

/** One folder for all: making a cluster is what takes long. */
let DATA_FOLDER: string;
beforeAll(async () => {
  DATA_FOLDER = await temporaryFolder();
});
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
        expect((await hq(['reinstate', kioskId])).stdout).toBe('the key of kiosk-007 is approved again\n');
        expect((await kiosk.hello()).status).toBe(200);
      } finally {
        await app.close();
        await hub.close();
        await bells.close();
      }
    });

    test('names what cannot be done in one sentence', async () => {
      for (const [args, sentence] of [
        [['approve', kioskId], /^No such key of kiosk-007 waits for approval\.\n$/],
        [['approve', 'kiosk-404'], /^HQ knows no key of kiosk-404: .*\n$/],
        [['reinstate', kioskId], /^kiosk-007 is not held to be cloned, .*\n$/],
        [['approve', kioskId, 'xyz'], /^A fingerprint holds .*\n$/],
        [['enrol', 'Kiosk 7'], /^"Kiosk 7" is no kiosk id: .*\n$/],
        [['enrol'], /^The kiosk id is missing: .*\n$/],
        [['enrol', kioskId, '--minutes', '0'], /^--minutes takes .*\n$/],
        [['enrol', kioskId, '--hours', '1'], /^There is no option --hours here, only --minutes\.\n$/],
        [['nonsense'], /^There is no command "nonsense"\.\n\nUsage: npm run hq -- <command>/],
      ] as const) {
        const ended = await hq(args);
        expect(ended).toMatchObject({ code: 1, stdout: '' });
        expect(ended.stderr).toMatch(sentence);
      }
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
