import type { Database } from 'better-sqlite3';
import type { AttemptId, OrderId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Tender, WalletDetails, WalletMode } from '../../domain/payment/tender.ts';

/** What an event tells of an attempt, and when it was written. */
export interface AttemptNews {
  readonly attemptId: AttemptId;
  readonly orderId: OrderId;
  readonly amount: Money;
  readonly tender: Tender;
  readonly mode?: WalletMode | undefined;
  readonly state: AttemptState;
  readonly wallet?: WalletDetails | undefined;
  readonly card?: CardDetails | undefined;
  readonly resultCode?: string | undefined;
  readonly at: number;
}

/** `displaced`: two payments of which nobody knows, of the card or of one order, and the store holds one. `paid_twice`: money was taken a second time for one order. */
export interface AttemptClash {
  readonly kind: 'displaced' | 'paid_twice';
  readonly attemptId: AttemptId;
  readonly orderId: OrderId;
}

export interface ReplayedAttempts {
  tell(news: AttemptNews): void;
  /** What we had refused (84 66): only once for an attempt, as the writer does. `waits`: there is no such attempt yet. */
  refuse(attemptId: AttemptId, card: string): 'done' | 'skipped' | 'waits';
  /** Writes all of it. `apart`: attempts of which the store had gone on another way, and all that clash; HQ has to hear how they stand now. */
  write(giveWayTo: 'told' | 'local'): { readonly clashes: readonly AttemptClash[]; readonly apart: readonly AttemptNews[] };
}

interface Row { id: AttemptId; order_id: OrderId; amount: number; currency: Money['currency']; started_at: number; state: AttemptState; card: string | null; refused: 0 | 1; result_code: string | null; tender: Tender; mode: WalletMode | null; wallet: string | null }
interface Folded { readonly row: Row; isApart: boolean }

/** What may follow on a state, as the writer does it. */
const followers: Readonly<Partial<Record<AttemptState, readonly AttemptState[]>>> = {
  started: ['authorised', 'approved', 'declined', 'cancelled', 'not_sent', 'not_paid', 'unknown', 'unclear', 'reversing'],
  authorised: ['approved', 'declined', 'cancelled', 'not_sent', 'not_paid', 'unknown', 'unclear'],
  unknown: ['approved', 'declined', 'cancelled', 'not_sent', 'not_paid', 'unclear', 'reversing'],
  unclear: ['approved', 'not_paid', 'reversing'],
  approved: ['reversing', 'reversed'],
  reversing: ['approved', 'reversed'],
};
const noMoney: readonly AttemptState[] = ['declined', 'cancelled', 'not_sent', 'not_paid'];
const holdsOrder: readonly AttemptState[] = ['authorised', 'approved', 'reversing'];

/**
 * Attempts are told event by event and written once, as they ended: on the way there two may be unsettled at a time, which the store's unique indexes
 * do not allow. Money decides: an attempt that is known to have taken money stays so, whatever else is told of it.
 */
