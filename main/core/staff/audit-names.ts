import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { AttentionKind } from '../../../domain/attention/attention.ts';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import type { AuditNames } from '../../../domain/contract/staff.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';
import { createMoves } from './moves.ts';

export interface AuditNamesDeps {
  readonly database: Database;
  /** As HQ has them now; who has left is not among them. */
  readonly members: () => readonly { readonly number: string; readonly name: string }[];
  readonly catalogue: () => Pick<Catalogue, 'offers'>;
  readonly planogram: () => { readonly slots: readonly { readonly slot: string }[] } | undefined;
}

interface LotRow { offer_id: string; best_before: string | null }

/**
 * What stands behind the ids of what staff did, as people know it, looked up when it is shown: entries hold what the act was called with, and their chain is over that. An
 * offer is told by the move or the lot, which never change, and not by what lies in the slot today.
 */
export function createAuditNames({ database, members, catalogue, planogram }: AuditNamesDeps): (entries: readonly AuditEntry[]) => AuditNames[] {
  const orderNumber = database.prepare<[string], string>('SELECT number FROM orders WHERE id = ?').pluck();
  const attention = database.prepare<[string], { kind: AttentionKind; number: string }>('SELECT attention.kind, orders.number FROM attention JOIN orders ON orders.id = attention.order_id WHERE attention.id = ?');
  const lot = database.prepare<[string], LotRow>('SELECT offer_id, best_before FROM stock_lots WHERE lot_id = ?');
  const moves = createMoves(database);

  return (entries) => {
    const staff = new Map(members().map(({ number, name }) => [number, name]));
    const offers = new Map(catalogue().offers.map(({ id, name }) => [id, name]));
    const slots = new Set(planogram()?.slots.map(({ slot }) => slot));

    /** Without a slot of its own it stood there by its id: alone, or behind the slot in which it was left (domain/stock/shelves.ts). */
    function ofStock({ subject, detail }: AuditEntry): AuditNames {
      const said = (name: string) => new RegExp(`(?:^|, )${name} ([\\w-]+)`).exec(detail)?.[1];
      const [lotId, moveId] = [said('lotId'), said('moveId')];
      const row = lotId === undefined ? undefined : lot.get(lotId);
      const offerId = (moveId === undefined ? undefined : moves.get(moveId)?.offerId) ?? row?.offer_id ?? (slots.has(subject) ? undefined : subject);
      const offer = offerId === undefined ? undefined : offers.get(offerId);
      const left = subject.replace(/\++$/, '').split(' ');
      const slot = left.at(-1) === offerId ? left.slice(0, -1).join(' ') : subject;
      return {
        ...(row ? { lot: row.best_before === null ? {} : { bestBefore: row.best_before } } : {}),
        ...(offer ? { offer, ...(slot === '' ? {} : { slot }) } : {}),
      };
    }

    function ofSubject(entry: AuditEntry): AuditNames {
      const { act, subject } = entry;
      if (subject === '') return {};
      if (act.startsWith('stock.')) return ofStock(entry);
      if (act.startsWith('orders.')) {
        const number = orderNumber.get(subject);
        return number === undefined ? {} : { order: number };
      }
      if (act === 'attention.decide') {
        const about = attention.get(subject);
        return about ? { attention: about.kind, order: about.number } : {};
      }
      // As the list of places calls it (log-targets.ts).
      return act === 'logs.export' ? { medium: path.basename(subject) } : {};
    }

    return entries.map((entry) => {
      const name = entry.staff === undefined ? undefined : staff.get(entry.staff);
      return { ...(name === undefined ? {} : { staff: name }), ...ofSubject(entry) };
    });
  };
}
