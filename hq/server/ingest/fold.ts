import type { EventKind } from '../../../domain/contract/hq.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import type { WalletDetails } from '../../../domain/payment/tender.ts';
import type { Effective } from './understand.ts';

export type Of<K extends EventKind> = Extract<Effective, { kind: K }>;

/** What a run of events comes to, so that a batch is a few statements however many events it has. */
export interface Folded {
  readonly placed: readonly Of<'order.placed'>[];
  /** Last state by order. */
  readonly states: ReadonlyMap<string, { readonly state: string; readonly at: number }>;
  readonly payments: ReadonlyMap<string, FoldedPayment>;
  /** Parts that go back, by refund. */
  readonly refunds: ReadonlyMap<string, FoldedRefund>;
  readonly jobs: ReadonlyMap<string, FoldedJob>;
  /** What is told of each thing on the staff's list, by its id. */
  readonly attention: ReadonlyMap<string, FoldedAttention>;
  readonly services: readonly Of<'service.requested'>[];
  /** What the kiosk has taken in of each service, by its job: the last counts. */
  readonly settlements: ReadonlyMap<string, Of<'service.settled'>>;
  /** What is told of each call for help, by its id. */
  readonly helpCalls: ReadonlyMap<string, FoldedHelpCall>;
  /** The first of each order counts. */
  readonly feedback: ReadonlyMap<string, Of<'feedback.given'>>;
  readonly moves: readonly Of<'stock.moved'>[];
}

export interface FoldedPayment {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: string;
  readonly tender: string;
  readonly mode: string | null;
  readonly wallet: WalletDetails | null;
  readonly card: CardDetails | null;
  readonly resultCode: string | null;
  readonly startedAt: number;
  readonly stateAt: number;
}

/** What is told first of a refund stays; its state is the last one. */
export interface FoldedRefund {
  readonly body: Of<'payment.refund'>['body'];
  readonly detail: string | null;
  readonly askedAt: number;
  readonly stateAt: number;
}

export interface FoldedJob {
  readonly orderId: string;
  readonly kind: string;
  readonly state: string;
  readonly queuedAt: number;
  readonly stateAt: number;
}

/** Null where the run did not say it: raised and settled are folded whichever comes first, or alone. */
export interface FoldedAttention {
  readonly kind: string;
  readonly orderId: string;
  readonly raised: Of<'attention.raised'>['body'] | null;
  readonly settled: { readonly decision: string; readonly at: number } | null;
}

/** Either half may be missing: a call may end in another batch than it began in. */
export interface FoldedHelpCall {
  readonly called: { readonly screen: string; readonly orderId: string | null; readonly at: number } | null;
  readonly ended: { readonly by: string; readonly at: number } | null;
}

/** In the order of the kiosk's sequence: never by a clock, which may jump. Times are when HQ reckons that it was. */
export function fold(events: readonly Effective[]): Folded {
  const states = new Map<string, { state: string; at: number }>();
  const payments = new Map<string, FoldedPayment>();
  const refunds = new Map<string, FoldedRefund>();
  const jobs = new Map<string, FoldedJob>();
  const attention = new Map<string, FoldedAttention>();
  const settlements = new Map<string, Of<'service.settled'>>();
  const helpCalls = new Map<string, FoldedHelpCall>();
  const feedback = new Map<string, Of<'feedback.given'>>();
  for (const effective of events) {
    const { kind, body, occurredAt: at } = effective;
    if (kind === 'order.state') states.set(body.orderId, { state: body.to, at });
    else if (kind === 'job.state') {
      const before = jobs.get(body.jobId);
      jobs.set(body.jobId, { orderId: body.orderId, kind: body.kind, state: body.state, queuedAt: before?.queuedAt ?? at, stateAt: at });
    } else if (kind === 'attention.raised') {
      attention.set(body.id, { kind: body.kind, orderId: body.orderId, raised: body, settled: attention.get(body.id)?.settled ?? null });
    } else if (kind === 'attention.settled') {
      attention.set(body.id, { kind: body.kind, orderId: body.orderId, raised: attention.get(body.id)?.raised ?? null, settled: { decision: body.decision, at } });
    } else if (kind === 'service.settled') {
      settlements.set(body.jobId, effective);
    } else if (kind === 'help.called') {
      helpCalls.set(body.callId, { called: { screen: body.screen, orderId: body.orderId ?? null, at }, ended: helpCalls.get(body.callId)?.ended ?? null });
    } else if (kind === 'help.ended') {
      helpCalls.set(body.callId, { called: helpCalls.get(body.callId)?.called ?? null, ended: { by: body.by, at } });
    } else if (kind === 'feedback.given') {
      if (!feedback.has(body.orderId)) feedback.set(body.orderId, effective);
    } else if (kind === 'payment.attempt') {
      const before = payments.get(body.attemptId);
      payments.set(body.attemptId, {
        orderId: body.orderId,
        amount: body.amount.amount,
        currency: body.amount.currency,
        state: body.state,
        tender: body.tender,
        mode: body.mode ?? before?.mode ?? null,
        wallet: body.wallet ?? before?.wallet ?? null,
        card: body.card ?? before?.card ?? null,
        resultCode: body.resultCode ?? before?.resultCode ?? null,
        startedAt: before?.startedAt ?? at,
        stateAt: at,
      });
    } else if (kind === 'payment.refund') {
      const before = refunds.get(body.refundId);
      refunds.set(body.refundId, { body: { ...(before?.body ?? body), state: body.state }, detail: body.detail ?? before?.detail ?? null, askedAt: before?.askedAt ?? at, stateAt: at });
    }
  }
  return {
    placed: events.filter((candidate) => candidate.kind === 'order.placed'),
    states,
    payments,
    refunds,
    jobs,
    attention,
    services: events.filter((candidate) => candidate.kind === 'service.requested'),
    settlements,
    helpCalls,
    feedback,
    moves: events.filter((candidate) => candidate.kind === 'stock.moved'),
  };
}
