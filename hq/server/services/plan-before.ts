import type { KioskId } from '../../../domain/ids.ts';
import type { NumberView } from '../../../domain/contract/number.ts';
import type { Bilingual } from '../../../domain/language.ts';
import type { Money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';

/** What a number had before its plan was changed, as its carrier said right before it was asked for the change. */
export interface PlanBefore {
  readonly name: Bilingual;
  /** A month. */
  readonly price?: Money | undefined;
  readonly planId?: string | undefined;
  /** When the carrier said that a change would begin, YYYY-MM-DD. */
  readonly effectiveOn?: string | undefined;
}

/** Of the plan alone: neither the number nor whose it is. */
export function planOf(view: { readonly kind: string }): PlanBefore | undefined {
  if (view.kind !== 'found') return undefined;
  const { plan, effectiveOn } = view as Extract<NumberView, { kind: 'found' }>;
  return plan && { name: plan.name, ...(plan.price ? { price: plan.price } : {}), ...(plan.planId === undefined ? {} : { planId: plan.planId }), ...(effectiveOn === undefined ? {} : { effectiveOn }) };
}

/** The first word stays: after a submission it might be the new plan already. */
export async function recordPlanBefore(sql: Sql, kioskId: KioskId, jobId: string, plan: PlanBefore): Promise<void> {
  await sql`update service_work set plan_before = ${sql.json(plan as never)} where kiosk_id = ${kioskId} and job_id = ${jobId} and plan_before is null`;
}
