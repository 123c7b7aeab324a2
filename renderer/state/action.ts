import type { Cart, Dining } from '../../domain/cart/cart.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { Answer } from '../../domain/contract/kiosk.ts';
import type { FeedbackChip } from '../../domain/feedback/feedback.ts';
import type { CartId, OrderId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { Result } from '../../domain/result.ts';
import type { Refusal } from '../../domain/rules/refusal.ts';
import type { KioskEvent } from './kiosk-client.ts';
import type { Access, Desk, FeedbackDraft, Model, SpeechWish } from './model.ts';

/** What the customer did, by the thing they touched. */
export type CustomerAction =
  | { readonly kind: 'touched' }
  | { readonly kind: 'language_chosen'; readonly language: Language }
  | { readonly kind: 'access_changed'; readonly change: Partial<Access> }
  | { readonly kind: 'access_opened' }
  /** Begins a visit where nobody was there: whoever puts headphones in has come. */
  | { readonly kind: 'speech_switched'; readonly on: boolean }
  | { readonly kind: 'speech_tuned'; readonly change: Partial<Pick<SpeechWish, 'wordsPerMinute' | 'volume'>> }
  | { readonly kind: 'help_opened' }
  | { readonly kind: 'help_question_opened'; readonly questionId: string | undefined }
  | { readonly kind: 'help_called' }
  | { readonly kind: 'help_ended' }
  | { readonly kind: 'search_opened' }
  | { readonly kind: 'search_typed'; readonly query: string }
  | { readonly kind: 'home_opened' }
  | { readonly kind: 'category_opened'; readonly categoryId: string }
  | { readonly kind: 'offer_opened'; readonly offerId: string }
  | { readonly kind: 'offer_added'; readonly offerId: string }
  /** Into the cart and on to the review, by one tap. */
  | { readonly kind: 'offer_bought'; readonly offerId: string }
  | { readonly kind: 'line_opened'; readonly lineId: string }
  | { readonly kind: 'line_quantity_set'; readonly lineId: string; readonly quantity: number }
  | { readonly kind: 'choice_switched'; readonly groupId: string; readonly choiceId: string }
  | { readonly kind: 'quantity_set'; readonly quantity: number }
  /** One more, or one less, of a choice that repeats. */
  | { readonly kind: 'choice_counted'; readonly groupId: string; readonly choiceId: string; readonly count: number }
  | { readonly kind: 'field_typed'; readonly fieldId: string; readonly value: string }
  /** On to the next part of the draft where this one is whole; from the last one into the cart. */
  | { readonly kind: 'part_done' }
  /** To the part before; from the first one, the sheet closes. */
  | { readonly kind: 'part_back' }
  | { readonly kind: 'dining_chosen'; readonly dining: Dining }
  | { readonly kind: 'sheet_closed' }
  | { readonly kind: 'cart_opened' }
  | { readonly kind: 'checkout_opened' }
  | { readonly kind: 'back' }
  /** Without a way to pay, by card. */
  | { readonly kind: 'order_sent'; readonly tender?: Tender }
  | { readonly kind: 'refusal_mended'; readonly refusal: Refusal }
  /** Without a way to pay, by the one before. */
  | { readonly kind: 'pay_again'; readonly tender?: Tender }
  | { readonly kind: 'payment_cancelled' }
  | { readonly kind: 'order_changed' }
  | { readonly kind: 'order_given_up' }
  | { readonly kind: 'still_here' }
  /** With the star that was touched already. */
  | { readonly kind: 'feedback_opened'; readonly stars?: number }
  | { readonly kind: 'feedback_changed'; readonly change: Partial<FeedbackDraft> }
  | { readonly kind: 'feedback_given'; readonly stars: number; readonly chips: readonly FeedbackChip[]; readonly words: string }
  | { readonly kind: 'done' };

export type Action =
  | CustomerAction
  | { readonly kind: 'idle_warned'; readonly endsAt: number }
  | { readonly kind: 'idle_ended' }
  /** The minute has changed. */
  | { readonly kind: 'clock_ticked' }
  | { readonly kind: 'help_answered'; readonly result: Result<Answer<'callHelp'>, CodedError> }
  | { readonly kind: 'notice_over'; readonly times: number }
  /** The corner was held long enough. */
  | { readonly kind: 'staff_opened' }
  | { readonly kind: 'staff_closed' }
  | { readonly kind: 'desk_changed'; readonly change: Partial<Pick<Desk, 'language' | 'textSize'>> }
  | { readonly kind: 'connected' }
  | { readonly kind: 'opened'; readonly result: Result<Answer<'open'>, CodedError> }
  | { readonly kind: 'placed'; readonly cartId: CartId; readonly result: Result<Answer<'place'>, CodedError> }
  | { readonly kind: 'pay_answered'; readonly orderId: OrderId; readonly result: Result<Answer<'pay'>, CodedError> }
  | { readonly kind: 'number_answered'; readonly offerId: string; readonly number: string; readonly result: Result<Answer<'lookUpNumber'>, CodedError> }
  | { readonly kind: 'order_cancelled'; readonly orderId: OrderId; readonly result: Result<Answer<'cancelOrder'>, CodedError> }
  | { readonly kind: 'told'; readonly event: KioskEvent };

/** What core shall be asked, as data: the store asks, and dispatches the answer. */
export type Effect =
  | { readonly kind: 'open' }
  | { readonly kind: 'place'; readonly cart: Cart; readonly language: Language; readonly catalogueRevision: number; readonly shownTotal: Money }
  | { readonly kind: 'pay'; readonly orderId: OrderId; readonly tender: Tender }
  | { readonly kind: 'look_up_number'; readonly offerId: string; readonly number: string }
  | { readonly kind: 'cancel_payment'; readonly orderId: OrderId }
  | { readonly kind: 'cancel_order'; readonly orderId: OrderId }
  | { readonly kind: 'call_help'; readonly screen: string }
  | { readonly kind: 'end_help' }
  | { readonly kind: 'feedback'; readonly orderId: OrderId; readonly stars: number; readonly chips: readonly FeedbackChip[]; readonly words: string | undefined }
  | { readonly kind: 'leave' }
  /** Whoever of the staff is in, is out. */
  | { readonly kind: 'staff_leave' };

export interface Step {
  readonly model: Model;
  readonly effects: readonly Effect[];
}

/** What a pure step cannot make itself. */
export interface Fresh {
  readonly cartId: CartId;
  /** Epoch milliseconds UTC: for prices and hours. */
  readonly now: number;
  /** The page's monotonic clock: for what is counted down. */
  readonly monotonicMs: number;
}
