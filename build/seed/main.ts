import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../../hq/server/database.ts';
import { ensureSigningKey, readSigningKey, registerSigningKey } from '../../hq/server/identity/signing-key.ts';
import { migrate, readMigrations } from '../../hq/server/migrate.ts';
import { phoneKeyOf } from '../../hq/server/orders/phones.ts';
import { startPostgres } from '../../hq/server/embedded/postgres.ts';
import { fill } from './fill.ts';

/**
 * A year of a fleet, the same for one seed: into DATABASE_URL (with HQ_KEY_FILE, as HQ itself wants it), or into an HQ's data folder that is made here.
 * `node build/bootstrap.mjs build/seed/main.ts --folder=/var/lib/year --kiosks=200 --orders=10000000 --seed=1`
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string' }, kiosks: { type: 'string', default: '200' }, orders: { type: 'string', default: '10000000' }, days: { type: 'string', default: '365' },
    seed: { type: 'string', default: '1' }, until: { type: 'string', default: '2026-11-22' }, 'public-url': { type: 'string' },
  },
});

const wholeNumber = (name: 'kiosks' | 'orders' | 'days' | 'seed'): number => {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} needs a whole number above 0`);
  return number;
};

const given = process.env['DATABASE_URL'];
if (!given && !values.folder) throw new Error('Set DATABASE_URL (and HQ_KEY_FILE), or say --folder=…');
const until = Date.parse(`${values.until}T00:00:00+08:00`);
if (!Number.isFinite(until)) throw new Error('--until needs a day: 2026-11-22');

const folder = resolve(values.folder ?? '.');
const owned = given ? undefined : await startPostgres({ dataFolder: folder });
const url = given ?? owned?.url ?? '';
try {
  const keyFile = process.env['HQ_KEY_FILE'];
  if (given && !keyFile) throw new Error('Set HQ_KEY_FILE: orders are found by phone number with a key that is made of it');
  const signingKey = keyFile ? await readSigningKey(keyFile) : await ensureSigningKey(join(folder, 'hq-signing-key.pem'));
  const sql = connectDatabase(url, { maxConnections: 1 });
  await migrate(sql, await readMigrations(), Date.now);
  await registerSigningKey(sql, signingKey, Date.now());
  await sql.end({ timeout: 5 });
  await fill({
    url, until, kiosks: wholeNumber('kiosks'), orders: wholeNumber('orders'), days: wholeNumber('days'), seed: wholeNumber('seed'), phoneKey: phoneKeyOf(signingKey),
    ...(values['public-url'] === undefined ? {} : { publicUrl: values['public-url'] }), say: (line) => console.log(line),
  });
} finally {
  await owned?.stop();
}
