import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate, readMigrations } from '../migrate.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { ensureSigningKey, loadSigningKey, readSigningKey, registerSigningKey } from './signing-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("HQ's signing key", () => {
  test('is made once, for its owner alone, and is the same ever after', async () => {
    const path = join(folder, 'deep', 'hq-signing-key.pem');
    const made = await ensureSigningKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await ensureSigningKey(path)).publicKey).toBe(made.publicKey);
    expect(await readdir(join(folder, 'deep'))).toEqual(['hq-signing-key.pem']);
    const open = createPublicKey({ key: Buffer.from(made.publicKey, 'base64'), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('words'), open, made.sign('words'))).toBe(true);
  });

  test('is one where several begin at once', async () => {
    const path = join(folder, 'hq-signing-key.pem');
    const keys = await Promise.all(Array.from({ length: 8 }, () => ensureSigningKey(path)));
    expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1);
    expect(await readdir(folder)).toEqual(['hq-signing-key.pem']);
  });

  test('lies in the data folder, or where the variable says, which a given database needs', async () => {
    const own = await loadSigningKey({ hqKeyFile: undefined, database: { kind: 'embedded', dataFolder: folder } });
    const path = join(folder, 'hq-signing-key.pem');
    expect((await loadSigningKey({ hqKeyFile: path, database: { kind: 'given', url: 'postgres://x/y' } })).publicKey).toBe(own.publicKey);
    await expect(loadSigningKey({ hqKeyFile: undefined, database: { kind: 'given', url: 'postgres://x/y' } })).rejects.toThrow(/^Set HQ_KEY_FILE: .*$/);
    await expect(loadSigningKey({ hqKeyFile: join(folder, 'gone.pem'), database: { kind: 'embedded', dataFolder: folder } })).rejects.toThrow(/signing key cannot be read at .*gone\.pem/);
    expect(await readdir(folder)).toEqual(['hq-signing-key.pem']);
  });

  test('that others may read, or that is no Ed25519 key, is refused by name and left as it is', async () => {
    const path = join(folder, 'hq-signing-key.pem');
    await ensureSigningKey(path);
    await chmod(path, 0o644);
    await expect(ensureSigningKey(path)).rejects.toThrow(/can be read by others \(mode 644\)/);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });
    for (const text of ['', 'half a key', other]) {
      await rm(path);
      await writeFile(path, text, { mode: 0o600 });
      await expect(ensureSigningKey(path)).rejects.toThrow(/is no Ed25519 private key in PEM/);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
    await rm(path);
    await expect(readSigningKey(path)).rejects.toThrow(/cannot be read/);
  });
});

describe('a database', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres?.stop());

  test('has one signing key: the first that came, and refuses another by name', async () => {
    const { sql } = await postgres.createDatabase();
    const [first, second] = [await ensureSigningKey(join(folder, 'a.pem')), await ensureSigningKey(join(folder, 'b.pem'))];
    await registerSigningKey(sql, first, 1);
    await registerSigningKey(sql, first, 2);
    await expect(registerSigningKey(sql, second, 3)).rejects.toThrow(`This HQ holds the signing key ${second.fingerprint.slice(0, 16)}, but the kiosks of this database trust ${first.fingerprint.slice(0, 16)}.`);
    expect(await sql`select fingerprint, registered_at from hq_signing_keys`).toEqual([{ fingerprint: first.fingerprint, registered_at: 1 }]);
  });

  test('has one even where several processes begin at once with different ones', async () => {
    const { sql } = await postgres.createDatabase();
    const keys = await Promise.all(['a', 'b', 'c'].map((name) => ensureSigningKey(join(folder, `${name}.pem`))));
    const outcomes = await Promise.allSettled(keys.map((key) => registerSigningKey(sql, key, 1)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('of before has its tokens forgotten and its kiosks kept', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    const migrations = await readMigrations();
    await migrate(sql, migrations.slice(0, 3), () => 1);
    await sql`insert into kiosks (kiosk_id, name, token_hash, created_at) values ('kiosk-001', 'Lobby', ${Buffer.alloc(32, 7)}, 5)`;
    await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged) values ('kiosk-001', 'orders', 1, 12)`;
    await migrate(sql, migrations.slice(0, 4), () => 2);
    expect(await sql`select kiosk_id, name, token_hash, created_at, cloned_at from kiosks`).toEqual([{ kiosk_id: 'kiosk-001', name: 'Lobby', token_hash: null, created_at: 5, cloned_at: null }]);
  });
});
