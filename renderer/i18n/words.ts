import type { Business } from '../../domain/catalogue/catalogue.ts';
import type { PaymentView, ReceiptView } from '../../domain/order/view.ts';
import type { TerminalMessage } from '../../domain/payment/card.ts';
import type { Suggestion } from '../../domain/rules/refusal.ts';
import type { ScanNoticeKind } from '../state/model.ts';
import type { DetailsWords } from './areas/details.ts';
import type { FinishWords } from './areas/finish.ts';
import type { FrameWords } from './areas/frame.ts';
import type { ShopWords } from './areas/shop.ts';
import type { SpokenWords } from './areas/spoken.ts';
import type { WalletWords } from './areas/wallet.ts';

type PerBusiness = Readonly<Record<Business, string>>;
/** How a card payment ended; what a wallet's did is said with its name. */
export type DueReason = Exclude<Extract<PaymentView, { kind: 'due' }>['last'], 'wallet_unavailable' | 'too_late'>;

export interface TitledText {
  readonly title: string;
  readonly text: string;
}

/** Every word of the customer's screen but the catalogue's. Both languages have this type, so neither can miss one. */
export interface Words extends BaseWords {
  readonly frame: FrameWords;
  readonly shop: ShopWords;
  readonly details: DetailsWords;
  readonly finish: FinishWords;
  readonly spoken: SpokenWords;
  readonly wallet: WalletWords;
}

export interface BaseWords {
  readonly language: { readonly title: string; readonly switchTo: string; readonly larger: string; readonly smaller: string };
  readonly common: {
    readonly back: string; readonly done: string; readonly free: string; readonly total: string;
    readonly each: (price: string) => string;
  };
  readonly starting: TitledText;
  readonly outOfService: TitledText;
  readonly paused: TitledText;
  readonly home: { readonly title: string; readonly business: PerBusiness; readonly motto: PerBusiness; readonly cardPaused: string; readonly leave: string };
  readonly offers: {
    readonly businesses: string; readonly categories: string; readonly soldOut: string; readonly left: (count: number) => string;
    readonly addOne: (name: string) => string; readonly inCart: (count: number) => string; readonly cartFull: (most: number) => string;
  };
  readonly offer: {
    readonly pickOne: string; readonly pickUpTo: (max: number) => string; readonly pickAtLeast: (min: number, max: number) => string; readonly pickExactly: (count: number) => string; readonly pickMissing: string; readonly moreBelow: string; readonly toTop: string;
    readonly quantity: string; readonly fewer: string; readonly more: string; readonly most: (count: number) => string;
    readonly phone: string; readonly phoneHint: string; readonly phoneMissing: string; readonly phoneInvalid: string; readonly phoneGood: string;
    readonly clear: string; readonly erase: string; readonly keypad: string;
    readonly add: (total: string) => string; readonly addFree: string; readonly keep: (total: string) => string; readonly keepFree: string;
  };
  readonly cart: {
    readonly title: string; readonly empty: string; readonly emptyText: string; readonly view: (count: number, total: string) => string; readonly count: (count: number) => string;
    readonly checkOut: string; readonly change: (name: string) => string; readonly remove: (name: string) => string;
    readonly fewer: (name: string) => string; readonly more: (name: string) => string; readonly added: (name: string, count: number) => string; readonly keepShopping: string;
  };
  readonly checkout: {
    readonly title: string; readonly taxIncluded: (percent: string, tax: string) => string; readonly noTax: string; readonly pay: (total: string) => string; readonly confirmFree: string;
    readonly placing: string; readonly trouble: string; readonly byCard: TitledText; readonly nothingToPay: TitledText; readonly paper: TitledText;
    readonly noPaper: TitledText; readonly cardUnavailable: TitledText; readonly cardHeld: TitledText; readonly paused: string;
    readonly priceChanged: (before: string, now: string) => string; readonly totalChanged: (before: string, now: string) => string;
  };
  readonly refusals: {
    readonly title: (count: number) => string; readonly something: string;
    readonly suggestion: { readonly [K in Suggestion['kind']]: (detail: string) => string };
  };
  /** What is said of a code that was scanned, where the screen does not show it. `name` is the offer's, or the wallet's. */
  readonly scan: Readonly<Record<ScanNoticeKind, (name: string) => string>>;
  readonly leave: { readonly title: string; readonly text: string; readonly stay: string; readonly go: string };
  readonly idle: { readonly title: string; readonly text: (seconds: number) => string; readonly stay: string; readonly go: string };
  readonly pay: {
    readonly amount: string; readonly title: Readonly<Record<TerminalMessage, string>>; readonly text: Readonly<Record<TerminalMessage, string>>;
    readonly place: Readonly<Record<'below' | 'right' | 'left', string>>; readonly patience: string; readonly longPatience: string; readonly onlyPatience: string;
    readonly cancel: string; readonly cancelling: string; readonly beingCancelled: TitledText;
    readonly due: Readonly<Record<DueReason, TitledText>>; readonly declinedOften: TitledText; readonly trouble: TitledText;
    readonly again: (total: string) => string; readonly otherCard: (total: string) => string; readonly change: string; readonly giveUp: string; readonly giving: string;
    readonly unknown: { readonly title: string; readonly text: string; readonly number: string; readonly scan: string; readonly leave: string };
  };
  readonly result: {
    readonly paid: string; readonly free: string; readonly refunded: string; readonly number: string; readonly orderNumber: string; readonly where: PerBusiness; readonly whereTitle: PerBusiness; readonly whereUnknown: string;
    readonly receipt: Readonly<Record<ReceiptView['kind'], string>>; readonly scan: string; readonly scanInstead: string; readonly qr: string;
  };
}
