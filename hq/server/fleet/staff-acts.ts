import { createHash } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';
import { auditGenesis, auditText } from '../../../domain/staff/audit.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Effective } from '../ingest/understand.ts';

/**
 * What is wrong with an entry's place in its kiosk's chain. `hash`: its own does not come out. `gap`: HQ does not have the entry that it follows on. `fork`: HQ has
 * another entry of its number. `beginning`: it is the first, and does not begin as a first does.
 */
export type ChainFault = 'hash' | 'gap' | 'fork' | 'beginning';

/** An entry as HQ has it. */
interface Link {
  readonly epoch: number;
  readonly number: number;
  readonly hash: string;
}

/** Keeps what staff did, and holds each entry against the chain as it comes. What does not hold is kept too, and is an alarm. */
export async function projectStaffActs(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const acts = events.filter((candidate) => candidate.kind === 'staff.acted');
  if (acts.length === 0) return;
  const numbers = [...new Set(acts.flatMap(({ body }) => [body.number, body.number - 1]))];
  const known = await sql<{ epoch: number; sequence: number; number: number; hash: string }[]>`
    select epoch, sequence, number, hash from staff_acts where kiosk_id = ${kioskId} and number in ${sql(numbers)}`;
  const links: Link[] = known.map(({ epoch, number, hash }) => ({ epoch, number, hash }));
  const held = new Set(known.map(({ epoch, sequence }) => `${epoch} ${sequence}`));
  const sound: Link[] = [];
  const rows: (string | number | null)[][] = [];
  for (const { epoch, event, body, occurredAt } of acts) {
    // The same event once more (its lane is read anew): it has its place.
    if (held.has(`${epoch} ${event.sequence}`)) continue;
    const fault = faultOf(kioskId, epoch, body, links);
    links.push({ epoch, number: body.number, hash: body.hash });
    // One that was changed names the hash that it had, and is not what stood there.
    if (fault !== 'hash') sound.push({ epoch, number: body.number, hash: body.hash });
    rows.push([
      kioskId, epoch, event.sequence, body.number, body.at, occurredAt, body.staff ?? null, body.act, body.outcome, body.subject, body.detail, body.previous, body.hash, fault ?? null,
    ]);
    if (fault) await raiseWithFacts(sql, { kioskId, kind: 'audit_broken', subject: `${epoch} ${body.number}`, facts: { number: body.number, act: body.act, fault }, at: occurredAt });
  }
  await insertRows(
    sql,
    'insert into staff_acts (kiosk_id, epoch, sequence, number, at, occurred_at, staff, act, outcome, subject, detail, previous, hash, fault)',
    rows,
    'on conflict (kiosk_id, epoch, sequence) do nothing',
  );
  const newest = acts.at(-1);
  if (newest) await closeGaps(sql, kioskId, sound, newest.occurredAt);
}

/**
 * What an entry follows on came after it: HQ had not understood that event, and does now. Then there is no gap, and no alarm. Nobody can put in another entry for it,
 * since the hash of the one that is missing stands in the one that follows.
 */
async function closeGaps(sql: Transaction, kioskId: KioskId, sound: readonly Link[], at: number): Promise<void> {
  const gaps = await sql<{ epoch: number; sequence: number; number: number; previous: string }[]>`
    select epoch, sequence, number, previous from staff_acts where kiosk_id = ${kioskId} and fault is not null and fault = 'gap'`;
  for (const { epoch, sequence, number, previous } of gaps) {
    if (!sound.some((link) => link.number === number - 1 && link.hash === previous)) continue;
    await sql`update staff_acts set fault = null where kiosk_id = ${kioskId} and epoch = ${epoch} and sequence = ${sequence}`;
    await settleAlarms(sql, kioskId, 'audit_broken', at, `${epoch} ${number}`);
  }
}

/**
 * A kiosk whose store was restored goes on from an earlier entry, or from none, in a new epoch of its lane, and that is no fault of the chain: HQ hears of the
 * restoration itself (`next_epoch`). Within one epoch nothing may be taken back.
 */
export function faultOf(kioskId: string, epoch: number, entry: AuditEntry, known: readonly Link[]): ChainFault | undefined {
  if (createHash('sha256').update(auditText(kioskId, entry), 'utf8').digest('hex') !== entry.hash) return 'hash';
  const sameNumber = known.filter(({ number }) => number === entry.number);
  // Told again, word for word, by a kiosk that did not hear that HQ has it.
  if (sameNumber.some(({ hash }) => hash === entry.hash)) return undefined;
  if (sameNumber.some((other) => other.epoch === epoch)) return entry.number === 1 ? 'beginning' : 'fork';
  if (entry.number === 1) return entry.previous === auditGenesis ? undefined : 'beginning';
  return known.some(({ number, hash }) => number === entry.number - 1 && hash === entry.previous) ? undefined : 'gap';
}
