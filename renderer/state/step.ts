import type { CartLine } from '../../domain/cart/cart.ts';
import { replaceLine, setQuantity } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { Money } from '../../domain/money.ts';
import { isZero } from '../../domain/money.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { applySuggestion } from '../../domain/rules/mend.ts';
import type { Refusal } from '../../domain/rules/refusal.ts';
import { checkWish } from '../../domain/rules/rules.ts';
import { momentOf } from '../../domain/time.ts';
import type { Action, CustomerAction, Fresh, Step } from './action.ts';
import { cartChanges, withoutGone } from './changes.ts';
import { countChoice, hasRoomFor, isDistrictCode, isPartDone, isPlain, mostOf, newLine, switchChoice, tidied, typeField, withDining } from './draft.ts';
import { canTake } from './facts.ts';
import { closeDesk, openDesk } from './desk.ts';
import { stepFromCore } from './from-core.ts';
import type { Browsing, Draft, Model, Sheet, Stage, Visit } from './model.ts';
import { screenOf } from './model.ts';
import { askNumber } from './numbers.ts';
import type { Part } from './parts.ts';
import { partsOf } from './parts.ts';
import { addToCart, leaveDraft, newDraft, openDraft } from './picking.ts';
import { seenBefore } from './seen.ts';
import { endVisit, newVisit, only, withVisit } from './visit.ts';
import { stateOf } from './ways.ts';

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
    case 'number_answered':
    case 'order_cancelled':
    case 'told':
      return stepFromCore(model, action, fresh);
    case 'idle_warned':
      return only(withVisit(model, { endsAt: action.endsAt }));
    case 'idle_ended':
      // After a bug of the page, too: then nobody is left in.
      return model.desk ? closeDesk(model) : idleEnded(model);
    case 'clock_ticked':
      return only(ticked(model, fresh.now));
    case 'help_answered':
      return only(action.result.ok && model.visit ? { ...model, help: action.result.value } : { ...model, help: model.visit ? { kind: 'nobody', reason: 'unreachable' } : { kind: 'none' } });
    case 'notice_over':
      return only(model.notice?.times === action.times ? { ...model, notice: undefined } : model);
    case 'staff_opened':
      return openDesk(model, 0);
    case 'staff_closed':
      return closeDesk(model);
    case 'desk_changed':
      return only(model.desk ? { ...model, desk: { ...model.desk, ...action.change } } : model);
    case 'touched':
      if (screenOf(model).kind !== 'attract' || !model.shopfront) return only(model);
      return only({ ...model, visit: newVisit(fresh.cartId, model.shopfront.defaultLanguage, { kind: 'language' }) });
    case 'speech_switched':
      return only(switchSpeech(model, action.on, fresh));
    default:
      return model.visit ? answered(stepOfVisit(model, model.visit, action, fresh)) : only(model);
  }
}

/** At an armed terminal nobody has shown a card to, it is told to stop, and the visit ends when it has; a card that was quicker ends as a payment. */
function idleEnded(model: Model): Step {
  const stage = model.visit?.stage;
  if (stage?.kind !== 'pay' || (stage.order.payment.kind !== 'running' && stage.order.payment.kind !== 'wallet')) return endVisit(model);
  const left = withVisit(model, { stage: { ...stage, ending: 'once_stopped' }, endsAt: undefined, sheet: undefined });
  return stage.order.payment.cancelRequested ? only(left) : only(left, { kind: 'cancel_payment', orderId: stage.order.id });
}

/** A new minute may bring new prices: what the cart cost before is kept, to be told. */
function ticked(model: Model, now: number): Model {
  const { shopfront } = model;
  if (!shopfront) return model;
  const moment = momentOf(now, shopfront.timeZone);
  return moment.at === model.moment?.at ? model : seenBefore({ ...model, moment }, model);
}

