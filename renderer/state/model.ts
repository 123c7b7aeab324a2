import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { Fulfilment } from '../../domain/catalogue/offer.ts';
import type { HelpView, KioskStatus, Shopfront } from '../../domain/contract/kiosk.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import type { Moment } from '../../domain/time.ts';
import type { FeedbackChip } from '../../domain/feedback/feedback.ts';
import type { Bilingual, Language } from '../../domain/language.ts';
import type { OrderView } from '../../domain/order/view.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { Refusal } from '../../domain/rules/refusal.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';

/** Everything the page knows. What belongs to a customer stands in `visit` alone, so that dropping it forgets them. */
export interface Model {
  readonly core: 'connecting' | 'open';
  readonly status: KioskStatus | undefined;
  readonly shopfront: Shopfront | undefined;
  readonly visit: Visit | undefined;
  /** The minute that prices and opening hours go by. */
  readonly moment: Moment | undefined;
  /** A call for a person, as core tells it. */
  readonly help: HelpView;
  /** What is to be said of the last code that was scanned; nothing where the screen itself shows what it did. */
  readonly notice: ScanNotice | undefined;
  /** The staff's part of the page is open, and no visit exists. Who is in and what they see is not in this model. */
  readonly desk: Desk | undefined;
}

/** How the staff's part is shown. */
export interface Desk {
  readonly language: Language;
  readonly textSize: TextSize;
  /** How many staff cards were scanned since it was opened: the newest takes the place of a number. */
  readonly cards: number;
}

export const noModel: Model = { core: 'connecting', status: undefined, shopfront: undefined, visit: undefined, moment: undefined, help: { kind: 'none' }, notice: undefined, desk: undefined };

export const scanNoticeKinds = ['sold_out', 'no_more', 'cart_full', 'unknown_product', 'unknown_code', 'pickup_code', 'staff_card', 'payment_code', 'payment_code_away', 'payment_code_early', 'payment_code_card', 'payment_code_of_away', 'payment_code_of_none'] as const;
export type ScanNoticeKind = (typeof scanNoticeKinds)[number];

export interface ScanNotice {
  readonly kind: ScanNoticeKind;
  readonly offerId: string | undefined;
  /** Whose code it was, where that is said. */
  readonly wallet?: Wallet;
  /** Tells two equal ones apart. */
  readonly times: number;
}

export const textSizes = ['normal', 'large', 'largest'] as const;
export type TextSize = (typeof textSizes)[number];

/** How this customer wants to see and reach the screen. */
export interface Access {
  readonly textSize: TextSize;
  readonly contrast: 'normal' | 'high';
  /** Every control of every screen stands below 1220 mm. */
  readonly reach: boolean;
  /** Nothing moves. */
  readonly calm: boolean;
}

/** How this customer hears the screen; off until headphones are put in or a key asks for it. */
export interface SpeechWish {
  readonly on: boolean;
  readonly wordsPerMinute: number;
  /** 1 to 10. */
  readonly volume: number;
}

/** How what was ordered comes to its customer: at the hatch, to their door, from the carrier, from the kitchen. */
export const handovers = ['goods', 'delivery', 'telecom', 'food'] as const satisfies readonly Fulfilment['kind'][];
export type Handover = (typeof handovers)[number];

/** What prices were reckoned from. */
export interface Seen {
  readonly catalogue: Catalogue;
  readonly moment: Moment;
}

/** One customer, from the first touch until they are done, give up or walk away. */
export interface Visit {
  readonly language: Language;
  readonly access: Access;
  readonly speech: SpeechWish;
  readonly cart: Cart;
  /** The prices as the customer last saw them, where the cart has changed its price or lost an offer since. */
  readonly before: Seen | undefined;
  /** The cart as it was sent last, where no answer came: the same again is the same order, another one has to have another id. */
  readonly unanswered: Cart | undefined;
  /** Makes line ids; never falls. */
  readonly linesMade: number;
  readonly stage: Stage;
  /** What was typed into the search, kept while the visit lasts. */
  readonly query: string;
  /** Where "back" from cart and checkout leads. */
  readonly browsing: Browsing;
  readonly sheet: Sheet | undefined;
  /** How often this customer has asked for more time. */
  readonly moreTimes: number;
  /** When the visit ends by itself, on the page's monotonic clock; set while the customer is asked whether they are still there. */
  readonly endsAt: number | undefined;
  /** The last thing worth saying to someone who does not see it; `times` tells two equal ones apart. */
  readonly said: { readonly offerId: string; readonly times: number } | undefined;
  /** How many codes were scanned: each is a sign of life like a touch. */
  readonly scans: number;
  /** What the carrier says of the numbers that were typed, by `numberKey`. */
  readonly numbers: Readonly<Record<string, NumberView | 'asking'>>;
  /** What was entered for an offer before its customer went back from its first page, by the offer's id: it is there when they open it again. */
  readonly kept: Readonly<Record<string, CartLine>>;
}

