import type { CartLine } from '../../domain/cart/cart.ts';
import { setQuantity } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Money } from '../../domain/money.ts';
import { isZero } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { Refusal } from '../../domain/rules/rules.ts';
import { checkWish } from '../../domain/rules/rules.ts';
import type { Action, CustomerAction, Fresh, Step } from './action.ts';
import { changesOf, withoutGone } from './changes.ts';
import { hasRoomFor, isPlain, mostOf, newLine, phoneDigits, switchChoice } from './draft.ts';
import { stepFromCore } from './from-core.ts';
import type { Browsing, Draft, Model, Stage, Visit } from './model.ts';
import { screenOf } from './model.ts';
import { addToCart, openDraft } from './picking.ts';
import { endVisit, newVisit, only, withVisit } from './visit.ts';

/**
 * The whole behaviour of the page: what it knows, and what it asks core, after each thing that happens. Pure, so that
 * two taps within one frame are two steps, and the second finds that the first has been taken.
 */
export function step(model: Model, action: Action, fresh: Fresh): Step {
  switch (action.kind) {
    case 'connected':
    case 'opened':
    case 'placed':
    case 'pay_answered':
    case 'order_cancelled':
    case 'told':
      return stepFromCore(model, action, fresh);
    case 'idle_warned':
      return only(withVisit(model, { endsAt: action.endsAt }));
    case 'idle_ended':
      return endVisit(model);
    case 'notice_over':
      return only(model.notice?.times === action.times ? { ...model, notice: undefined } : model);
    case 'touched':
      if (screenOf(model).kind !== 'attract' || !model.shopfront) return only(model);
      return only({ ...model, visit: newVisit(fresh.cartId, model.shopfront.defaultLanguage, { kind: 'language' }) });
    default:
      return model.visit ? stepOfVisit(model, model.visit, action) : only(model);
  }
}

function stepOfVisit(model: Model, visit: Visit, action: Exclude<CustomerAction, { kind: 'touched' }>): Step {
  const { stage, sheet, cart } = visit;
  const change = (part: Partial<Visit>): Step => only(withVisit(model, part));
  const goTo = (next: Stage): Step => change({ stage: next, sheet: undefined, endsAt: undefined });
  switch (action.kind) {
    case 'language_chosen':
      return change({ language: action.language, ...(stage.kind === 'language' ? { stage: { kind: 'home' } } : {}) });
    case 'text_size_switched':
      return change({ textSize: visit.textSize === 'normal' ? 'large' : 'normal' });
    case 'still_here':
      return change({ endsAt: undefined });
    case 'home_opened':
      return canBrowse(stage) ? change({ stage: { kind: 'home' }, browsing: { kind: 'home' }, sheet: undefined }) : only(model);
    case 'category_opened': {
      const browsing: Browsing = { kind: 'offers', categoryId: action.categoryId };
      return canBrowse(stage) ? change({ stage: browsing, browsing }) : only(model);
    }
    case 'cart_opened':
      return canBrowse(stage) ? goTo({ kind: 'cart' }) : only(model);
    case 'checkout_opened':
      if (!canBrowse(stage) || cart.lines.length === 0) return only(model);
      return change({ stage: { kind: 'checkout', placing: false, trouble: false }, sheet: undefined, endsAt: undefined, before: stillGone(model, visit) });
    case 'sheet_closed':
      return change({ sheet: undefined });
    case 'back':
      return back(model, visit);
    case 'done':
      return stage.kind === 'pay' && stage.order.payment.kind !== 'unknown' ? only(model) : endVisit(model);
    case 'offer_opened':
    case 'offer_added':
    case 'line_opened':
    case 'line_quantity_set':
      return canBrowse(stage) || isChecking(stage) ? pick(model, visit, action) : only(model);
    case 'choice_switched':
    case 'quantity_set':
    case 'phone_typed':
    case 'draft_kept':
      return sheet?.kind === 'offer' ? draft(model, visit, sheet.draft, action) : only(model);
    case 'order_sent':
      return isChecking(stage) ? send(model, visit) : only(model);
    case 'refusal_mended':
      return sheet?.kind === 'refusals' ? mend(model, visit, sheet.refusals, action.refusal) : only(model);
    case 'pay_again':
    case 'payment_cancelled':
    case 'order_changed':
    case 'order_given_up':
      return stage.kind === 'pay' ? pay(model, stage, action) : only(model);
  }
}