function switchSpeech(model: Model, on: boolean, fresh: Fresh): Model {
  if (model.visit) return withVisit(model, { speech: { ...model.visit.speech, on }, endsAt: undefined });
  if (!on || screenOf(model).kind !== 'attract' || !model.shopfront) return model;
  const visit = newVisit(fresh.cartId, model.shopfront.defaultLanguage, { kind: 'language' });
  return { ...model, visit: { ...visit, speech: { ...visit.speech, on } } };
}

/** Whatever a customer does is an answer to whether they are still there. */
function answered({ model, effects }: Step): Step {
  return { model: model.visit?.endsAt === undefined ? model : withVisit(model, { endsAt: undefined }), effects };
}

type VisitAction = Exclude<CustomerAction, { kind: 'touched' | 'speech_switched' }>;

function stepOfVisit(model: Model, visit: Visit, action: VisitAction, fresh: Fresh): Step {
  const { stage, sheet, cart } = visit;
  const change = (part: Partial<Visit>): Step => only(withVisit(model, part));
  const goTo = (next: Stage): Step => change({ stage: next, sheet: undefined, endsAt: undefined });
  switch (action.kind) {
    case 'language_chosen':
      return change({ language: action.language, ...(stage.kind === 'language' ? { stage: { kind: 'home' } } : {}) });
    case 'access_changed':
      return change({ access: { ...visit.access, ...action.change } });
    case 'speech_tuned':
      return change({ speech: tuned({ ...visit.speech, ...action.change }) });
    case 'access_opened':
      return change({ sheet: { kind: 'access', under: beneath(sheet) } });
    case 'help_opened':
      return change({ sheet: { kind: 'help', questionId: undefined, under: beneath(sheet) } });
    case 'help_question_opened':
      return sheet?.kind === 'help' ? change({ sheet: { ...sheet, questionId: action.questionId } }) : only(model);
    case 'help_called':
      return callHelp(model);
    case 'help_ended':
      return model.help.kind === 'none' ? only(model) : only({ ...model, help: { kind: 'none' } }, { kind: 'end_help' });
    case 'still_here':
      return change({ endsAt: undefined, moreTimes: visit.moreTimes + 1 });
    case 'search_opened':
      return canBrowse(stage) ? change({ stage: { kind: 'search' }, browsing: { kind: 'search' }, sheet: undefined }) : only(model);
    case 'search_typed':
      return change({ query: action.query.slice(0, maxQuery) });
    case 'dining_chosen':
      return isChecking(stage) ? change({ cart: { ...cart, dining: action.dining } }) : only(model);
    case 'feedback_opened':
      return stage.kind === 'result' && stage.feedback === 'open' ? change({ sheet: { kind: 'feedback', draft: { stars: action.stars, chips: [], words: '' } } }) : only(model);
    case 'feedback_changed':
      return sheet?.kind === 'feedback' ? change({ sheet: { kind: 'feedback', draft: { ...sheet.draft, ...action.change } } }) : only(model);
    case 'feedback_given':
      return giveFeedback(model, action);
    case 'home_opened':
      return canBrowse(stage) ? change({ stage: { kind: 'home' }, browsing: { kind: 'home' }, sheet: undefined }) : only(model);
    case 'category_opened': {
      const browsing: Browsing = { kind: 'offers', categoryId: action.categoryId };
      return canBrowse(stage) ? change({ stage: browsing, browsing }) : only(model);
    }
    case 'cart_opened':
      return canBrowse(stage) ? goTo({ kind: 'cart' }) : only(model);
    case 'checkout_opened':
      return canBrowse(stage) ? only(openCheckout(model)) : only(model);
    case 'offer_bought': {
      if (!canBrowse(stage)) return only(model);
      const picked = pick(model, visit, { kind: 'offer_added', offerId: action.offerId });
      const isIn = picked.model.visit !== undefined && picked.model.visit.cart !== cart && picked.model.visit.sheet === undefined;
      // No more of it may be had: what there is can be paid.
      const isHeld = picked.model.visit?.sheet === undefined && cart.lines.some(({ offerId }) => offerId === action.offerId);
      return isIn || isHeld ? only(openCheckout(picked.model)) : picked;
    }
    case 'sheet_closed':
      return change({ sheet: sheet?.kind === 'help' || sheet?.kind === 'access' ? sheet.under : undefined });
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
    case 'choice_counted':
    case 'quantity_set':
    case 'field_typed':
    case 'part_done':
    case 'part_back':
      return sheet?.kind === 'offer' ? draft(model, visit, sheet.draft, action) : only(model);
    case 'order_sent':
      return isChecking(stage) ? send(model, visit, fresh, action.tender ?? 'card') : only(model);
    case 'refusal_mended':
      return sheet?.kind === 'refusals' ? mend(model, visit, sheet.refusals, action.refusal, fresh) : only(model);
    case 'pay_again':
    case 'payment_cancelled':
    case 'order_changed':
    case 'order_given_up':
      return stage.kind === 'pay' ? pay(model, stage, action) : only(model);
  }
}

