import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createHq } from './app.ts';
import { checkDurability, connectDatabase } from './database.ts';
import type { Environment } from './environment.ts';
import { readEnvironment } from './environment.ts';
import { ensureKiosk } from './kiosks.ts';
import { createLiveHub } from './live/hub.ts';
import { migrate, readMigrations } from './migrate.ts';
import type { OwnedPostgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { StartFailure } from './start-failure.ts';

/** HQ as a process: JSON log lines on stderr, and on stdout one line when it is ready. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const cleanups: (() => Promise<unknown>)[] = [];
  // In the reverse order of starting, and the rest even if one of them fails.
  const cleanUp = async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean().catch((error: unknown) => process.stderr.write(`HQ while stopping: ${String(error)}\n`));
  };
  const stopSignal = nextSignal();
  try {
    const { app, owned } = await start(environment, cleanups);
    const address = app.server.address() as AddressInfo;
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    const url = `http://${host}:${address.port}`;
    process.stdout.write(`HQ is ready at ${url}\n`);
    process.send?.({ kind: 'ready', url });
    // A supervisor that goes away over the channel takes HQ with it; Ctrl-C and SIGTERM are the usual way.
    const parentGone = process.send ? new Promise<'parent gone'>((resolve) => process.once('disconnect', () => resolve('parent gone'))) : new Promise<never>(() => {});
    const why = await Promise.race([stopSignal, parentGone, owned?.ended.then(() => 'database ended' as const) ?? new Promise<never>(() => {})]);
    app.log.info({ why }, 'stopping');
    if (why === 'database ended') throw new StartFailure('The embedded PostgreSQL has ended by itself. HQ stops, so that whoever started it starts both again.');
  } finally {
    await cleanUp();
  }
}

async function start(environment: Environment, cleanups: (() => Promise<unknown>)[]): Promise<{ app: FastifyInstance; owned: OwnedPostgres | undefined }> {
  const early: string[] = [];
  let onLine = (line: string): void => void early.push(line);
  let owned: OwnedPostgres | undefined;
  if (environment.database.kind === 'embedded') {
    owned = await startPostgres({ dataFolder: environment.database.dataFolder, onLine: (line) => onLine(line) });
    cleanups.push(owned.stop);
  }
  const url = owned?.url ?? (environment.database.kind === 'given' ? environment.database.url : '');
  const sql = connectDatabase(url);
  cleanups.push(() => sql.end({ timeout: 5 }));
  const applied = await migrate(sql, await readMigrations(), Date.now).catch((error: unknown) => {
    if (error instanceof StartFailure || owned) throw error;
    throw new StartFailure(`The database at DATABASE_URL cannot be used: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`);
  });

  let app: FastifyInstance | undefined;
  const hub = createLiveHub({ url, sql, onProblem: (error) => app?.log.warn({ databaseCode: (error as NodeJS.ErrnoException).code }, 'live news are interrupted') });
  cleanups.push(hub.close);
  app = await createHq({
    sql, hub, now: Date.now, webFolder: environment.webFolder,
    console: environment.console === 'withheld' ? 'withheld' : environment.isLoopback ? 'loopback' : 'open',
    logger: { level: environment.logLevel, stream: process.stderr },
  });
  const running = app;
  cleanups.push(() => running.close());
  early.forEach((line) => running.log.debug({ line }, 'postgres'));
  onLine = (line) => running.log[/(ERROR|FATAL|PANIC|WARNING):/.test(line) ? 'warn' : 'debug']({ line }, 'postgres');
  running.log.info({ applied, database: environment.database.kind }, 'database is ready');
  const risk = await checkDurability(sql);
  if (risk) running.log.error({ risk }, 'THIS DATABASE MAY LOSE WHAT HQ HAS ACKNOWLEDGED after a power cut');
  if (environment.console === 'withheld') running.log.warn('the console is not served: it has no login yet and HOST is not loopback (CONSOLE_WITHOUT_LOGIN=yes serves it to everyone)');
  if (environment.console === 'served' && !environment.isLoopback) running.log.error('THE CONSOLE IS OPEN TO EVERYONE WHO REACHES THIS ADDRESS: it has no login yet');
  if (environment.devKiosk) {
    const { kioskId, token } = environment.devKiosk;
    await ensureKiosk(sql, kioskId, kioskId, token, Date.now());
    running.log.warn({ kiosk: kioskId }, 'DEVELOPMENT: HQ_DEV_KIOSK made a kiosk known by a token from the environment');
  }
  await running.listen({ host: environment.host, port: environment.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new StartFailure(`Port ${environment.port} on ${environment.host} is taken by another program. Choose another PORT, or stop that one.`);
    if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') throw new StartFailure(`HQ may not listen on ${environment.host}:${environment.port} (${error.code}). Choose another HOST or PORT.`);
    throw error;
  });
  return { app: running, owned };
}

/** The first asks HQ to finish what it has begun; a second ends it at once. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(error instanceof StartFailure ? `HQ: ${error.message}\n` : `HQ stopped by a bug: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
