import { emptyCart } from '../../domain/cart/cart.ts';
import type { CartId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import type { OrderView, PaymentView } from '../../domain/order/view.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { Effect, Fresh, Step } from './action.ts';
import type { Access, Model, PayStage, ResultStage, SpeechWish, Stage, Visit } from './model.ts';
import { hasOrder } from './model.ts';

export const plainAccess: Access = { textSize: 'normal', contrast: 'normal', reach: false, calm: false };
const silence: SpeechWish = { on: false, wordsPerMinute: 180, volume: 6 };

export function newVisit(cartId: CartId, language: Language, stage: Stage): Visit {
  return {
    language, stage, access: plainAccess, speech: silence, cart: emptyCart(cartId), before: undefined, unanswered: undefined, linesMade: 0, query: '', browsing: { kind: 'home' }, sheet: undefined, moreTimes: 0,
    endsAt: undefined, said: undefined, scans: 0, numbers: {}, kept: {},
  };
}

/** Whoever has begun may finish, also in a pause; out of service nobody can. */
export function isServing({ status }: Model): boolean {
  return status !== undefined && status.service.kind !== 'out_of_service';
}

export function only(model: Model, ...effects: readonly Effect[]): Step {
  return { model, effects };
}

/** The model with its visit changed; unchanged where nobody is there. */
export function withVisit(model: Model, change: Partial<Visit>): Model {
  return model.visit ? { ...model, visit: { ...model.visit, ...change } } : model;
}

/** Forgets the customer. An order that can still be given up is given up, and core stops telling of it. */
export function endVisit(model: Model): Step {
  const stage = model.visit?.stage;
  const effects: Effect[] = model.help.kind === 'none' ? [] : [{ kind: 'end_help' }];
  if (stage && hasOrder(stage)) {
    if (stage.kind === 'pay' && stage.order.payment.kind === 'due' && stage.ending === 'no') effects.push({ kind: 'cancel_order', orderId: stage.order.id });
    effects.push({ kind: 'leave' });
  }
  return { model: { ...model, visit: undefined, notice: undefined, help: { kind: 'none' } }, effects };
}

/** Back to the cart with what was in it, under a new id: the old one belongs to an order that was given up. */
export function backToCart(model: Model, cartId: CartId): Model {
  if (!model.visit) return model;
  const { cart } = model.visit;
  return withVisit(model, { cart: { ...cart, id: cartId }, stage: { kind: cart.lines.length > 0 ? 'cart' : 'home' }, sheet: undefined, endsAt: undefined });
}

/** What core last said of the order on the screen. */
export function applyOrder(model: Model, order: OrderView, { cartId, monotonicMs }: Fresh): Step {
  const { visit } = model;
  if (!visit || !hasOrder(visit.stage) || visit.stage.order.id !== order.id) return only(model);
  if (order.state === 'cancelled' || order.state === 'expired') {
    if (visit.stage.kind === 'result') return only(model);
    return visit.stage.ending === 'to_change' && isServing(model) ? only(backToCart(model, cartId), { kind: 'leave' }) : endVisit(model);
  }
  const stage = stageOf(order, visit.stage, monotonicMs);
  // What was picked is an order now; nothing of it is needed here any more.
  const cart = stage.kind === 'result' ? emptyCart(visit.cart.id) : visit.cart;
  const kept = stage.kind === 'result' ? {} : visit.kept;
  const next = withVisit(model, { stage, cart, kept, ...(stage.kind === visit.stage.kind ? {} : { sheet: undefined, endsAt: undefined }) });
  // Nobody was there any more when the terminal was told to stop: now that it has, the order is given up.
  const isLeft = stage.kind === 'pay' && stage.ending === 'once_stopped' && order.payment.kind === 'due' && !stage.starting;
  return isLeft ? only(withVisit(next, { stage: { ...stage, ending: 'to_leave' } }), { kind: 'cancel_order', orderId: order.id }) : only(next);
}

function stageOf(order: OrderView, before: PayStage | ResultStage, monotonicMs: number): PayStage | ResultStage {
  const { pickup } = before;
  const tender = tenderOf(order.payment) ?? before.tender;
  const settled = order.payment.kind === 'free' || order.payment.kind === 'paid' || order.state === 'refunded';
  if (settled || before.kind === 'result') return { kind: 'result', order, pickup, tender, feedback: before.kind === 'result' ? before.feedback : 'open' };
  const declines = before.declines + (isDeclined(order) && !isDeclined(before.order) ? 1 : 0);
  // Nobody has to wait for an end that a person may have to find: the screen asks, and goes.
  const ending = before.ending === 'once_stopped' && order.payment.kind === 'unknown' ? 'no' : before.ending;
  return { ...before, order, tender: tender ?? before.tender, toldAt: monotonicMs, declines, ending, trouble: false, starting: before.starting && order.payment.kind === 'due' };
}

/** A card: of a wallet its customer is told why, and another try is no worse than the first. */
function isDeclined({ payment }: OrderView): boolean {
  return payment.kind === 'due' && payment.last === 'declined' && (payment.tender ?? 'card') === 'card';
}

/** How it is being paid or was, as far as what core tells names it. */
export function tenderOf(payment: PaymentView): Tender | undefined {
  switch (payment.kind) {
    case 'wallet':
      return payment.wallet;
    case 'running':
      return 'card';
    case 'due':
    case 'unknown':
    case 'paid':
      return payment.tender;
    case 'free':
    case 'returning':
    case 'returned':
      return undefined;
  }
}
