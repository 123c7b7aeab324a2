import type { CodedError } from '../../../domain/contract/errors.ts';
import type { Result } from '../../../domain/result.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';
import { redactText } from '../log-redact.ts';

/** What an act was done to, by the contract's own names, the first that is there. */
const subjects = ['slot', 'orderId', 'name', 'id', 'targetId', 'number'] as const;
/** What else of a call stands in the audit. Not in it: notes, notices, filters, whatever else may hold somebody's words. */
const details = ['quantity', 'counted', 'lotId', 'bestBefore', 'reason', 'decision', 'moveId'] as const;

/** Slot, order, device: as it stands in an entry. */
export function subjectOf(params: Readonly<Record<string, unknown>>): string {
  const name = subjects.find((candidate) => params[candidate] !== undefined);
  return name === undefined ? '' : String(params[name]);
}

/** "quantity 12, bestBefore 2026-12-01" */
export function detailOf(params: Readonly<Record<string, unknown>>): string {
  // A reason may be somebody's own words, with a number in them that is not ours to keep.
  const part = params['part'];
  const said = details.flatMap((name) => (params[name] === undefined ? [] : [`${name} ${name === 'reason' ? redactText(String(params[name])) : String(params[name])}`]));
  if (typeof part === 'object' && part !== null && 'amount' in part) said.push(`part ${String(part.amount)}`);
  return said.join(', ');
}

/** A move that was not written says so by its kind ("reason_needed", "too_many"); everything else by its error. */
export function outcomeOf(result: Result<unknown, CodedError>): { readonly outcome: AuditEntry['outcome']; readonly why: string } {
  if (!result.ok) return { outcome: isFault(result.error) ? 'failed' : 'refused', why: result.error.code };
  const { value } = result;
  const kind = typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string' ? value.kind : 'done';
  return kind === 'done' ? { outcome: 'done', why: '' } : { outcome: 'refused', why: kind };
}

function isFault({ code }: CodedError): boolean {
  return code === 'INTERNAL' || code === 'STORE_FAILED' || code === 'DISK_FULL' || code === 'DEVICE_CANNOT' || code === 'EXPORT_FAILED';
}
