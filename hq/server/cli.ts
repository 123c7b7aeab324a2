import { kioskIdSchema } from '../../domain/ids.ts';
import { connectDatabase } from './database.ts';
import { readEnvironment } from './environment.ts';
import { ensureKiosk, newToken } from './kiosks.ts';
import { migrate, readMigrations } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { StartFailure } from './start-failure.ts';

const usage = `Usage: node hq/server/cli.ts add-kiosk <id> [name]

Makes a kiosk known (or gives a known one a new token) and prints its token, once: HQ keeps only a hash of it.
Needs DATABASE_URL, or DATA_FOLDER of an HQ that is stopped.`;

async function main([command, id, name]: readonly string[]): Promise<void> {
  if (command !== 'add-kiosk' || !id) throw new StartFailure(usage);
  const kioskId = kioskIdSchema.safeParse(id);
  if (!kioskId.success) throw new StartFailure(`"${id}" is no kiosk id: small letters, digits and hyphens, such as kiosk-001.`);
  const { database } = readEnvironment(process.env);
  const owned = database.kind === 'embedded' ? await startPostgres({ dataFolder: database.dataFolder }) : undefined;
  try {
    const sql = connectDatabase(database.kind === 'given' ? database.url : (owned?.url ?? ''), { maxConnections: 1 });
    await migrate(sql, await readMigrations(), Date.now);
    const token = newToken();
    await ensureKiosk(sql, kioskId.data, name ?? kioskId.data, token, Date.now());
    await sql.end({ timeout: 5 });
    process.stdout.write(`${token}\n`);
  } finally {
    await owned?.stop();
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof StartFailure ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exit(1);
  },
);
