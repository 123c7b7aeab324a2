import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Answer, KioskStatus, Shopfront } from '../../domain/contract/kiosk.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { OrderView } from '../../domain/order/view.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import { momentOf } from '../../domain/time.ts';
import type { Action, Fresh, Step } from './action.ts';
import { withoutGone } from './changes.ts';
import { mostOf } from './draft.ts';
import type { Handover, Model, PayStage, ResultStage } from './model.ts';
import { handovers, hasOrder } from './model.ts';
import { canOpenDesk, closeDesk, openDesk } from './desk.ts';
import { numberAnswered } from './numbers.ts';
import { seenBefore } from './seen.ts';
import { stepScanned } from './scanned.ts';
import { applyOrder, backToCart, endVisit, newVisit, only, tenderOf, withVisit } from './visit.ts';

type CoreAction = Extract<Action, { kind: 'connected' | 'opened' | 'placed' | 'pay_answered' | 'number_answered' | 'order_cancelled' | 'told' }>;

/** What core answers and tells. */
export function stepFromCore(model: Model, action: CoreAction, fresh: Fresh): Step {
  switch (action.kind) {
    case 'connected':
      return only({ ...model, core: 'connecting' }, { kind: 'open' });
    case 'opened':
      // The store asks again.
      return action.result.ok ? opened(model, action.result.value, fresh) : only(model);
    case 'placed':
      return placed(model, action, fresh);
    case 'pay_answered':
      return action.result.ok ? applyOrder(payAnswered(model, action.orderId, false), action.result.value, fresh) : only(payAnswered(model, action.orderId, true));
    case 'number_answered':
      return only(numberAnswered(model, action));
    case 'order_cancelled':
      return action.result.ok ? applyOrder(model, action.result.value, fresh) : only(notCancelled(model, action.orderId));
    case 'told':
      switch (action.event.name) {
        case 'status':
          return applyStatus(model, action.event.payload);
        case 'shopfront':
          return only(applyShopfront(model, action.event.payload, fresh.now));
        case 'stock':
          return only(model.shopfront ? withinStock({ ...model, shopfront: { ...model.shopfront, ...action.event.payload } }) : model);
        case 'order':
          return applyOrder(model, action.event.payload, fresh);
        case 'scanned':
          return stepScanned(model, action.event.payload, fresh);
        case 'help':
          return only(model.visit ? { ...model, help: action.event.payload } : model);
        case 'staff_card':
          if (model.desk) return only({ ...model, desk: { ...model.desk, cards: model.desk.cards + 1 } });
          return canOpenDesk(model) ? openDesk(model, 1) : stepScanned(model, { kind: 'staff_card' }, fresh);
        // Heard by whom they are for: the speaker, and the staff's own part.
        case 'speech':
        case 'staff_out':
        case 'staff_scan':
        case 'staff_slot':
          return only(model);
      }
  }
}

function opened(model: Model, { status, shopfront, order }: Answer<'open'>, fresh: Fresh): Step {
  const open: Model = { ...model, core: 'open', status };
  const base = shopfront ? applyShopfront(open, shopfront, fresh.now) : open;
  if (order) return adopt(base, order, fresh);
  const stage = base.visit?.stage;
  if (stage?.kind !== 'pay') return applyStatus(base, status);
  // Nothing was under way for core, so what was not started is given up; what had started is not for the page to guess.
  const { payment } = stage.order;
  if (payment.kind === 'due') return applyStatus(backToCart(base, fresh.cartId), status);
  return only(withVisit(base, { stage: { ...stage, order: { ...stage.order, payment: { kind: 'unknown', tender: stage.tender } } } }));
}

/** The order of a customer whose page was lost, or whose core was. */
function adopt(model: Model, order: OrderView, fresh: Fresh): Step {
  const known = model.visit && hasOrder(model.visit.stage) && model.visit.stage.order.id === order.id;
  if (known) return applyOrder(model, order, fresh);
  const visit = newVisit(fresh.cartId, order.language, payStage(order, [], tenderOf(order.payment), fresh));
  // A customer at the terminal comes first.
  const closed = closeDesk(model);
  const adopted = applyOrder({ ...closed.model, visit }, order, fresh);
  return { model: adopted.model, effects: [...closed.effects, ...adopted.effects] };
}

function applyStatus(model: Model, status: KioskStatus): Step {
  const next = { ...model, status };
  const serving = status.service.kind === 'in_service' || status.service.kind === 'paused';
  const effects = serving && !model.shopfront ? [{ kind: 'open' } as const] : [];
  // Core that is made anew for a moment comes back to whoever stands there.
  const stays = !model.visit || status.service.kind !== 'out_of_service' || hasOrder(model.visit.stage);
  const ended = stays ? only(next) : endVisit(next);
  return { model: ended.model, effects: [...ended.effects, ...effects] };
}

