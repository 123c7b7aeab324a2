import { z } from 'zod';
import { cartSchema } from '../cart/cart.ts';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import { windowSchema } from '../catalogue/window.ts';
import { feedbackChips } from '../feedback/feedback.ts';
import { orderIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { minorUnitsSchema, moneySchema } from '../money.ts';
import { orderViewSchema } from '../order/view.ts';
import { tenderSchema, walletSchema } from '../payment/tender.ts';
import { refusalSchema } from '../rules/refusal.ts';
import { maxCodeLength } from '../scan/scanned-code.ts';
import { epochMsSchema } from '../time.ts';
import { assistiveKeysSchema, brandSchema, diningConfigSchema, screenSchema } from './config.ts';
import { numberViewSchema } from './number.ts';
import type { ErrorCode } from './errors.ts';
import { errorRegistry } from './errors.ts';
import { staffEvents, staffRequests } from './staff.ts';

/**
 * The border between the page and core: every request with its parameters and answer, every event. Both sides check
 * what they receive. Errors are values (Electron keeps only the message of a thrown one).
 */
export const errorCodeSchema = z.enum(Object.keys(errorRegistry) as [ErrorCode, ...ErrorCode[]]);
export const codedErrorSchema = z.strictObject({ code: errorCodeSchema, detail: z.string().max(2000) });

const nothing = z.strictObject({});

/** What the whole screen depends on. `reason` is for staff and log, never shown to a customer. */
export const kioskStatusSchema = z.strictObject({
  service: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('starting') }),
    z.strictObject({ kind: z.literal('in_service') }),
    /** HQ has said so: whoever is there finishes, nobody new begins. */
    z.strictObject({ kind: z.literal('paused'), notice: bilingualSchema.optional() }),
    z.strictObject({ kind: z.literal('out_of_service'), reason: codedErrorSchema }),
  ]),
  /** Card payments: possible, for the moment not, or held until an earlier payment is settled. */
  card: z.enum(['ready', 'unavailable', 'held']),
  /** The wallets that HQ takes for this kiosk, each possible, or not for the moment (HQ is away, or its gateway). Empty where there are none, or none is known yet. */
  wallets: z.array(z.strictObject({ wallet: walletSchema, state: z.enum(['ready', 'away']) })).max(5),
  /** Paper receipts: possible, running out soon, or for the moment not (the code on the screen is the receipt). */
  paper: z.enum(['ready', 'low', 'unavailable']),
  /** Whether HQ answers: what is credited elsewhere waits for it. */
  hq: z.enum(['ready', 'away']),
  /** Whether the kiosk can speak. */
  speech: z.enum(['ready', 'missing']),
});
export type KioskStatus = z.infer<typeof kioskStatusSchema>;

/** The brand as the page shows it: pictures as data, since the page reaches no file but its own. */
export const shownBrandSchema = brandSchema.omit({ logoFile: true }).extend({ logo: z.string().startsWith('data:image/').max(700_000).optional() });

/** A call for a person, as far as the customer needs to know. */
export const helpViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** HQ is being told, or has been told and nobody has answered yet. */
  z.strictObject({ kind: z.literal('calling') }),
  /** Somebody at HQ has seen it, and comes or calls. */
  z.strictObject({ kind: z.literal('answered'), words: bilingualSchema.optional() }),
  /** It reaches nobody: not on duty, or HQ is away. The phone number is the way. */
  z.strictObject({ kind: z.literal('nobody'), reason: z.enum(['off_duty', 'unreachable']) }),
]);
export type HelpView = z.infer<typeof helpViewSchema>;

/** What a page needs to begin: everything that it shows before a customer touches it. */
export const shopfrontSchema = z.strictObject({
  shopName: bilingualSchema,
  defaultLanguage: languageSchema,
  timeZone: z.string(),
  catalogue: catalogueSchema,
  /** Pieces left by offer id, for offers that are counted, and 0 for any that is not to be sold now. */
  available: z.record(z.string(), z.int()),
  /** Epoch milliseconds until which an offer rests, by its id. */
  snoozed: z.record(z.string(), epochMsSchema),
  maxOrderTotal: minorUnitsSchema,
  times: z.strictObject({ idleWarningMs: z.int(), idleEndMs: z.int(), resultMs: z.int() }),
  brand: shownBrandSchema,
  screen: screenSchema,
  help: z.strictObject({ phone: z.string().max(40), onDuty: z.array(windowSchema).max(14) }),
  dining: diningConfigSchema,
  assistiveKeys: assistiveKeysSchema,
});
export type Shopfront = z.infer<typeof shopfrontSchema>;

export const openedSchema = z.strictObject({
  status: kioskStatusSchema,
  /** Missing while the kiosk is out of service. */
  shopfront: shopfrontSchema.optional(),
  /** The order that was asked for, or one whose payment is under way although its page was lost: its customer still stands there. */
  order: orderViewSchema.optional(),
});

export const placedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('placed'), order: orderViewSchema }),
  /** What to change, as a value; with the stock as it is now. */
  z.strictObject({ kind: z.literal('refused'), refusals: z.array(refusalSchema).min(1), available: z.record(z.string(), z.int()) }),
]);