const maxQuery = 60;

function canBrowse(stage: Stage): boolean {
  return stage.kind === 'home' || stage.kind === 'offers' || stage.kind === 'search' || stage.kind === 'cart';
}

/** What help lies over, so that closing it brings back what was entered. Help over help is one help. */
function beneath(sheet: Sheet | undefined): Sheet | undefined {
  return sheet?.kind === 'help' || sheet?.kind === 'access' ? sheet.under : sheet;
}

function tuned({ on, wordsPerMinute, volume }: Visit['speech']): Visit['speech'] {
  return { on, wordsPerMinute: Math.max(80, Math.min(450, Math.round(wordsPerMinute))), volume: Math.max(1, Math.min(10, Math.round(volume))) };
}

function callHelp(model: Model): Step {
  if (model.help.kind === 'calling' || model.help.kind === 'answered') return only(model);
  return only({ ...model, help: { kind: 'calling' } }, { kind: 'call_help', screen: screenOf(model).kind });
}

function giveFeedback(model: Model, { stars, chips, words }: Extract<CustomerAction, { kind: 'feedback_given' }>): Step {
  const stage = model.visit?.stage;
  if (stage?.kind !== 'result' || stage.feedback === 'given') return only(model);
  const said = words.trim().slice(0, 300);
  const next = withVisit(model, { stage: { ...stage, feedback: 'given' }, sheet: undefined });
  return only(next, { kind: 'feedback', orderId: stage.order.id, stars, chips, words: said === '' ? undefined : said });
}

/** An empty cart has nothing to review, nor has one of which all is gone: the cart says so. What has changed since it was picked is told there. */
function openCheckout(model: Model): Model {
  const { visit, shopfront } = model;
  if (!visit || !shopfront || visit.cart.lines.length === 0) return model;
  if (withoutGone(shopfront.catalogue, visit.cart).lines.length === 0) return withVisit(model, { stage: { kind: 'cart' }, sheet: undefined });
  const before = cartChanges(model) ? visit.before : undefined;
  return withVisit(model, { cart: withDining(shopfront, visit.cart), stage: { kind: 'checkout', placing: false, trouble: false }, sheet: undefined, endsAt: undefined, before });
}

function isChecking(stage: Stage): boolean {
  return stage.kind === 'checkout' && !stage.placing;
}

/** Whoever goes back from the review wants to change what they chose: there it lies. */
function beforeCheckout({ cart, browsing }: Visit): Stage {
  return cart.lines.length > 0 ? { kind: 'cart' } : browsing;
}

