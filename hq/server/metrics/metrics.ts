import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Sql } from '../database.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly answered: (answer: { readonly route: string; readonly method: string; readonly status: number; readonly seconds: number }) => void;
  readonly refused: (code: string) => void;
  readonly batch: (events: number) => void;
  readonly signIn: (outcome: 'in' | 'wrong' | 'too_many') => void;
  readonly consoleCall: (call: { readonly area: string; readonly outcome: 'done' | 'refused' | 'failed' }) => void;
  readonly webhook: (outcome: 'sent' | 'failed' | 'dead') => void;
}

/** What is asked for when somebody looks; undefined where it cannot be told now. Then the number is left out rather than wrong. */
export interface MetricSources {
  readonly openSessions: () => Promise<number | undefined>;
  readonly openBells: () => number;
  readonly webhooksDue: () => Promise<number | undefined>;
  /** Of all processes, at the database: how many there are, and how many work. */
  readonly connections: () => Promise<{ readonly open: number; readonly active: number } | undefined>;
  readonly isListening: () => boolean;
  /** Of people at the console, over all processes. */
  readonly people?: () => Promise<{ readonly sessions: number; readonly accounts: number } | undefined>;
  /** HQ's own audit: how long it is, and whether the last check found it whole. */
  readonly audit?: () => Promise<{ readonly entries: number; readonly isWhole: boolean; readonly checkedAt: number | null } | undefined>;
}

export interface MetricsOptions {
  /** Also what is the process's own (memory, event loop). Its observers live as long as the process, so for that alone. */
  readonly ofProcess?: boolean;
}

/** One registry for each app: two apps in one process (tests) do not share numbers. */
export function createMetrics({ openSessions, openBells, webhooksDue, connections, isListening, people, audit }: MetricSources, { ofProcess = false }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: 'counter24_' });
  const registers = [registry];
  const durations = new Histogram({ name: 'counter24_http_seconds', help: 'Time from request to answer.', labelNames: ['route', 'method', 'status'], buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30], registers });
  const refusals = new Counter({ name: 'counter24_refusals_total', help: 'Answers that refuse, by code of the registry.', labelNames: ['code'], registers });
  const batches = new Counter({ name: 'counter24_ingest_batches_total', help: 'Batches of kiosks that were taken.', registers });
  const events = new Counter({ name: 'counter24_ingest_events_total', help: 'Events in batches that were taken; those that came again count again.', registers });
  const webhooks = new Counter({ name: 'counter24_webhook_attempts_total', help: 'Attempts to tell an endpoint, by outcome; dead: given up.', labelNames: ['outcome'], registers });
  const gauge = (name: string, help: string, read: () => Promise<number | undefined> | number) =>
    new Gauge({
      name, help, registers,
      async collect() {
        this.reset();
        const value = await Promise.resolve()
          .then(read)
          .catch(() => undefined);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  gauge('counter24_sessions_open', 'Kiosks with an open session, over all processes.', openSessions);
  gauge('counter24_bells_open', 'Streams of kiosks to this process.', openBells);
  gauge('counter24_webhooks_due', 'What endpoints have not been told yet, over all processes.', webhooksDue);
  gauge('counter24_database_connections', 'Connections of all processes to the database.', async () => (await connections())?.open);
  gauge('counter24_database_connections_active', 'Those of them that work on something.', async () => (await connections())?.active);
  gauge('counter24_database_listening', '1 while notifications of the database are heard.', () => (isListening() ? 1 : 0));
  const signIns = new Counter({ name: 'counter24_sign_ins_total', help: 'Tries to sign in at the console: in, wrong, too_many.', labelNames: ['outcome'], registers });
  const consoleCalls = new Counter({ name: 'counter24_console_calls_total', help: "Calls to the console's API by area and outcome.", labelNames: ['area', 'outcome'], registers });
  if (people) {
    gauge('counter24_people_sessions', 'People who are signed in, over all processes.', async () => (await people())?.sessions);
    gauge('counter24_people_accounts', 'Accounts that are active.', async () => (await people())?.accounts);
  }
  if (audit) {
    gauge('counter24_audit_entries', "Entries of HQ's audit.", async () => (await audit())?.entries);
    gauge('counter24_audit_whole', "1 while the last check found HQ's audit whole, 0 where it was cut or changed.", async () => Number((await audit())?.isWhole ?? true));
    gauge('counter24_audit_checked_seconds', "When HQ's audit was checked last, as Unix time.", async () => ((await audit())?.checkedAt ?? 0) / 1000);
  }
  return {
    registry,
    signIn: (outcome) => signIns.inc({ outcome }),
    consoleCall: ({ area, outcome }) => consoleCalls.inc({ area, outcome }),
    answered: ({ route, method, status, seconds }) => durations.observe({ route, method, status: String(status) }, seconds),
    refused: (code) => refusals.inc({ code }),
    batch: (count) => {
      batches.inc();
      events.inc(count);
    },
    webhook: (outcome) => webhooks.inc({ outcome }),
  };
}

/** Numbers that the database holds for all processes. One that cannot be had, as while a part of a distributed database is away, is left out. */
export function databaseSources(sql: Sql): Pick<MetricSources, 'openSessions' | 'webhooksDue' | 'connections' | 'people' | 'audit'> {
  const one = async (query: Promise<readonly { readonly n: number }[]>) => (await query)[0]?.n;
  return {
    openSessions: () => one(sql<{ n: number }[]>`select count(*) as n from kiosk_sessions where state = 'open'`),
    webhooksDue: () => one(sql<{ n: number }[]>`select count(*) as n from webhook_deliveries where state = 'due'`),
    people: async () => {
      const [row] = await sql<{ sessions: number; accounts: number }[]>`
        select (select count(*) from account_sessions where ended_at is null and state = 'full' and expires_at > ${Date.now()} and last_seen_at > ${Date.now() - 30 * 60_000}) as sessions,
          (select count(*) from accounts where state = 'active') as accounts`;
      return row;
    },
    audit: async () => {
      const [row] = await sql<{ number: number; trouble: string; checked_at: number | null }[]>`select number, trouble, checked_at from hq_audit_head where only_row`;
      // Without that row the chain has no end any more.
      return { entries: row?.number ?? 0, isWhole: row?.trouble === '', checkedAt: row?.checked_at ?? null };
    },
    connections: async () => {
      const [row] = await sql<{ open: number; active: number }[]>`
        select count(*) as open, count(*) filter (where state <> 'idle') as active from pg_stat_activity where application_name like 'counter24-hq%'`;
      return row;
    },
  };
}