export const requests = {
  /**
   * First call of a page, and again after core was restarted; `watching` is the order on its screen then. Whatever else
   * was left unpaid and is not being paid is cancelled.
   */
  open: { params: z.strictObject({ watching: orderIdSchema.optional() }), result: openedSchema },
  /** Places the cart as an order. The same cart again answers the same order. */
  place: { params: z.strictObject({ cart: cartSchema, language: languageSchema, catalogueRevision: z.int(), shownTotal: moneySchema }), result: placedSchema },
  /**
   * Starts a payment: at the card terminal, or with a wallet by a code that the kiosk shows. While one runs for this order, it answers that one: two taps make one
   * charge. A wallet's code that the customer holds before the scanner, while an order is to be paid, does the same by itself.
   */
  pay: { params: z.strictObject({ orderId: orderIdSchema, tender: tenderSchema.default('card') }), result: orderViewSchema },
  /** Asks the terminal, or HQ, to stop. The outcome comes as an `order` event: an approval may have been quicker. */
  cancelPayment: { params: z.strictObject({ orderId: orderIdSchema }), result: orderViewSchema },
  /** Gives an unpaid order up; its stock is free again. */
  cancelOrder: { params: z.strictObject({ orderId: orderIdSchema }), result: orderViewSchema },
  /** The customer is done with it, or has left: no more `order` events for it. */
  leave: { params: nothing, result: nothing },
  /** The page can use a code now, or not: the scanner is lit only while it can. Not wanted, until a page says so. */
  wantScanner: { params: z.strictObject({ wanted: z.boolean() }), result: nothing },
  /** A scanner that types like a keyboard has typed this. What it means comes as a `scanned` event, as from any scanner. */
  scan: { params: z.strictObject({ text: z.string().min(1).max(maxCodeLength) }), result: nothing },
  /** Somebody is there, or not any more: what HQ has sent is applied between two customers. Nobody is, until a page says so. */
  visit: { params: z.strictObject({ active: z.boolean() }), result: nothing },
  /** Whose number it is, before it is paid for. Asked of the carrier through HQ; nothing is kept of it. `away` within 6 s where nobody answers: it is no reason not to sell. */
  lookUpNumber: { params: z.strictObject({ offerId: slugSchema, number: z.string().max(40) }), result: numberViewSchema },
  /** Calls a person to the kiosk; `screen` is where the customer stood. While a call is open, it answers that one. */
  callHelp: { params: z.strictObject({ screen: z.string().max(40) }), result: helpViewSchema },
  /** The customer does not need anybody any more, or has left. */
  endHelp: { params: nothing, result: helpViewSchema },
  /** Once for an order; a second one is let go. `words` are the customer's own, kept as personal data. */
  feedback: {
    params: z.strictObject({ orderId: orderIdSchema, stars: z.int().min(1).max(5), chips: z.array(z.enum(feedbackChips)).max(feedbackChips.length), words: z.string().max(300).optional() }),
    result: nothing,
  },
  /** Text to speech, for a customer who does not see the screen; comes as a `speech` event with this id. A newer one takes the place of an older that is not done. */
  speak: { params: z.strictObject({ id: z.int().min(0), text: z.string().min(1).max(1000), language: languageSchema, wordsPerMinute: z.int().min(80).max(450) }), result: nothing },
  /** A fault of the page itself, for the log. */
  report: { params: z.strictObject({ message: z.string().max(2000) }), result: nothing },
  ...staffRequests,
} as const;

export type Method = keyof typeof requests;
export type Params<M extends Method> = z.input<(typeof requests)[M]['params']>;
export type Answer<M extends Method> = z.output<(typeof requests)[M]['result']>;

/** What a code that was scanned means to the page. The code itself never crosses this border towards the page. */
export const scannedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offer'), offerId: slugSchema }),
  /** Without more than their kind: a product that is not sold here, a receipt's code, a staff card, anything else. */
  z.strictObject({ kind: z.enum(['unknown_product', 'pickup_code', 'staff_card', 'unknown_code']) }),
  /** A wallet's: whose it is, so that its holder hears whether that one can be paid with. */
  z.strictObject({ kind: z.literal('payment_code'), wallet: walletSchema }),
]);
export type Scanned = z.infer<typeof scannedSchema>;

export const events = {
  status: kioskStatusSchema,
  /** The catalogue or the texts have changed. */
  shopfront: shopfrontSchema,
  /** Only the stock has: with each order, and a large catalogue takes a fifth of a second to read again. */
  stock: shopfrontSchema.pick({ available: true, snoozed: true }),
  /** The order on this page's screen has changed. */
  order: orderViewSchema,
  scanned: scannedSchema,
  help: helpViewSchema,
  /** A WAVE file as base64; missing where it could not be spoken. */
  speech: z.strictObject({ id: z.int().min(0), wave: z.string().max(16_000_000).optional() }),
  ...staffEvents,
} as const;
export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>;

/** The envelope of a request; `params` is checked by the method's own schema. */
export const requestEnvelopeSchema = z.strictObject({ kind: z.literal('request'), id: z.int().min(0), method: z.string().max(60), params: z.unknown() });

/** What core sends: the answer to a request, or an event. */
export const fromCoreSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('response'),
    id: z.int(),
    result: z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), value: z.unknown() }),
      z.strictObject({ ok: z.literal(false), error: codedErrorSchema }),
    ]),
  }),
  z.strictObject({ kind: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);
export type FromCore = z.infer<typeof fromCoreSchema>;
