import type { KioskId } from '../../../domain/ids.ts';
import type { Mailer } from '../alerts/mail.ts';
import { sendDueMails } from '../alerts/mail.ts';
import { tidyAlerts } from '../alerts/tidy.ts';
import { createWatch } from '../alerts/watch.ts';
import { withRevision } from '../catalogue/in-force.ts';
import type { Sql } from '../database.ts';
import { publicationJob } from '../down/planned.ts';
import { eachKiosk } from './each-kiosk.ts';
import { thinStates } from '../fleet/history.ts';
import { watchHelpCalls } from '../help/calls.ts';
import { thinLogs } from '../ingest/project-facts.ts';
import { reapply } from '../ingest/reapply.ts';
import type { OnEffective } from '../ingest/receive.ts';
import type { Job } from './jobs.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { notePhones, phoneKeyOf } from '../orders/phones.ts';
import { checkAudit } from '../people/audit-read.ts';
import type { AuditState } from '../people/audit-read.ts';
import { tidyPeople } from '../people/tidy.ts';
import { shredKeys } from '../personal.ts';
import { watchClosings } from '../proof/closings.ts';
import { checkWaiting, logsKeptMs } from '../proof/run.ts';
import { rollUp } from '../reports/roll-up.ts';
import { takeBooks } from '../settlement/books.ts';
import { keepReconciliation } from '../settlement/reconcile.ts';
import { tidySettlement } from '../settlement/tidy.ts';
import { staffJob } from '../staff/publish.ts';
import { createSeal } from '../staff/seal.ts';
import type { WalletGateway } from '../wallets/gateway.ts';
import { endDecidedAtKiosk, giveBackUnwanted } from '../wallets/unwanted.ts';
import { tidyDeliveries } from '../webhooks/tidy.ts';

const hourMs = 3_600_000;
/** Jobs follow one another: one that has years of work, as after an update, does it a little at a time, and kiosks are watched and plans published in between. */
const atOnceMs = 5000;
/** What customers said of themselves can be read at HQ for so long. */
const personalKeptMs = 90 * 24 * hourMs;
/** How kiosks were, for reports of a year beside the year before. */
const statesKeptMs = 800 * 24 * hourMs;

/** Who alerts are mailed through, and where their links lead. */
export interface Mailing {
  readonly mailer: Mailer;
  readonly consoleUrl: string;
}

export interface HousekeepingDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly onEffective: OnEffective;
  readonly mailing?: Mailing | undefined;
  /** Signs what was planned to be published, and makes the key by which orders are found by phone number; without it neither is done. */
  readonly signingKey?: Pick<SigningKey, 'sign'> | undefined;
  /** Whose books of each day are fetched and compared with ours. */
  readonly gateways?: readonly WalletGateway[] | undefined;
  /** Told what each check of HQ's audit found. */
  readonly onAudit?: ((state: AuditState & { readonly hash: string }) => void) | undefined;
}

/** HQ's own jobs. Each kiosk a transaction of its own, and what fails for one is done for the others. */
export function housekeeping({ sql, now, onEffective, mailing, signingKey, gateways = [], onAudit }: HousekeepingDeps): readonly Job[] {
  const phoneKey = signingKey && phoneKeyOf(signingKey);
  const watch = createWatch(sql);
  return [
    // At start above all: after an update HQ may understand what it had to set aside.
    { name: 'apply what was set aside', everyMs: hourMs, run: () => reapply(sql, now, onEffective) },
    { name: 'check closed days', everyMs: 5 * 60_000, run: () => checkWaiting(sql, undefined, now()) },
    { name: 'watch for days that nobody closes', everyMs: hourMs, run: () => watchClosings(sql, now()) },
    { name: 'shred personal keys', everyMs: hourMs, run: () => shredKeys(sql, now() - personalKeptMs, now()) },
    { name: 'thin logs', everyMs: hourMs, run: () => thinAllLogs(sql, now() - logsKeptMs) },
    { name: 'thin states', everyMs: 24 * hourMs, run: () => thinStates(sql, now() - statesKeptMs) },
    { name: 'watch calls for help', everyMs: 30_000, run: () => watchHelpCalls(sql, now()) },
    ...(signingKey ? [publicationJob(sql, signingKey, now, withRevision), staffJob(sql, createSeal(signingKey), signingKey, now)] : []),
    { name: 'watch kiosks', everyMs: 30_000, run: () => watch(now()) },
    ...(mailing ? [{ name: 'send mails', everyMs: 10_000, run: () => sendDueMails({ sql, now, ...mailing }) }] : []),
    { name: 'tidy alerts', everyMs: hourMs, run: () => tidyAlerts(sql, now()) },
    { name: "check HQ's audit", everyMs: 24 * hourMs, run: async () => {
      const state = await checkAudit(sql, now());
      onAudit?.(state);
      return state.entries;
    } },
    { name: 'tidy sessions', everyMs: hourMs, run: () => tidyPeople(sql, now()) },
    { name: 'tidy webhooks', everyMs: hourMs, run: () => tidyDeliveries(sql, now()) },
    ...(gateways.length > 0 ? [{ name: "take the gateways' books", everyMs: 30 * 60_000, run: () => takeBooks({ sql, now, gateways }) }] : []),
    { name: 'give back what kiosks do not want', everyMs: 5 * 60_000, run: async () => (await giveBackUnwanted(sql, now())) + (await endDecidedAtKiosk(sql, now())) },
    { name: 'compare the books', everyMs: 24 * hourMs, run: async () => (await keepReconciliation(sql, now())).findings.length },
    { name: 'tidy settlement', everyMs: 24 * hourMs, run: () => tidySettlement(sql, now()) },
    { name: 'sum sales', everyMs: 10_000, run: () => rollUp(sql, { forMs: atOnceMs }) },
    ...(phoneKey ? [{ name: 'note phone numbers', everyMs: 5000, run: () => notePhones(sql, phoneKey, now(), { forMs: atOnceMs }) }] : []),
  ];
}

async function thinAllLogs(sql: Sql, before: number): Promise<number> {
  const kiosks = await sql<{ kiosk_id: KioskId }[]>`select distinct kiosk_id from log_lines where occurred_at < ${before}`;
  return eachKiosk(kiosks.map(({ kiosk_id }) => kiosk_id), (kioskId) => sql.begin((transaction) => thinLogs(transaction, kioskId, before)));
}