function canBrowse(stage: Stage): boolean {
  return stage.kind === 'home' || stage.kind === 'offers' || stage.kind === 'cart';
}

/** What was lost before the review is told there; a price that was seen while browsing is no news. */
function stillGone({ shopfront }: Model, { before, cart }: Visit): Visit['before'] {
  return before && shopfront && changesOf(before, shopfront.catalogue, cart)?.gone.length ? before : undefined;
}

function isChecking(stage: Stage): boolean {
  return stage.kind === 'checkout' && !stage.placing;
}

function back(model: Model, visit: Visit): Step {
  const { stage, browsing, cart } = visit;
  switch (stage.kind) {
    case 'language':
      return endVisit(model);
    case 'home':
      return cart.lines.length === 0 ? endVisit(model) : only(withVisit(model, { sheet: { kind: 'leave' } }));
    case 'offers':
      return only(withVisit(model, { stage: { kind: 'home' }, browsing: { kind: 'home' } }));
    case 'cart':
      return only(withVisit(model, { stage: browsing }));
    case 'checkout':
      return stage.placing ? only(model) : only(withVisit(model, { stage: browsing, sheet: undefined }));
    case 'pay':
    case 'result':
      return only(model);
  }
}

type Picking = Extract<CustomerAction, { kind: 'offer_opened' | 'offer_added' | 'line_opened' | 'line_quantity_set' }>;

function pick(model: Model, visit: Visit, action: Picking): Step {
  const { shopfront } = model;
  if (!shopfront) return only(model);
  const { cart } = visit;
  if (action.kind === 'line_opened' || action.kind === 'line_quantity_set') {
    const line = cart.lines.find((candidate) => candidate.id === action.lineId);
    const offer = line && findOffer(shopfront.catalogue, line.offerId);
    if (!line) return only(model);
    if (action.kind === 'line_opened') return offer ? openDraft(model, { line, changing: true, tried: false }) : only(model);
    const most = offer ? mostOf(shopfront, cart, offer, line.id) : 0;
    return only(withCart(model, setQuantity(cart, line.id, Math.min(action.quantity, most))));
  }
  const offer = findOffer(shopfront.catalogue, action.offerId);
  if (!offer) return only(model);
  const line = newLine(offer, `line-${visit.linesMade}`);
  if (action.kind === 'offer_opened' || !isPlain(offer)) return openDraft(withVisit(model, { linesMade: visit.linesMade + 1 }), { line, changing: false, tried: false });
  return mostOf(shopfront, cart, offer, line.id) > 0 && hasRoomFor(cart, line) ? only(addToCart(model, visit, line)) : only(model);
}

/** An emptied cart has nothing to review or pay. */
function withCart(model: Model, cart: Visit['cart']): Model {
  const next = withVisit(model, { cart });
  const { visit } = model;
  return cart.lines.length === 0 && visit?.stage.kind === 'checkout' ? withVisit(next, { stage: visit.browsing, sheet: undefined }) : next;
}

type Drafting = Extract<CustomerAction, { kind: 'choice_switched' | 'quantity_set' | 'phone_typed' | 'draft_kept' }>;

