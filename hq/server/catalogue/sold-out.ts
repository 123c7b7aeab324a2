import type { DocumentOf } from '../../../domain/contract/hq-down.ts';
import type { Places } from '../../contract/api/scope.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import type { Scope, Signer } from '../down/publish.ts';
import { lockRevision, publishIn, readNewest } from '../down/publish.ts';
import { readApplied } from './in-force.ts';

type SoldOut = DocumentOf<'sold_out'>;

export interface RestOfOffer {
  readonly offerId: string;
  readonly scope: Scope;
  /** Null until somebody puts it back. */
  readonly until: number | null;
}

/** Everything that rests, by the documents in force: they are the only place where it stands, also of what was published by hand. */
export async function readRests(sql: Queries, now: number): Promise<readonly RestOfOffer[]> {
  const rows = await sql<{ scope: Scope; text: string | null }[]>`
    select distinct on (scope) scope, text from documents where kind = 'sold_out' and withdrawn_at is null order by scope, revision desc`;
  return rows.flatMap(({ scope, text }) => {
    const { offerIds, snoozed = [] } = soldOutOf(text);
    return [...offerIds.map((offerId) => ({ offerId, scope, until: null })), ...snoozed.filter(({ until }) => until > now).map(({ offerId, until }) => ({ offerId, scope, until }))];
  });
}

export interface SoldOutChange {
  readonly offerId: string;
  readonly scope: Scope;
  readonly isSold: boolean;
  readonly until?: number | undefined;
  readonly signer: Signer;
  readonly by: string;
  readonly now: number;
}

/**
 * Takes an offer off sale, or puts it back, in one transaction. A kiosk's own document goes before its group's, and that before the one for all, each whole: so
 * what is said for many is written into the documents of those among them that have their own as well, or it would pass them by. @returns how many were published
 */
export async function changeSoldOut(sql: Sql, places: Places, change: SoldOutChange): Promise<number> {
  return sql.begin(async (transaction) => {
    await lockRevision(transaction, 'sold_out');
    const own = await transaction<{ scope: Scope }[]>`select distinct scope from documents where kind = 'sold_out' and withdrawn_at is null`;
    const within = [...own.map(({ scope }) => scope).filter((scope) => isWithin(places, scope, change.scope)), ...torn(places, new Set(own.map(({ scope }) => scope)), change.scope)];
    let count = 0;
    // Kiosks before groups and all: each is made of what applies to it before the more general one changes.
    for (const scope of [...new Set([...within, change.scope])].toSorted((a, b) => rankOf(b) - rankOf(a))) if (await changeOne(transaction, scope, change)) count++;
    return count;
  });
}

function rankOf(scope: Scope): number {
  return scope === 'all' ? 0 : scope.startsWith('group:') ? 1 : 2;
}

function isWithin({ groups }: Places, scope: Scope, of: Scope): boolean {
  if (of === 'all' || scope === of) return true;
  const group = groups.find(({ groupId }) => of === `group:${groupId}`);
  return group !== undefined && group.kiosks.some((kioskId) => scope === `kiosk:${kioskId}`);
}

/**
 * Kiosks of this group that another group has a list for, too: of two lists a kiosk goes by the newer one alone, and what the other takes off sale would come back.
 * Such a kiosk gets a list of its own, made of what all its groups take off sale (`changeOne`).
 */
function torn({ groups }: Places, own: ReadonlySet<Scope>, of: Scope): readonly Scope[] {
  const group = groups.find(({ groupId }) => of === `group:${groupId}`);
  const others = groups.filter(({ groupId }) => groupId !== group?.groupId && own.has(`group:${groupId}`));
  return (group?.kiosks ?? []).filter((kioskId) => others.some(({ kiosks }) => kiosks.includes(kioskId))).map((kioskId): Scope => `kiosk:${kioskId}`);
}

async function changeOne(transaction: Transaction, scope: Scope, { offerId, isSold, until, signer, by, now }: SoldOutChange): Promise<boolean> {
  const before = await listOf(transaction, scope);
  const offerIds = before.offerIds.filter((id) => id !== offerId);
  // What has come back on sale by itself is left out.
  const snoozed = (before.snoozed ?? []).filter((rest) => rest.offerId !== offerId && rest.until > now);
  if (!isSold && until === undefined) offerIds.push(offerId);
  if (!isSold && until !== undefined) snoozed.push({ offerId, until });
  const text = JSON.stringify({ offerIds: offerIds.toSorted(), ...(snoozed.length > 0 ? { snoozed } : {}) } satisfies SoldOut, null, 1);
  const published = await publishIn(transaction, { kind: 'sold_out', scope, text, signer, by, now });
  if (!published.ok && published.error.kind === 'malformed') throw new Error(`sold_out: ${published.error.detail}`);
  return published.ok;
}

/** What a scope has off sale: its own list; a kiosk without one everything of its groups'; else what is more general. */
async function listOf(transaction: Transaction, scope: Scope): Promise<SoldOut> {
  const own = await readNewest(transaction, 'sold_out', scope);
  if (own) return soldOutOf(own.text);
  const groups = scope.startsWith('kiosk:') ? await transaction<{ scope: Scope }[]>`select 'group:' || group_id as scope from kiosk_group_members where kiosk_id = ${scope.slice('kiosk:'.length)}` : [];
  const lists: SoldOut[] = [];
  for (const group of groups) {
    const list = await readNewest(transaction, 'sold_out', group.scope);
    if (list) lists.push(soldOutOf(list.text));
  }
  if (lists.length === 0) return soldOutOf((await readApplied(transaction, 'sold_out', scope))?.text ?? null);
  const offerIds = [...new Set(lists.flatMap((list) => list.offerIds))];
  // Of two times the later one.
  const snoozed = new Map(lists.flatMap((list) => list.snoozed ?? []).toSorted((one, other) => one.until - other.until).map((rest) => [rest.offerId, rest]));
  return { offerIds, snoozed: [...snoozed.values()].filter(({ offerId }) => !offerIds.includes(offerId)) };
}

function soldOutOf(text: string | null): SoldOut {
  return text === null ? { offerIds: [] } : (JSON.parse(text) as SoldOut);
}