function back(model: Model, visit: Visit): Step {
  const { stage, browsing, cart } = visit;
  switch (stage.kind) {
    case 'language':
      return endVisit(model);
    case 'home':
      return cart.lines.length === 0 ? endVisit(model) : only(withVisit(model, { sheet: { kind: 'leave' } }));
    case 'offers':
    case 'search':
      return only(withVisit(model, { stage: { kind: 'home' }, browsing: { kind: 'home' } }));
    case 'cart':
      return only(withVisit(model, { stage: browsing }));
    case 'checkout':
      return stage.placing ? only(model) : only(withVisit(model, { stage: beforeCheckout(visit), sheet: undefined }));
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
    if (action.kind === 'line_opened') return offer ? openDraft(model, { line, changing: true, tried: false, part: 0 }) : only(model);
    const most = offer ? mostOf(shopfront, cart, offer, line.id) : 0;
    return only(withCart(model, setQuantity(cart, line.id, Math.min(action.quantity, most))));
  }
  const offer = findOffer(shopfront.catalogue, action.offerId);
  if (!offer) return only(model);
  const line = newLine(offer, `line-${visit.linesMade}`, cart);
  if (action.kind === 'offer_opened' || !isPlain(offer)) return askNumber(openDraft(withVisit(model, { linesMade: visit.linesMade + 1 }), newDraft(shopfront, visit, offer)), offer);
  return canTake(model, offer) && mostOf(shopfront, cart, offer, line.id) > 0 && hasRoomFor(cart, line) ? only(addToCart(model, visit, line)) : only(model);
}

/** An emptied cart has nothing to review or pay. */
function withCart(model: Model, cart: Visit['cart']): Model {
  const { visit, shopfront } = model;
  const next = withVisit(model, { cart: shopfront && visit?.stage.kind === 'checkout' ? withDining(shopfront, cart) : cart });
  return cart.lines.length === 0 && visit?.stage.kind === 'checkout' ? withVisit(next, { stage: visit.browsing, sheet: undefined }) : next;
}

type Drafting = Extract<CustomerAction, { kind: 'choice_switched' | 'choice_counted' | 'quantity_set' | 'field_typed' | 'part_done' | 'part_back' }>;

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
    case 'choice_counted':
      return becomes(countChoice(offer, line, action.groupId, action.choiceId, action.count));
    case 'field_typed':
      return askNumber(becomes(typeField(offer, line, action.fieldId, action.value)), offer);
    case 'part_back':
      return current.part > 0 ? openDraft(model, { ...current, part: current.part - 1, tried: false }) : leaveDraft(model, visit, offer, current);
    case 'part_done': {
      const parts = partsOf(offer, line);
      const at = Math.min(current.part, parts.length - 1);
      const part = parts[at];
      if (part && !isPartDone(offer, line, part)) return openDraft(model, { ...current, part: at, tried: true });
      return at + 1 < parts.length ? openDraft(model, { ...current, part: at + 1, tried: false }) : keep(model, visit, shopfront, offer, current);
    }
  }
}

/** From the last page into the cart. Where an earlier page is no longer whole (an option that is gone), it is shown again. */
function keep(model: Model, visit: Visit, shopfront: Shopfront, offer: Offer, current: Draft): Step {
  const line = tidied(offer, current.line);
  if (checkWish(offer, line, isDistrictCode).length > 0) {
    const part = partsOf(offer, current.line).findIndex((candidate) => !isPartDone(offer, current.line, candidate));
    return openDraft(model, { ...current, part: Math.max(0, part), tried: true });
  }
  if (!canTake(model, offer) || mostOf(shopfront, visit.cart, offer, line.id) < line.quantity) return only(model);
  if (!current.changing && !hasRoomFor(visit.cart, line)) return only(model);
  return only(current.changing ? withVisit(model, { cart: replaceLine(visit.cart, line), sheet: undefined }) : addToCart(model, visit, line));
}

function send(model: Model, visit: Visit, fresh: Fresh, tender: Tender, accepted?: Money): Step {
  if (!model.shopfront || !model.status || !model.moment) return only(model);
  const { catalogue } = model.shopfront;
  // The review has said what is gone, and that it is no part of the total.
  const wished = withDining(model.shopfront, withoutGone(catalogue, visit.cart));
  const isAnother = visit.unanswered !== undefined && JSON.stringify(visit.unanswered) !== JSON.stringify(wished);
  const cart = isAnother ? { ...wished, id: fresh.cartId } : wished;
  if (cart.lines.length === 0) return only(model);
  const shownTotal = accepted ?? priceCart(catalogue, cart, model.moment).total;
  if (!isZero(shownTotal) && stateOf(model.status, tender) !== 'ready') return only(model);
  const next = withVisit(model, { cart, stage: { kind: 'checkout', placing: true, trouble: false, tender }, sheet: undefined });
  return only(next, { kind: 'place', cart, language: visit.language, catalogueRevision: catalogue.revision, shownTotal });
}

