import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../hq/server/database.ts';
import { lockRevision } from '../hq/server/down/publish.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { signingKeyOf } from '../hq/server/identity/signing-key.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { publishStaff } from '../hq/server/staff/publish.ts';
import { createSeal } from '../hq/server/staff/seal.ts';
import { hashPin, makeCard, makeRecoveryCodes, makeTotpSecret } from '../hq/server/staff/secrets.ts';
import { count, machine, milliseconds, printTable } from './figures.ts';

/**
 * Members of staff of a large fleet that is one group: how long HQ takes to bring its lists up to date, and how long somebody else waits meanwhile for the lock that
 * publications of staff take in turns. The aim: where nothing has changed under a second, and nobody waits for as long.
 * `node bench/staff.ts --kiosks=3000 --members=30`
 */
const { values } = parseArgs({ options: { kiosks: { type: 'string', default: '3000' }, members: { type: 'string', default: '30' } } });
const [kiosks, memberCount] = [Number(values.kiosks), Number(values.members)];
const everywhere = Math.floor(memberCount / 3);
const now = Date.parse('2026-11-12T04:00:00Z');
const signer = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
const seal = createSeal(signer);

const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'counter24-bench-staff-'));
const owned = await startPostgres({ dataFolder: folder });
const sql = connectDatabase(owned.url, { maxConnections: 4 });
const beside = connectDatabase(owned.url, { maxConnections: 1 });
try {
  await migrate(sql, await readMigrations(), Date.now);
  await sql`insert into kiosks (kiosk_id, name, token_hash, created_at) select 'kiosk-' || n, 'Kiosk ' || n, '\\x00', ${now} from generate_series(1, ${kiosks}) n`;
  await sql`insert into kiosk_groups ${sql({ group_id: 'metro', name: 'Metro' })}`;
  await sql`insert into kiosk_group_members (group_id, kiosk_id) select 'metro', kiosk_id from kiosks`;
  const pinHash = await hashPin('583921');
  for (let index = 0; index < memberCount; index += 1) {
    const number = String(20_000 + index);
    await sql`
      insert into staff_members (number, name, role, places, pin_hash, totp_sealed, recovery_hashes, card_hash, created_at, changed_at, changed_by)
      values (${number}, ${`Member ${number}`}, 'restocker', ${sql.json([index < everywhere ? 'all' : 'group:metro'])}, ${pinHash}, ${seal.seal(makeTotpSecret(), number)}, ${sql.json([...makeRecoveryCodes().hashes])}, ${makeCard().hash}, ${now}, ${now}, 'bench')`;
  }

  const table = [['', 'took ms', 'processor ms', 'published', 'longest wait beside ms']];
  const measure = async (name: string): Promise<void> => {
    let isOver = false;
    let longest = 0;
    const waiting = (async () => {
      while (!isOver) {
        const begun = performance.now();
        await beside.begin((transaction) => lockRevision(transaction, 'staff')).catch((error: unknown) => console.log(`  beside: ${error instanceof Error ? error.message : String(error)}`));
        longest = Math.max(longest, performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const [begun, worked] = [performance.now(), process.cpuUsage()];
    const published = await publishStaff(sql, seal, signer, now, 'bench').catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const took = performance.now() - begun;
    const { user, system } = process.cpuUsage(worked);
    isOver = true;
    await waiting;
    table.push([name, milliseconds(took), milliseconds((user + system) / 1000), typeof published === 'number' ? count(published) : published, milliseconds(longest)]);
  };
  const end = (number: number) => sql`update staff_members set ended_at = ${now}, pin_hash = null where number = ${String(number)}`;

  console.log(`staff: ${count(kiosks)} kiosks in one group, ${memberCount} members, ${memberCount - everywhere} of them there; ${machine()}`);
  await measure('first publication');
  await measure('nothing has changed');
  await end(20_000 + everywhere);
  await measure('one of the group ends');
  await sql`update staff_members set places = ${sql.json(['kiosk:kiosk-7'])} where number = ${String(20_000 + everywhere + 1)}`;
  await measure('one moves to a single kiosk');
  await end(20_000 + everywhere + 1);
  await measure('one of a single kiosk ends');
  printTable(table);
  console.log(`  afterwards: ${machine()}`);
} finally {
  await Promise.all([sql, beside].map((connection) => connection.end({ timeout: 5 })));
  await owned.stop();
  await fs.promises.rm(folder, { recursive: true, force: true });
}
