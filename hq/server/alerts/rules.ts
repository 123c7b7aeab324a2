import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AlertKind, AlertRule, Severity, WatchedKind } from '../../contract/api/alerts.ts';
import { alertKinds, watchedMeasures } from '../../contract/api/alerts.ts';
import type { Queries, Sql } from '../database.ts';

/** How grave each kind is where nobody has said otherwise. */
const usualSeverity: Readonly<Record<AlertKind, Severity>> = {
  offline: 'urgent', paper: 'warning', terminal: 'urgent', device: 'warning', closed: 'urgent', stock: 'notice', refunds: 'urgent', declines: 'warning',
  audit_broken: 'urgent', cloned: 'urgent', chain_broken: 'urgent', next_epoch: 'warning', staff_locked: 'warning', quarantined: 'warning', proof_red: 'urgent',
  clock_skewed: 'notice', store_recovered: 'warning', disk: 'warning', service_open: 'warning', books_differ: 'urgent', wallet_open: 'urgent', help_unanswered: 'urgent', recovery_code_used: 'notice',
  hq_audit_broken: 'urgent', publication_failed: 'urgent',
};

export function isWatched(kind: AlertKind): kind is WatchedKind {
  return Object.hasOwn(watchedMeasures, kind);
}

/** The measures of a kind, those that are missing by their default; undefined where one is not of the kind, or out of its range. */
export function measuresOf(kind: AlertKind, given: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> | undefined {
  const schema: z.ZodType<Record<string, number>> = isWatched(kind) ? (watchedMeasures[kind] as unknown as z.ZodType<Record<string, number>>) : z.strictObject({});
  const checked = schema.safeParse(given);
  return checked.success ? checked.data : undefined;
}

interface RuleRow { kind: AlertKind; group_id: string; is_on: boolean; severity: Severity; measures: Record<string, number>; mail_to: string[]; changed_at: number; changed_by: string }

/** Every kind's rule for all kiosks, where nobody has set one the usual one, and those of groups. */
export async function readRules(sql: Queries): Promise<readonly AlertRule[]> {
  const rows = await sql<RuleRow[]>`select kind, group_id, is_on, severity, measures, mail_to, changed_at, changed_by from alert_rules order by kind, group_id`;
  const set = rows.map(ruleOf);
  const usual = alertKinds.filter((kind) => !set.some((rule) => rule.kind === kind && rule.groupId === '')).map((kind) => usualRule(kind));
  return [...set, ...usual].sort((one, other) => alertKinds.indexOf(one.kind) - alertKinds.indexOf(other.kind) || (one.groupId < other.groupId ? -1 : 1));
}

function usualRule(kind: AlertKind): AlertRule {
  return { kind, groupId: '', isOn: true, severity: usualSeverity[kind], measures: measuresOf(kind, {})!, mailTo: [], changedAt: null, changedBy: null };
}

function ruleOf({ kind, group_id, is_on, severity, measures, mail_to, changed_at, changed_by }: RuleRow): AlertRule {
  // A measure that this version knows and the row does not has its default; what it does not know any more falls away.
  const known = Object.fromEntries(Object.entries(measures).filter(([name]) => name in (measuresOf(kind, {}) ?? {})));
  return { kind, groupId: group_id, isOn: is_on, severity, measures: measuresOf(kind, known) ?? measuresOf(kind, {})!, mailTo: mail_to, changedAt: changed_at, changedBy: changed_by };
}

/** The rule by which a kiosk goes: of one of its groups, the gravest of these, before that of all. Undefined for a kind that is not known here. */
export function ruleFor(rules: readonly AlertRule[], kind: string, groups: ReadonlySet<string>): AlertRule | undefined {
  const order: readonly Severity[] = ['urgent', 'warning', 'notice'];
  const ofKind = rules.filter((rule) => rule.kind === kind);
  const ofGroups = ofKind.filter(({ groupId }) => groups.has(groupId)).sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  return ofGroups[0] ?? ofKind.find(({ groupId }) => groupId === '');
}

/**
 * @param over `changedAt` of what its author saw, null where nobody had set one: not written where another stands there. Undefined: whatever stands there is written over
 * @returns the rule as it was written; else the one that stands there instead, undefined where that was removed
 */
export async function writeRule(sql: Sql, rule: Omit<AlertRule, 'changedAt' | 'changedBy'>, by: string, now: number, over?: number | null): Promise<{ readonly written: true; readonly rule: AlertRule } | { readonly written: false; readonly rule: AlertRule | undefined }> {
  return sql.begin(async (transaction) => {
    const [held] = await transaction<RuleRow[]>`
      select kind, group_id, is_on, severity, measures, mail_to, changed_at, changed_by from alert_rules where kind = ${rule.kind} and group_id = ${rule.groupId} for update`;
    if (over !== undefined && (held?.changed_at ?? null) !== over) return { written: false, rule: held && ruleOf(held) };
    // Of two who set one where there was none the second waits here for the first, and is told: its row is not the first one.
    const [row] = await transaction<RuleRow[]>`
      insert into alert_rules (rule_id, kind, group_id, is_on, severity, measures, mail_to, changed_at, changed_by)
      values (${randomUUID()}, ${rule.kind}, ${rule.groupId}, ${rule.isOn}, ${rule.severity}, ${transaction.json(rule.measures)}, ${rule.mailTo}, ${now}, ${by})
      on conflict (kind, group_id) do update set is_on = excluded.is_on, severity = excluded.severity, measures = excluded.measures, mail_to = excluded.mail_to,
        changed_at = greatest(excluded.changed_at, alert_rules.changed_at + 1), changed_by = excluded.changed_by
      where ${over === undefined} or alert_rules.changed_at = ${over ?? null}
      returning kind, group_id, is_on, severity, measures, mail_to, changed_at, changed_by`;
    return row ? { written: true, rule: ruleOf(row) } : { written: false, rule: undefined };
  });
}

export async function removeRule(sql: Queries, kind: AlertKind, groupId: string): Promise<boolean> {
  const rows = await sql`delete from alert_rules where kind = ${kind} and group_id = ${groupId} returning rule_id`;
  return rows.length > 0;
}

/** The groups of one kiosk. */
export async function groupsOf(sql: Queries, kioskId: string): Promise<ReadonlySet<string>> {
  const rows = await sql<{ group_id: string }[]>`select group_id from kiosk_group_members where kiosk_id = ${kioskId}`;
  return new Set(rows.map(({ group_id }) => group_id));
}
