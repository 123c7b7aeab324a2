import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createHq } from './app.ts';
import type { Sql } from './database.ts';
import { checkDurability, connectDatabase } from './database.ts';
import type { Environment } from './environment/environment.ts';
import { readEnvironment } from './environment/environment.ts';
import type { SigningKey } from './identity/signing-key.ts';
import { loadSigningKey, registerSigningKey } from './identity/signing-key.ts';
import { createMailer } from './alerts/mail.ts';
import type { Mailing } from './jobs/housekeeping.ts';
import { withRevision } from './catalogue/in-force.ts';
import { publish, readNewest } from './down/publish.ts';
import { housekeeping } from './jobs/housekeeping.ts';
import { createJobs } from './jobs/jobs.ts';
import { ensureKiosk } from './identity/kiosks.ts';
import { createMetrics, databaseSources } from './metrics/metrics.ts';
import type { Operations } from './environment/operations.ts';
import { readOperations } from './environment/operations.ts';
import { createBells } from './live/bells.ts';
import { createLiveHub } from './live/hub.ts';
import { migrate, readMigrations } from './migrate.ts';
import { makeSetupCode } from './people/setup-code.ts';
import type { OwnedPostgres } from './embedded/postgres.ts';
import { startPostgres } from './embedded/postgres.ts';
import { devStaff, ensureDevStaff } from './staff/dev-staff.ts';
import { StartFailure } from './start-failure.ts';
import type { ConfiguredProvider } from './services/configured.ts';
import { createConfiguredProvider } from './services/configured.ts';
import { createServices } from './services/worker.ts';
import { gatewaysHere, readWallets } from './wallets/config.ts';
import type { WalletGateway } from './wallets/gateway.ts';
import { createWalletNews } from './wallets/news.ts';
import { createWalletWorker } from './wallets/worker.ts';
import { createDeliveries } from './webhooks/deliver.ts';
import { webhookNoter } from './webhooks/note.ts';

/** What is asked to end and does not is left behind after so long: whoever stops HQ waits for it. */
const cleanUpMs = 12_000;

interface Running {
  readonly app: FastifyInstance;
  readonly owned: OwnedPostgres | undefined;
  /** From now on a load balancer is told to send no more. */
  readonly sayStopping: () => void;
}