function draft(model: Model, visit: Visit, current: Draft, action: Drafting): Step {
  const { shopfront } = model;
  const { line } = current;
  const offer: Offer | undefined = shopfront && findOffer(shopfront.catalogue, line.offerId);
  if (!shopfront || !offer) return only(withVisit(model, { sheet: undefined }));
  const becomes = (next: CartLine): Step => openDraft(model, { ...current, line: next });
  switch (action.kind) {
    case 'choice_switched':
      return becomes(switchChoice(offer, line, action.groupId, action.choiceId));
    case 'quantity_set':
      return becomes({ ...line, quantity: Math.max(1, Math.min(action.quantity, mostOf(shopfront, visit.cart, offer, line.id))) });
    case 'phone_typed':
      return offer.form.includes('phone') ? becomes({ ...line, form: { phone: phoneDigits(action.value) } }) : only(model);
    case 'draft_kept':
      if (checkWish(offer, line).length > 0) return openDraft(model, { ...current, tried: true });
      if (mostOf(shopfront, visit.cart, offer, line.id) < line.quantity) return only(model);
      if (!current.changing && !hasRoomFor(visit.cart, line)) return only(model);
      return only(current.changing ? replaceLine(model, visit, line) : addToCart(model, visit, line));
  }
}

function replaceLine(model: Model, visit: Visit, line: CartLine): Model {
  const lines = visit.cart.lines.map((candidate) => (candidate.id === line.id ? line : candidate));
  return withVisit(model, { cart: { ...visit.cart, lines }, sheet: undefined });
}

function send(model: Model, visit: Visit, accepted?: Money): Step {
  if (!model.shopfront || !model.status) return only(model);
  const { catalogue } = model.shopfront;
  // The review has said what is gone, and that it is no part of the total.
  const cart = withoutGone(catalogue, visit.cart);
  if (cart.lines.length === 0) return only(model);
  const shownTotal = accepted ?? priceCart(catalogue, cart).total;
  if (!isZero(shownTotal) && model.status.card !== 'ready') return only(model);
  const next = withVisit(model, { cart, stage: { kind: 'checkout', placing: true, trouble: false }, sheet: undefined });
  return only(next, { kind: 'place', cart, language: visit.language, catalogueRevision: catalogue.revision, shownTotal });
}

/** Applies what a refusal suggests, and takes it off the list. */
function mend(model: Model, visit: Visit, refusals: readonly Refusal[], refusal: Refusal): Step {
  const rest = refusals.filter((candidate) => candidate !== refusal);
  const left = withVisit(model, { sheet: rest.length > 0 ? { kind: 'refusals', refusals: rest } : undefined });
  const { suggestion } = refusal;
  switch (suggestion.kind) {
    case 'set_quantity':
      return only(withCart(left, setQuantity(visit.cart, suggestion.lineId, suggestion.quantity)));
    case 'remove_line':
      return only(withCart(left, setQuantity(visit.cart, suggestion.lineId, 0)));
    case 'choose_options':
    case 'fill_in':
      return pick(left, visit, { kind: 'line_opened', lineId: suggestion.lineId });
    case 'accept_total':
      return send(left, visit, suggestion.total);
    case 'keep_shopping':
      return only(withVisit(left, { stage: visit.browsing, sheet: undefined }));
  }
}

type Paying = Extract<CustomerAction, { kind: 'pay_again' | 'payment_cancelled' | 'order_changed' | 'order_given_up' }>;

function pay(model: Model, stage: Extract<Stage, { kind: 'pay' }>, action: Paying): Step {
  const { order, starting, ending } = stage;
  const becomes = (part: Partial<typeof stage>) => withVisit(model, { stage: { ...stage, ...part } });
  const due = order.payment.kind === 'due' && !starting && ending === 'no';
  switch (action.kind) {
    case 'pay_again':
      return due ? only(becomes({ starting: true, trouble: false }), { kind: 'pay', orderId: order.id }) : only(model);
    case 'payment_cancelled':
      return order.payment.kind === 'running' && !order.payment.cancelRequested ? only(model, { kind: 'cancel_payment', orderId: order.id }) : only(model);
    case 'order_changed':
      return due ? only(becomes({ ending: 'to_change' }), { kind: 'cancel_order', orderId: order.id }) : only(model);
    case 'order_given_up':
      return due ? only(becomes({ ending: 'to_leave' }), { kind: 'cancel_order', orderId: order.id }) : only(model);
  }
}