/** A new catalogue leaves the customer where they are, as far as that place still exists. */
function applyShopfront(model: Model, shopfront: Shopfront, now: number): Model {
  const next = seenBefore({ ...model, shopfront, moment: momentOf(now, shopfront.timeZone) }, model);
  const { visit } = model;
  if (!visit) return next;
  const { sheet, browsing, stage } = visit;
  const offerGone = sheet?.kind === 'offer' && !findOffer(shopfront.catalogue, sheet.draft.line.offerId);
  const categoryGone = browsing.kind === 'offers' && !shopfront.catalogue.categories.some((category) => category.id === browsing.categoryId);
  return withVisit(withinStock(next), {
    ...(offerGone ? { sheet: undefined } : {}),
    ...(stage.kind === 'checkout' && !stage.placing && withoutGone(shopfront.catalogue, visit.cart).lines.length === 0 ? { stage: { kind: 'cart' } } : {}),
    ...(categoryGone ? { browsing: { kind: 'home' }, stage: stage.kind === 'offers' ? { kind: 'home' } : stage } : {}),
  });
}

/** Not more of what is being chosen than there is now. */
function withinStock(model: Model): Model {
  const { visit, shopfront } = model;
  const draft = visit?.sheet?.kind === 'offer' ? visit.sheet.draft : undefined;
  const offer = draft && shopfront && findOffer(shopfront.catalogue, draft.line.offerId);
  if (!visit || !shopfront || !draft || !offer) return model;
  const quantity = Math.max(1, Math.min(draft.line.quantity, mostOf(shopfront, visit.cart, offer, draft.line.id)));
  return quantity === draft.line.quantity ? model : withVisit(model, { sheet: { kind: 'offer', draft: { ...draft, line: { ...draft.line, quantity } } } });
}

function placed(model: Model, { cartId, result }: Extract<Action, { kind: 'placed' }>, fresh: Fresh): Step {
  const { visit, shopfront } = model;
  const awaited = visit?.cart.id === cartId && visit.stage.kind === 'checkout' && visit.stage.placing;
  if (!visit || !awaited) {
    // The customer left in between: an order that nobody waits for is given up.
    const abandoned = result.ok && result.value.kind === 'placed' && !(visit && hasOrder(visit.stage) && visit.stage.order.id === result.value.order.id);
    return abandoned ? only(model, { kind: 'cancel_order', orderId: result.value.order.id }, { kind: 'leave' }) : only(model);
  }
  const tender = visit.stage.kind === 'checkout' ? visit.stage.tender : undefined;
  const stopped = { kind: 'checkout', placing: false, trouble: !result.ok, ...(tender === undefined ? {} : { tender }) } as const;
  if (!result.ok) return only(withVisit(model, { unanswered: visit.cart, stage: stopped }));
  if (result.value.kind === 'refused') {
    const { refusals, available } = result.value;
    const next = withVisit(model, { stage: stopped, sheet: { kind: 'refusals', refusals } });
    return only(shopfront ? { ...next, shopfront: { ...shopfront, available } } : next);
  }
  const { order } = result.value;
  // The answer to a cart that was sent before, and whose order has been given up since.
  if (order.state === 'cancelled' || order.state === 'expired') return only(backToCart(withVisit(model, { unanswered: undefined }), fresh.cartId), { kind: 'leave' });
  const stage = payStage(order, pickupOf(model), tender, fresh);
  const ready = withVisit(model, { stage, sheet: undefined, endsAt: undefined });
  if (order.payment.kind !== 'due') return applyOrder(ready, order, fresh);
  return only(withVisit(ready, { stage: { ...stage, starting: true } }), { kind: 'pay', orderId: order.id, tender: stage.tender });
}

function payStage(order: OrderView, pickup: readonly Handover[], tender: Tender | undefined, { monotonicMs }: Fresh): PayStage {
  return { kind: 'pay', order, pickup, tender: tender ?? 'card', toldAt: monotonicMs, starting: false, ending: 'no', trouble: false, declines: 0 };
}

function pickupOf({ visit, shopfront }: Model): ResultStage['pickup'] {
  if (!visit || !shopfront) return [];
  const present = new Set(visit.cart.lines.map(({ offerId }) => findOffer(shopfront.catalogue, offerId)?.fulfilment.kind));
  return handovers.filter((kind) => present.has(kind));
}

function payAnswered(model: Model, orderId: OrderId, trouble: boolean): Model {
  const stage = model.visit?.stage;
  return stage?.kind === 'pay' && stage.order.id === orderId ? withVisit(model, { stage: { ...stage, starting: false, trouble } }) : model;
}

function notCancelled(model: Model, orderId: OrderId): Model {
  const stage = model.visit?.stage;
  return stage?.kind === 'pay' && stage.order.id === orderId ? withVisit(model, { stage: { ...stage, ending: 'no', trouble: true } }) : model;
}