/** HQ as a process: JSON log lines on stderr, and on stdout one line when it is ready. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const operations = readOperations(process.env);
  const walletWarnings: string[] = [];
  const gateways = await readWallets(process.env, Date.now, (words) => walletWarnings.push(words));
  const cleanups: (() => Promise<unknown>)[] = [];
  // In the reverse order of starting, and the rest even if one of them fails or hangs.
  const cleanUp = async () => {
    for (const clean of cleanups.splice(0).reverse()) await within(cleanUpMs, clean()).catch((error: unknown) => process.stderr.write(`HQ while stopping: ${String(error)}\n`));
  };
  const stopSignal = nextSignal();
  try {
    const { app, owned, sayStopping } = await start(environment, operations, gateways, cleanups);
    walletWarnings.forEach((words) => app.log.error({ words }, "A WALLET'S CERTIFICATE WANTS A PERSON"));
    const address = app.server.address() as AddressInfo;
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    const url = `${environment.tls ? 'https' : 'http'}://${host}:${address.port}`;
    process.stdout.write(`HQ is ready at ${url}\n`);
    process.send?.({ kind: 'ready', url });
    // A supervisor that goes away over the channel takes HQ with it; Ctrl-C and SIGTERM are the usual way.
    const parentGone = process.send ? new Promise<'parent gone'>((resolve) => process.once('disconnect', () => resolve('parent gone'))) : new Promise<never>(() => {});
    const why = await Promise.race([stopSignal, parentGone, owned?.ended.then(() => 'database ended' as const) ?? new Promise<never>(() => {})]);
    sayStopping();
    app.log.info({ why }, 'stopping');
    if (why === 'database ended') throw new StartFailure('The embedded PostgreSQL has ended by itself. HQ stops, so that whoever started it starts both again.');
    if (why !== 'parent gone' && operations.stopDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, operations.stopDelayMs));
  } finally {
    await cleanUp();
  }
}

async function start(environment: Environment, operations: Operations, gateways: readonly WalletGateway[], cleanups: (() => Promise<unknown>)[]): Promise<Running> {
  const early: string[] = [];
  let onLine = (line: string): void => void early.push(line);
  const tls = environment.tls && (await readTls(environment.tls));
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
  const signingKey = await loadSigningKey(environment);
  await registerSigningKey(sql, signingKey, Date.now());

  let app: FastifyInstance | undefined;
  let isStopping = false;
  const onGap = (error: unknown) => app?.log.warn({ databaseCode: (error as NodeJS.ErrnoException).code }, 'live news are interrupted');
  const hub = createLiveHub({ url, sql, onProblem: onGap });
  cleanups.push(hub.close);
  const bells = createBells({ url, onProblem: onGap });
  cleanups.push(bells.close);
  const walletNews = createWalletNews({ url, onProblem: onGap });
  cleanups.push(walletNews.close);
  const isListening = () => hub.isListening() && bells.isListening();
  const metrics = createMetrics({ ...databaseSources(sql), openBells: bells.count, isListening }, { ofProcess: true });
  const onEffective = webhookNoter(Date.now);
  const credits = operations.services && (await createConfiguredProvider(operations.services, {
    now: Date.now, onChange: ({ isAway, detail }) => app?.log[isAway ? 'error' : 'info']({ detail }, isAway ? 'whoever credits services is unwell, and is left alone for a while' : 'services are credited again'),
  }));
  if (credits) cleanups.push(async () => credits.close());
  const mailing = operations.mail && { mailer: createMailer(operations.mail), consoleUrl: operations.mail.consoleUrl };
  if (mailing) cleanups.push(async () => mailing.mailer.close());
  app = await createHq({
    sql, hub, bells, signingKey, now: Date.now, webFolder: environment.webFolder, tls, metrics, onEffective,
    metricsAccess: operations.metrics, provider: credits?.provider, providerTimeoutMs: operations.services?.timeoutMs, gateways, walletNews, mailer: mailing?.mailer, webhooksPrivate: operations.webhooksPrivate,
    unready: () => (isStopping ? 'HQ is stopping' : isListening() ? undefined : 'notifications of the database are not heard'),
    devKiosk: environment.devKiosk, publicAuthorities: environment.publicAuthorities, trustedProxies: environment.trustedProxies,
    console: 'served', devAccount: environment.devAccount, publicOrigins: environment.publicOrigins, sessionRules: environment.sessionRules,
    logger: { level: environment.logLevel, stream: process.stderr },
  });
  const running = app;
  early.forEach((line) => running.log.debug({ line }, 'postgres'));
  onLine = (line) => running.log[/(ERROR|FATAL|PANIC|WARNING):/.test(line) ? 'warn' : 'debug']({ line }, 'postgres');
  running.log.info({ applied, database: environment.database.kind }, 'database is ready');
  const risk = await checkDurability(sql);
  if (risk) running.log.error({ risk }, 'THIS DATABASE MAY LOSE WHAT HQ HAS ACKNOWLEDGED after a power cut');
  if (environment.devAccount) running.log.warn({ account: environment.devAccount.name }, 'DEVELOPMENT: HQ_DEV_ACCOUNT is an administrator without a second factor');
  else await tellSetupCode(sql, (words) => running.log.warn(words));
  if (environment.devKiosk) {
    const { kioskId } = environment.devKiosk;
    await ensureKiosk(sql, kioskId, kioskId, Date.now());
    running.log.warn({ kiosk: kioskId }, 'DEVELOPMENT: HQ_DEV_KIOSK made a kiosk known, and its code enrols keys that are approved at once');
  }
  if (environment.devCatalogueFile !== undefined) await publishDevCatalogue(sql, signingKey, environment.devCatalogueFile);
  if (environment.hasDevStaff) {
    await ensureDevStaff(sql, signingKey, Date.now());
    running.log.warn({ staff: devStaff.map(({ number }) => number).join(', ') }, 'DEVELOPMENT: HQ_DEV_STAFF made members of staff whose PINs and codes everybody knows');
  }
  const onTrial = gatewaysHere(process.env);
  if (gateways.length > 0) running.log.info({ wallets: gateways.map(({ wallet }) => wallet) }, 'wallets are taken');
  if (onTrial.length > 0) running.log.warn({ wallets: onTrial }, 'WALLETS ARE PAID AT A GATEWAY ON THIS MACHINE: no money moves');
  startWork({ url, operations, app: running, metrics, onEffective, mailing, signingKey, credits, gateways }, cleanups);
  // Pushed last, so done first: the door is shut before anything behind it goes.
  cleanups.push(() => closeWithin(running, cleanUpMs - 2000));
  await running.listen({ host: environment.host, port: environment.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new StartFailure(`Port ${environment.port} on ${environment.host} is taken by another program. Choose another PORT, or stop that one.`);
    if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') throw new StartFailure(`HQ may not listen on ${environment.host}:${environment.port} (${error.code}). Choose another HOST or PORT.`);
    throw error;
  });
  return { app: running, owned, sayStopping: () => { isStopping = true; } };
}

/** Where nobody has an account, who reads HQ's log makes the first. It goes past the log's level: without it nobody gets in. */
async function tellSetupCode(sql: Sql, warn: (words: string) => void): Promise<void> {
  const code = await makeSetupCode(sql, Date.now());
  if (code === undefined) return;
  warn('HQ has no account yet: its set-up code stands on stdout');
  process.stdout.write(`HQ has no account yet. Open its console and make the first administrator with this code: ${code}\n`);
}

