import type { Sql } from '../database.ts';
import type { Asker } from './ask.ts';
import { createAsker } from './ask.ts';
import type { BeginRequest } from './begin.ts';
import { admitPayment, beginPayment } from './begin.ts';
import type { WalletGateway } from './gateway.ts';
import { claimPayment, recordTurn } from './payments.ts';
import { claimRefund, recordRefund, takeRefundTurn } from './refunds.ts';
import type { PaymentPlace, PaymentRow, RefundPlace } from './rows.ts';
import { takeTurn } from './turn.ts';

export interface WalletEngineDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly gateways: readonly WalletGateway[];
  readonly onProblem?: ((error: unknown) => void) | undefined;
  /** How long one question to a gateway may take. */
  readonly timeoutMs?: number | undefined;
}

/** Turns at payments and refunds, in any number of processes at once. What is asked is written before; whoever is killed in between leaves rows that are due again. */
export interface WalletEngine {
  readonly asker: Asker;
  /** Writes it down and takes its first turn, the only one that charges. Settles when that is done. */
  readonly begin: (request: BeginRequest) => Promise<void>;
  /** Turns at what is due of this payment, until it is not. */
  readonly payment: (place: PaymentPlace) => Promise<void>;
  readonly refund: (place: RefundPlace) => Promise<void>;
  /** Settles when nothing that was begun here is under way any more. */
  readonly idle: () => Promise<void>;
}

/** A gateway that wants the same thing said again and again is not worked on without end. */
const turnsAtOnce = 6;

export function createWalletEngine({ sql, now, gateways, onProblem = () => {}, timeoutMs }: WalletEngineDeps): WalletEngine {
  const asker = createAsker({ gateways, now, timeoutMs });
  // Four questions at most in one turn, and time to write what they came to.
  const claimMs = 4 * asker.timeoutMs + 5000;
  const working = new Set<Promise<void>>();

  const keep = (work: Promise<void>): Promise<void> => {
    const kept: Promise<void> = work.catch(onProblem).finally(() => working.delete(kept));
    working.add(kept);
    return kept;
  };

  const proceed = async (first: PaymentRow | undefined, begin: { readonly code?: string | undefined } | undefined, place: PaymentPlace): Promise<void> => {
    let row = first;
    let isFirst = begin !== undefined;
    for (let turn = 0; turn < turnsAtOnce; turn++) {
      row ??= await claimPayment(sql, place, now(), claimMs);
      if (!row || (!row.is_asked && !(await admitPayment(sql, row, now())))) return;
      const found = await takeTurn(asker, row, now(), isFirst ? begin : undefined);
      await recordTurn(sql, row, found, now());
      isFirst = false;
      row = undefined;
    }
  };

  return {
    asker,
    begin: (request) => keep((async () => {
      const claimed = await beginPayment(sql, asker, request, now(), claimMs);
      if (claimed) await proceed(claimed, { code: request.code }, request);
    })()),
    payment: (place) => keep(proceed(undefined, undefined, place)),
    refund: (place) => keep((async () => {
      const claimed = await claimRefund(sql, place, now(), claimMs);
      if (claimed) await recordRefund(sql, claimed.row, await takeRefundTurn(asker, claimed), now());
    })()),
    idle: async () => void (await Promise.all(working)),
  };
}
