import type { KioskId } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import type { OpenServiceRow } from '../../contract/api/services.ts';
import { listServices, resubmitService, settleService } from '../../contract/api/services.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { countOpenServices, listOpenServices, resubmit, settleAsDone, settleAsRefused } from './by-hand.ts';
import type { ServiceProvider } from './provider.ts';

const pageOf = 50;
const cursor = /^(\d{1,15})~([a-z0-9-]{1,41})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export interface ServiceRoutesDeps {
  readonly sql: Sql;
  readonly now: () => number;
  /** Whoever credits services: asked to take back what a person wants refused. Undefined where nobody does. */
  readonly provider: ServiceProvider | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What is credited elsewhere and has no end yet, above all what HQ has given up: seen, settled, or sent on its way again. */
export function serviceRoutes(api: Api, { sql, now, provider, timeoutMs }: ServiceRoutesDeps): void {
  api.serve(listServices, async ({ query: { of, kiosk, after } }) => {
    const [, askedAt, kioskId, jobId] = cursor.exec(after ?? '') ?? [];
    const [rows, counts] = await Promise.all([
      listOpenServices(sql, { kioskId: kiosk, isGivenUp: of === 'given_up', limit: pageOf + 1, ...(askedAt && kioskId && jobId ? { after: { askedAt: Number(askedAt), kioskId, jobId } } : {}) }),
      countOpenServices(sql),
    ]);
    const page = rows.slice(0, pageOf);
    const last = page.at(-1);
    const services = page.map(({ amount, currency, kioskName, service, ...row }): OpenServiceRow => ({
      ...row, kioskName: kioskName ?? row.kioskId, service: service as OpenServiceRow['service'], amount: amount === null || currency === null ? null : { amount, currency: currency as Currency },
    }));
    return { now: now(), ...counts, services, next: rows.length > pageOf && last ? `${last.askedAt}~${last.kioskId}~${last.jobId}` : null };
  });
  api.serve(resubmitService, async ({ params: { kiosk, job }, account }) => {
    const sent = await resubmit(sql, { kioskId: kiosk as KioskId, jobId: job, by: account?.name ?? '', now: now() });
    if (!sent.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', sent.error);
    return {};
  });
  api.serve(settleService, async ({ params: { kiosk, job }, body, account, note }) => {
    const whose = { kioskId: kiosk as KioskId, jobId: job, by: account?.name ?? '' };
    if (body.outcome === 'done') {
      const settled = await settleAsDone(sql, { ...whose, reference: body.reference, now: now() });
      if (!settled.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', settled.error);
      return { outcome: body.outcome, reference: body.reference ?? null };
    }
    const ended = await settleAsRefused({ sql, now, provider, timeoutMs }, { ...whose, isConfirmed: body.isConfirmed });
    if (!ended.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', ended.error);
    const { value: end } = ended;
    note(`${end.outcome}: ${end.detail}`);
    if (end.outcome === 'open') return end;
    return end.outcome === 'done' ? { outcome: end.outcome, reference: end.reference } : { outcome: end.outcome };
  });
}