/** Applies what a refusal suggests, and takes it off the list. */
function mend(model: Model, visit: Visit, refusals: readonly Refusal[], refusal: Refusal, fresh: Fresh): Step {
  const rest = refusals.filter((candidate) => candidate !== refusal);
  const left = withVisit(model, { sheet: rest.length > 0 ? { kind: 'refusals', refusals: rest } : undefined });
  const { suggestion } = refusal;
  switch (suggestion.kind) {
    case 'set_quantity':
    case 'remove_line':
    case 'keep_free': {
      const { shopfront, moment } = model;
      if (!shopfront || !moment) return only(model);
      return only(withCart(left, applySuggestion(visit.cart, suggestion, { catalogue: shopfront.catalogue, moment })));
    }
    case 'choose_options':
      return openAt(left, visit, suggestion.lineId, (part) => (part.kind === 'step' ? [part.group] : part.kind === 'offer' ? part.groups : []).some(({ id }) => id === suggestion.groupId));
    case 'fill_in':
      return openAt(left, visit, suggestion.lineId, (part) => (part.kind === 'fields' ? part.fields : 'field' in part ? [part.field] : []).some(({ id }) => id === suggestion.field));
    case 'choose_dining':
      return only(withVisit(left, { cart: model.shopfront ? withDining(model.shopfront, visit.cart) : visit.cart, sheet: undefined }));
    case 'call_staff': {
      const called = callHelp(left);
      return { ...called, model: withVisit(called.model, { sheet: { kind: 'help', questionId: undefined, under: left.visit?.sheet } }) };
    }
    case 'accept_total':
      return send(left, visit, fresh, (visit.stage.kind === 'checkout' ? visit.stage.tender : undefined) ?? 'card', suggestion.total);
    case 'keep_shopping':
      return only(withVisit(left, { stage: beforeCheckout(visit), sheet: undefined }));
  }
}

/** A line of the cart on the page where something is missing. */
function openAt(model: Model, visit: Visit, lineId: string, isWanted: (part: Part) => boolean): Step {
  const line = visit.cart.lines.find(({ id }) => id === lineId);
  const offer = line && model.shopfront && findOffer(model.shopfront.catalogue, line.offerId);
  return line && offer ? openDraft(model, { line, changing: true, tried: true, part: Math.max(0, partsOf(offer, line).findIndex(isWanted)) }) : only(model);
}

type Paying = Extract<CustomerAction, { kind: 'pay_again' | 'payment_cancelled' | 'order_changed' | 'order_given_up' }>;

function pay(model: Model, stage: Extract<Stage, { kind: 'pay' }>, action: Paying): Step {
  const { order, starting, ending } = stage;
  const becomes = (part: Partial<typeof stage>) => withVisit(model, { stage: { ...stage, ...part } });
  const due = order.payment.kind === 'due' && !starting && ending === 'no';
  switch (action.kind) {
    case 'pay_again':
      return due ? only(becomes({ starting: true, trouble: false, tender: action.tender ?? stage.tender }), { kind: 'pay', orderId: order.id, tender: action.tender ?? stage.tender }) : only(model);
    case 'payment_cancelled':
      return (order.payment.kind === 'running' || order.payment.kind === 'wallet') && !order.payment.cancelRequested ? only(model, { kind: 'cancel_payment', orderId: order.id }) : only(model);
    case 'order_changed':
      return due ? only(becomes({ ending: 'to_change' }), { kind: 'cancel_order', orderId: order.id }) : only(model);
    case 'order_given_up':
      return due ? only(becomes({ ending: 'to_leave' }), { kind: 'cancel_order', orderId: order.id }) : only(model);
  }
}