/** So that the console knows what the kiosk beside it sells. What people have published since stays. */
async function publishDevCatalogue(sql: Sql, signer: SigningKey, file: string): Promise<void> {
  if ((await readNewest(sql, 'catalogue', 'all')) !== undefined) return;
  const published = await publish(sql, { kind: 'catalogue', scope: 'all', text: withRevision('catalogue', await readFile(file, 'utf8')), signer, by: 'HQ_DEV_CATALOGUE', now: Date.now() });
  if (!published.ok) throw new StartFailure(`HQ_DEV_CATALOGUE cannot be published: ${published.error.kind === 'malformed' ? published.error.detail : published.error.kind}`);
}

interface Work {
  readonly url: string;
  readonly operations: Operations;
  readonly app: FastifyInstance;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly onEffective: ReturnType<typeof webhookNoter>;
  readonly mailing: Mailing | undefined;
  readonly signingKey: SigningKey;
  readonly credits: ConfiguredProvider | undefined;
  readonly gateways: readonly WalletGateway[];
}

/** What HQ does without being asked, on connections of its own: it never waits for, nor takes from, those that take orders. */
function startWork({ url, operations, app, metrics, onEffective, mailing, signingKey, credits, gateways }: Work, cleanups: (() => Promise<unknown>)[]): void {
  const sql = connectDatabase(url, { maxConnections: 3 });
  cleanups.push(() => sql.end({ timeout: 5 }));
  const failed = (what: string) => (error: unknown) => app.log.error({ what, databaseCode: (error as NodeJS.ErrnoException).code, message: error instanceof Error ? error.message : '' }, 'a job failed and is tried again');
  const locks = connectDatabase(url, { maxConnections: 1 });
  cleanups.push(() => locks.end({ timeout: 5 }));
  const jobs = createJobs({
    locks, jobs: housekeeping({
      sql, now: Date.now, onEffective, mailing, signingKey, gateways,
      // The hash stands in the log: a chain that somebody made anew from its beginning is found by it.
      onAudit: ({ entries, hash, trouble }) => (trouble === '' ? app.log.info({ entries, hash }, "HQ's audit is whole") : app.log.error({ entries, hash, trouble }, "HQ'S AUDIT WAS CUT OR CHANGED")),
    }),
    onDone: ({ job, outcome, ms }) => app.log.debug({ job, outcome, ms }, 'job done'),
    onProblem: (job, error) => failed(job)(error),
  });
  cleanups.push(jobs.stop);
  const deliveries = createDeliveries({
    sql, now: Date.now, rules: { mayBePrivate: operations.webhooksPrivate }, onProblem: failed('webhooks'), onAttempt: metrics.webhook,
    onDead: (dead) => {
      metrics.webhook('dead');
      app.log.error(dead, 'an endpoint was not told, and HQ has given up on it');
    },
  });
  const { services } = operations;
  if (services && credits) {
    if (credits.warning !== undefined) app.log.warn(credits.warning);
    const work = createServices({ sql, now: Date.now, provider: credits.provider, limitMs: services.limitMs, timeoutMs: services.timeoutMs, onProblem: failed('services') });
    // What a provider is silent about is asked for again at the next start.
    cleanups.push(() => Promise.race([work.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]));
  }
  // Without a gateway, too: what was open when its keys were taken away must end on somebody's list.
  const payments = createWalletWorker({ sql, now: Date.now, gateways, onProblem: failed('wallets') });
  cleanups.push(() => Promise.race([payments.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]));
  // An endpoint may take its time; what is under way is due again by itself.
  cleanups.push(() => Promise.race([deliveries.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]));
}

/** Shuts the door, lets those inside finish, and in the end cuts who does not. */
async function closeWithin(app: FastifyInstance, ms: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), ms);
  await app.close();
  clearTimeout(timer);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error(`something did not end within ${ms} ms`)), ms); });
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}

async function readTls({ certFile, keyFile }: NonNullable<Environment['tls']>): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const read = (name: string, file: string) => readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartFailure(`${name} cannot be read: ${error.message}`);
  });
  return { cert: await read('TLS_CERT_FILE', certFile), key: await read('TLS_KEY_FILE', keyFile) };
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
