import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Scanned, Shopfront } from '../../domain/contract/kiosk.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';
import type { Fresh, Step } from './action.ts';
import { hasRoomFor, isPlain, mostOf, newLine, stockOf } from './draft.ts';
import { canTake } from './facts.ts';
import type { Model, ScanNoticeKind, Visit } from './model.ts';
import { hasOrder, screenOf } from './model.ts';
import { askNumber } from './numbers.ts';
import { addToCart, newDraft, openDraft } from './picking.ts';
import { newVisit, only, withVisit } from './visit.ts';

/**
 * Whether a code would be of any use now; to the staff: their card, a shelf's, the scanner's test. Not while a sheet asks something, nor while the terminal has the word; but while an
 * order is due, or its code is shown: a wallet's code that is held there pays it.
 */
export function wantsScanner(model: Model): boolean {
  if (model.visit?.sheet) return false;
  const screen = screenOf(model);
  switch (screen.kind) {
    case 'attract':
    case 'staff':
    case 'language':
    case 'home':
    case 'offers':
    case 'search':
    case 'cart':
      return true;
    case 'checkout':
      return !screen.placing;
    case 'pay':
      if (screen.ending !== 'no') return false;
      return screen.order.payment.kind === 'wallet' ? screen.order.payment.step === 'show' && !screen.order.payment.cancelRequested : screen.order.payment.kind === 'due' && !screen.starting;
    // Nothing is sold, and that is when staff come with their card.
    case 'paused':
    case 'out_of_service':
      return true;
    case 'result':
    case 'connecting':
      return false;
  }
}

/** A scanned code is a touch: the visit goes on. An offer goes into the cart, and begins a visit where nobody was there. */
export function stepScanned(model: Model, scanned: Scanned, fresh: Fresh): Step {
  const screen = screenOf(model);
  const { shopfront } = model;
  if (screen.kind === 'connecting' || screen.kind === 'out_of_service' || screen.kind === 'paused' || screen.kind === 'staff' || !shopfront) return only(model);
  const touched = withVisit(model, { endsAt: undefined, scans: (model.visit?.scans ?? 0) + 1 });
  // A sheet lies above everything else, and asks first.
  if (touched.visit?.sheet) return only(touched);
  const stage = touched.visit?.stage;
  const isOrdered = stage !== undefined && (hasOrder(stage) || (stage.kind === 'checkout' && stage.placing));
  switch (scanned.kind) {
    case 'offer': {
      const offer = findOffer(shopfront.catalogue, scanned.offerId);
      if (isOrdered) return only(touched);
      return offer ? take(touched, shopfront, offer, fresh) : notice(touched, 'unknown_product');
    }
    case 'unknown_product':
    case 'unknown_code':
      return isOrdered ? only(touched) : notice(touched, scanned.kind);
    case 'pickup_code':
    case 'staff_card':
      return notice(touched, scanned.kind);
    case 'payment_code':
      return paymentCode(touched, scanned.wallet);
  }
}

function take(model: Model, shopfront: Shopfront, offer: Offer, fresh: Fresh): Step {
  const visit: Visit = model.visit ?? newVisit(fresh.cartId, shopfront.defaultLanguage, { kind: 'home' });
  const line = newLine(offer, `line-${visit.linesMade}`, visit.cart);
  if (!canTake(model, offer) || mostOf(shopfront, visit.cart, offer, line.id) === 0) return notice(model, stockOf(shopfront, offer) === 0 ? 'sold_out' : 'no_more', { offer });
  if (!hasRoomFor(visit.cart, line)) return notice(model, 'cart_full', { offer });
  const here: Model = { ...model, visit, notice: undefined };
  if (!isPlain(offer)) {
    const at = visit.stage.kind === 'language' ? ({ kind: 'home' } as const) : visit.stage;
    return askNumber(openDraft(withVisit(here, { stage: at, linesMade: visit.linesMade + 1 }), newDraft(shopfront, visit, offer)), offer);
  }
  // Who is looking around stays there and sees it in the bar, as after a tap; everybody else sees the cart.
  const isBrowsing = model.visit !== undefined && (visit.stage.kind === 'home' || visit.stage.kind === 'offers' || visit.stage.kind === 'search');
  return only(withVisit(addToCart(here, visit, line), isBrowsing ? {} : { stage: { kind: 'cart' } }));
}

/** What a wallet's code does here: nothing is taken from it, and why is said. At an order that is to be paid core begins by itself, and the screen shows that. */
function paymentCode(model: Model, wallet: Wallet): Step {
  const stage = model.visit?.stage;
  const payment = stage?.kind === 'pay' ? stage.order.payment : undefined;
  const wallets = model.status?.wallets ?? [];
  // It may be the very code that is being charged, still held there: then "it was not used" is the wrong thing to say.
  if ((payment?.kind === 'wallet' && payment.mode === 'read') || (payment?.kind === 'unknown' && payment.tender !== 'card')) return only(model);
  if (wallets.length === 0) return notice(model, 'payment_code');
  // What is paid is paid, perhaps with this one.
  if (stage?.kind === 'result') return only(model);
  if (wallets.every(({ state }) => state === 'away')) return notice(model, 'payment_code_away');
  const state = wallets.find((way) => way.wallet === wallet)?.state;
  if (state !== 'ready') return notice(model, state === 'away' ? 'payment_code_of_away' : 'payment_code_of_none', { wallet });
  if (payment?.kind === 'running') return notice(model, 'payment_code_card');
  return payment ? only(model) : notice(model, 'payment_code_early');
}

function notice(model: Model, kind: ScanNoticeKind, { offer, wallet }: { readonly offer?: Offer; readonly wallet?: Wallet } = {}): Step {
  return only({ ...model, notice: { kind, offerId: offer?.id, ...(wallet ? { wallet } : {}), times: (model.notice?.times ?? 0) + 1 } });
}