export type Browsing = { readonly kind: 'home' } | { readonly kind: 'offers'; readonly categoryId: string } | { readonly kind: 'search' };

export type Stage =
  | { readonly kind: 'language' }
  | Browsing
  | { readonly kind: 'cart' }
  /** `tender`: how its customer wants to pay, once they have sent it. */
  | { readonly kind: 'checkout'; readonly placing: boolean; readonly trouble: boolean; readonly tender?: Tender }
  | PayStage
  | ResultStage;

export interface PayStage {
  readonly kind: 'pay';
  readonly order: OrderView;
  readonly pickup: readonly Handover[];
  /** How it is being paid, or was tried last. */
  readonly tender: Tender;
  /** When core told this of the order, on the page's monotonic clock: a countdown runs from there. */
  readonly toldAt: number;
  /** A "pay" is under way. */
  readonly starting: boolean;
  /** A "cancel order" is under way, and what comes after it; `once_stopped`: nobody is there, and it follows when the terminal has stopped. */
  readonly ending: 'no' | 'to_change' | 'to_leave' | 'once_stopped';
  /** A request failed for another reason than the card. */
  readonly trouble: boolean;
  /** How often a card was declined for this order, as far as this page saw it. */
  readonly declines: number;
}

export interface ResultStage {
  readonly kind: 'result';
  readonly order: OrderView;
  /** Where the order's lines are handed over. */
  readonly pickup: readonly Handover[];
  /** How it was paid, where this page knows: also while the money goes back. */
  readonly tender: Tender | undefined;
  readonly feedback: 'open' | 'given';
}

export type Sheet =
  | { readonly kind: 'offer'; readonly draft: Draft }
  | { readonly kind: 'refusals'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'leave' }
  /** What to do here, what people ask, and a person. `questionId`: the one that is open. Closing it brings back the sheet that it lay over. */
  | { readonly kind: 'help'; readonly questionId: string | undefined; readonly under: Sheet | undefined }
  /** Text size, contrast, reach, motion, speech. */
  | { readonly kind: 'access'; readonly under: Sheet | undefined }
  /** Stars, chips, words about the order on the screen. */
  | { readonly kind: 'feedback'; readonly draft: FeedbackDraft };

/** What is being said of the order; kept here, so that help over it loses nothing. */
export interface FeedbackDraft {
  readonly stars: number | undefined;
  readonly chips: readonly FeedbackChip[];
  readonly words: string;
}

/** A line on its way into the cart, or one of the cart that is being changed. */
export interface Draft {
  readonly line: CartLine;
  readonly changing: boolean;
  /** Which of `partsOf(offer, line)` is on the screen, from 0. */
  readonly part: number;
  /** The customer tried to add it: from now on what is missing is named. */
  readonly tried: boolean;
}

/** The one thing on the screen. */
export type Screen =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'out_of_service' }
  /** `notice` is HQ's, in place of nothing: why, or until when. */
  | { readonly kind: 'paused'; readonly notice: Bilingual | undefined }
  | { readonly kind: 'attract' }
  | { readonly kind: 'staff' }
  | Stage;

/**
 * An order under way stays on the screen whatever happens to the kiosk: its customer still stands there. A pause lets whoever has begun finish,
 * from the first touch on.
 */
export function screenOf({ core, status, shopfront, visit, desk }: Model): Screen {
  if (visit && hasOrder(visit.stage)) return visit.stage;
  // Also out of service: that is when they are needed.
  if (desk) return { kind: 'staff' };
  if (core === 'connecting' || !status || status.service.kind === 'starting') return { kind: 'connecting' };
  if (status.service.kind === 'out_of_service' || !shopfront) return { kind: 'out_of_service' };
  if (visit) return visit.stage;
  return status.service.kind === 'paused' ? { kind: 'paused', notice: status.service.notice } : { kind: 'attract' };
}

export function hasOrder(stage: Stage): stage is PayStage | ResultStage {
  return stage.kind === 'pay' || stage.kind === 'result';
}