export function createReplayedAttempts(database: Database): ReplayedAttempts {
  const select = database.prepare<[string], Row>('SELECT id, order_id, amount, currency, started_at, state, card, refused, result_code, tender, mode, wallet FROM payment_attempts WHERE id = ?');
  // Neutral until `write`: the order of the rows is that of the attempts.
  const insert = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, tender, mode) VALUES (?, ?, ?, ?, ?, 'not_sent', ?, ?)");
  const update = database.prepare('UPDATE payment_attempts SET state = ?, card = ?, wallet = ?, refused = ?, result_code = ? WHERE id = ?');
  // Of the card there may be one, and of each order one: wallets of two orders are in nobody's way.
  const rivals = database.prepare<[string, string, Tender], Row>(`
    SELECT * FROM payment_attempts WHERE id <> ? AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing') AND (order_id = ? OR (tender = 'card' AND ? = 'card'))`);
  const paidFor = database.prepare<[string, string], Row>("SELECT * FROM payment_attempts WHERE order_id = ? AND id <> ? AND state IN ('authorised', 'approved', 'reversing')");
  // Its order is paid by another: this one can neither be delivered for nor, beside that one, be taken back from here.
  const besidePaid = database.prepare<[], Row>(`
    SELECT * FROM payment_attempts AS open INDEXED BY one_unsettled_of_order WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')
      AND EXISTS (SELECT 1 FROM payment_attempts AS paid WHERE paid.order_id = open.order_id AND paid.id <> open.id AND paid.state IN ('authorised', 'approved', 'reversing'))`);
  const giveWay = database.prepare("UPDATE payment_attempts SET state = 'not_paid' WHERE id = ?");
  const folded = new Map<AttemptId, Folded>();

  function known(attemptId: AttemptId): Folded | undefined {
    const before = folded.get(attemptId);
    if (before) return before;
    const row = select.get(attemptId);
    if (!row) return undefined;
    const fresh = { row: { ...row }, isApart: false };
    folded.set(attemptId, fresh);
    return fresh;
  }

  return {
    tell({ attemptId, orderId, amount, tender, mode, state, card, wallet, resultCode, at }) {
      let entry = known(attemptId);
      if (!entry) {
        insert.run(attemptId, orderId, amount.amount, amount.currency, at, tender, mode ?? null);
        entry = {
          row: { id: attemptId, order_id: orderId, amount: amount.amount, currency: amount.currency, started_at: at, state, card: null, refused: 0, result_code: null, tender, mode: mode ?? null, wallet: null },
          isApart: false,
        };
        folded.set(attemptId, entry);
      } else if (entry.row.state !== state) {
        const isNext = followers[entry.row.state]?.includes(state) ?? false;
        const wasNoMoney = noMoney.includes(entry.row.state);
        const isMoney = holdsOrder.includes(state) || state === 'reversed';
        if (!isNext) entry.isApart = true;
        // An older step of what has gone further is passed over; what is known to be money is never unlearned.
        if (!isNext && !(wasNoMoney && isMoney)) return;
        entry.row.state = state;
      }
      if (card) entry.row.card = JSON.stringify(card);
      if (wallet) entry.row.wallet = JSON.stringify(wallet);
      if (resultCode !== undefined) entry.row.result_code = resultCode;
    },

    refuse(attemptId, card) {
      const entry = known(attemptId);
      if (!entry) return 'waits';
      if (entry.row.refused === 1) return 'skipped';
      Object.assign(entry.row, { card, refused: 1 });
      return 'done';
    },

    write(giveWayTo) {
      const clashes: AttemptClash[] = [];
      const clash = (kind: AttemptClash['kind'], { id, order_id: orderId }: Row) => void clashes.push({ kind, attemptId: id, orderId });
      const store = (row: Row, state: AttemptState) => void update.run(state, row.card, row.wallet, row.refused, row.result_code, row.id);
      const all = [...folded.values()].map(({ row }) => row);
      const holds = ({ state }: Row) => isUnsettled(state) || state === 'approved';
      // First out of each other's way: none may be in the place of one that comes after it.
      for (const row of all) store(row, holds(row) ? 'not_sent' : row.state);
      for (const row of all) {
        if (!holds(row)) continue;
        const paid = holdsOrder.includes(row.state) ? paidFor.get(row.order_id, row.id) : undefined;
        // Authorised is not taken yet: what has been taken goes before it.
        if (paid?.state === 'authorised' && row.state !== 'authorised') {
          giveWay.run(paid.id);
          clash('displaced', paid);
        } else if (paid) {
          store(row, 'not_paid');
          clash('paid_twice', row);
          continue;
        }
        const others = isUnsettled(row.state) ? rivals.all(row.id, row.order_id, row.tender) : [];
        // The journal is of one store that went on from this copy: what it tells later began after the others were settled, however that was.
        if (others.some((other) => giveWayTo === 'local' && !folded.has(other.id))) {
          store(row, 'not_paid');
          clash('displaced', row);
          continue;
        }
        for (const other of others) {
          giveWay.run(other.id);
          clash('displaced', other);
        }
        store(row, row.state);
      }
      for (const row of besidePaid.all()) {
        giveWay.run(row.id);
        clash('displaced', row);
      }
      for (const { attemptId } of clashes) known(attemptId)!.isApart = true;
      const apart = [...folded.values()].filter(({ isApart }) => isApart).map(({ row }): AttemptNews => ({
        attemptId: row.id, orderId: row.order_id, amount: { amount: row.amount, currency: row.currency }, tender: row.tender, ...(row.mode === null ? {} : { mode: row.mode }),
        state: select.get(row.id)!.state, at: row.started_at, ...(row.wallet === null ? {} : { wallet: JSON.parse(row.wallet) as WalletDetails }),
        ...(row.card === null ? {} : { card: JSON.parse(row.card) as CardDetails }), ...(row.result_code === null ? {} : { resultCode: row.result_code }),
      }));
      return { clashes, apart };
    },
  };
}
