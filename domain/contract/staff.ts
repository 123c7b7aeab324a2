import { z } from 'zod';
import { attentionKindSchema, attentionSchema, decisionSchema } from '../attention/attention.ts';
import { deviceStateSchema } from '../device/state.ts';
import { attentionIdSchema, orderIdSchema, refundIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { minorUnitsSchema, moneySchema } from '../money.ts';
import { orderStateSchema } from '../order/order.ts';
import { attemptStateSchema } from '../payment/attempt.ts';
import { refundStateSchema, refundWaySchema } from '../payment/refund.ts';
import { tenderSchema } from '../payment/tender.ts';
import { auditEntrySchema } from '../staff/audit.ts';
import type { StaffAct } from '../staff/role.ts';
import { staffActSchema, staffNumberSchema, staffRoleSchema } from '../staff/role.ts';
import { bestBeforeSchema, countReasonSchema, lotIdSchema, slotNameSchema, wasteReasonSchema } from '../stock/stock.ts';
import { epochMsSchema } from '../time.ts';
import { jobKindSchema, jobStateSchema, logLineSchema } from './hq.ts';

/**
 * What staff can ask of core, from the same page as customers. Core knows who is in, by the port: a call carries no credential, and each is held against
 * the role of whoever is in (`act`). Moves carry an id that the page makes, so that a call which is repeated counts once.
 */
const nothing = z.strictObject({});
const moveId = z.uuid();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const staffMemberSchema = z.strictObject({
  number: staffNumberSchema,
  name: z.string().max(60),
  role: staffRoleSchema,
  acts: z.array(staffActSchema),
  /** Without a touch for so long, they are out. */
  idleMs: z.int().min(1000),
});
export type StaffMember = z.infer<typeof staffMemberSchema>;

export const loginResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('in'), member: staffMemberSchema }),
  /** Never which of the three was wrong. `triesLeft` until the number is locked. */
  z.strictObject({ kind: z.literal('wrong'), triesLeft: z.int().min(0) }),
  z.strictObject({ kind: z.literal('locked'), forMs: z.int().min(0) }),
  /** HQ has sent no staff yet. */
  z.strictObject({ kind: z.literal('nobody_known') }),
]);

// ------------------------------------------------------------------ stock

export const lotViewSchema = z.strictObject({ lotId: lotIdSchema, bestBefore: bestBeforeSchema.optional(), count: z.int().min(0), expired: z.boolean() });
export const slotViewSchema = z.strictObject({
  slot: slotNameSchema,
  /** As people call it; missing where the planogram names none. */
  shelf: z.string().max(40).optional(),
  offerId: slugSchema,
  name: bilingualSchema,
  picture: z.unknown(),
  /** On the shelf, by the books, those that open orders have taken not among them. */
  count: z.int().min(0),
  /** So many more lie there that orders which are not paid yet have taken: whoever counts by hand counts them, too. */
  held: z.int().min(0).optional(),
  /** Of `count`, past their day: they are not sold. */
  expired: z.int().min(0),
  par: z.int().min(0),
  /** `unknownCapacity` (domain/stock/shelves.ts) where no planogram says it; nothing is put into a slot of 0, which only holds what belongs there no more. */
  capacity: z.int().min(0),
  /** Soonest first. */
  lots: z.array(lotViewSchema),
  /** A code on the shelf's edge, or the product's own. */
  codes: z.array(z.string()),
});
export type SlotView = z.infer<typeof slotViewSchema>;

/** What to bring: what the slots of an offer lack to their par, each for itself (`missingTo`), so it may be more than `par` less `has`; and what is past its day, to be taken out. */
export const bringItemSchema = z.strictObject({ offerId: slugSchema, name: bilingualSchema, picture: z.unknown(), has: z.int().min(0), par: z.int().min(0), bring: z.int().min(0), remove: z.int().min(0) });
export type BringItem = z.infer<typeof bringItemSchema>;

export const visitSchema = z.strictObject({
  visitId: z.uuid(),
  startedAt: epochMsSchema,
  /** Slots that have been filled, counted or cleared in it. */
  slotsDone: z.array(slotNameSchema),
  piecesIn: z.int().min(0), piecesOut: z.int().min(0), differences: z.int().min(0),
});
export type RestockVisit = z.infer<typeof visitSchema>;

export const shelvesSchema = z.strictObject({
  slots: z.array(slotViewSchema),
  bring: z.array(bringItemSchema),
  /** Begun and not ended: by this member, perhaps before a crash. */
  visit: visitSchema.optional(),
  today: bestBeforeSchema,
});
export type Shelves = z.infer<typeof shelvesSchema>;

/** What a move has come to; the slot as it is now. `reason_needed`: the count differs, nothing was written. */
export const moveResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), slot: slotViewSchema, visit: visitSchema }),
  z.strictObject({ kind: z.literal('reason_needed'), books: z.int().min(0), difference: z.int() }),
  z.strictObject({ kind: z.literal('too_many'), fits: z.int().min(0) }),
  z.strictObject({ kind: z.literal('too_few'), has: z.int().min(0) }),
  z.strictObject({ kind: z.literal('unknown_slot') }),
]);
export type MoveResult = z.infer<typeof moveResultSchema>;

// ------------------------------------------------------------------ logs

export const logLevels = ['info', 'warn', 'error'] as const;
export const logFilterSchema = z.strictObject({
  from: epochMsSchema.optional(), to: epochMsSchema.optional(),
  levels: z.array(z.enum(logLevels)).optional(),
  sources: z.array(z.string().max(40)).max(20).optional(),
  /** Error or device code. */
  code: z.string().max(60).optional(),
  /** What happened, by its short name: "payment.ended". */
  event: z.string().max(60).optional(),
  orderId: orderIdSchema.optional(),
  /** Full text, any language: every word must occur. */
  text: z.string().max(200).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;
export const logEntrySchema = logLineSchema.extend({
  /** Rises with each entry: the place in the log. */
  id: z.int().min(1),
  source: z.string().max(40),
  /** What happened, as a short name; the message where there is none. */
  event: z.string().max(60).optional(),
  orderId: orderIdSchema.optional(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const faultSchema = z.strictObject({
  code: z.string().max(60),
  source: z.string().max(40),
  since: epochMsSchema, lastAt: epochMsSchema, times: z.int().min(1),
  /** Still so, as far as the kiosk can tell. */
  open: z.boolean(),
  text: bilingualSchema, advice: bilingualSchema,
});
export type Fault = z.infer<typeof faultSchema>;

/** One thing that happened to an order, wherever it was written down. */
export const trailStepSchema = z.strictObject({
  at: epochMsSchema,
  kind: z.enum(['log', 'event', 'acknowledged', 'attempt', 'job', 'stock', 'attention']),
  title: z.string().max(200),
  detail: z.string().max(2000),
  level: z.enum(logLevels),
});
export type TrailStep = z.infer<typeof trailStepSchema>;

export const exportTargetSchema = z.strictObject({ id: z.string().max(200), kind: z.enum(['usb', 'folder']), label: z.string().max(200), freeBytes: z.int().min(0) });

// ------------------------------------------------------------------ orders and devices

export const staffOrderSchema = z.strictObject({
  orderId: orderIdSchema, number: z.string(), state: orderStateSchema, placedAt: epochMsSchema, total: moneySchema,
  items: z.array(z.strictObject({ name: bilingualSchema, quantity: z.int() })),
  payment: attemptStateSchema.optional(),
  /** How it was paid, or tried last. */
  tender: tenderSchema.optional(),
  receipt: jobStateSchema.optional(),
  needsPerson: z.boolean(),
});
export type StaffOrder = z.infer<typeof staffOrderSchema>;
export const staffOrderFullSchema = staffOrderSchema.extend({
  /** `card`: what finds it in the terminal's journal, or of a wallet the gateway's own number of it. */
  attempts: z.array(z.strictObject({ attemptId: z.string(), tender: tenderSchema, state: attemptStateSchema, amount: moneySchema, startedAt: epochMsSchema, card: z.string().max(200), resultCode: z.string().optional() })),
  /** Parts of the money that go back or have gone, oldest first. */
  refunds: z.array(z.strictObject({ refundId: refundIdSchema, amount: moneySchema, way: refundWaySchema, state: refundStateSchema, reason: z.string().max(200), by: z.string().max(80).optional(), detail: z.string().max(500).optional() })),
  jobs: z.array(z.strictObject({ kind: jobKindSchema, state: jobStateSchema, createdAt: epochMsSchema })),
  attention: z.array(attentionSchema),
  /** Missing where it can be sent back; else why not. */
  refundBlocked: z.enum(['not_paid', 'free', 'refunded', 'unsettled', 'day_closed', 'terminal_away', 'part_given_back']).optional(),
  /**
   * A part of it can be given back: at most so much, and how. `tender`: to the customer's wallet, through HQ; `by_hand`: card terminals give back whole purchases
   * only, so whoever is in gives the money, and says so. Missing where no part can be given back now.
   */
  part: z.strictObject({ way: refundWaySchema, atMost: moneySchema }).optional(),
});
export type StaffOrderFull = z.infer<typeof staffOrderFullSchema>;

const tallySchema = z.strictObject({ count: z.int().min(0), amount: minorUnitsSchema });
export const dayReportSchema = z.strictObject({
  number: z.int().min(1), from: epochMsSchema, to: epochMsSchema,
  orders: tallySchema, freeOrders: z.int().min(0), refunded: tallySchema,
  cardsOurs: tallySchema, cardsTerminal: tallySchema.optional(), unsettled: z.int().min(0),
  /** Terminal's total less ours, in minor units; missing where it gave none. */
  difference: z.int().optional(),
});
export type DayReport = z.infer<typeof dayReportSchema>;

const devicesViewSchema = z.strictObject({
  devices: z.array(deviceStateSchema),
  paper: z.strictObject({ usedMm: z.int(), leftMm: z.int().optional(), receiptsLeft: z.int().optional() }),
  waitingPrints: z.int(),
  hq: z.strictObject({ online: z.boolean(), waiting: z.int(), skewMs: z.int().optional(), fingerprint: z.string().max(100).optional() }).optional(),
  app: z.string().max(40), kioskId: z.string(), freeBytes: z.int().min(0).optional(),
  paused: z.boolean(),
});
export type DevicesView = z.infer<typeof devicesViewSchema>;

/** What stands behind the ids of an entry of the audit, as people know it: no part of the entry, and missing where the kiosk knows no better. */
const auditNamesSchema = z.strictObject({
  /** Whose number it is. */
  staff: z.string().max(60).optional(),
  /** Its number, also of what is on the staff's list about it. */
  order: z.string().optional(),
  attention: attentionKindSchema.optional(),
  offer: bilingualSchema.optional(),
  /** Where the offer lay, without its id. */
  slot: slotNameSchema.optional(),
  lot: z.strictObject({ bestBefore: bestBeforeSchema.optional() }).optional(),
  medium: z.string().max(200).optional(),
});
export type AuditNames = z.infer<typeof auditNamesSchema>;
export const namedAuditEntrySchema = auditEntrySchema.extend({ names: auditNamesSchema });
export type NamedAuditEntry = z.infer<typeof namedAuditEntrySchema>;

interface StaffRequest {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Missing: before anybody is in, or for whoever is. */
  readonly act?: StaffAct;
  /** It changes or gives away something, so it stands in the audit. */
  readonly audited?: true;
}

export const staffRequests = {
  /** Without a number: of the card that was scanned last. `code` is six digits, or a recovery code. */
  'staff.login': { params: z.strictObject({ number: staffNumberSchema.optional(), pin: z.string().min(1).max(20), code: z.string().min(1).max(40) }), result: loginResultSchema, audited: true },
  'staff.logout': { params: nothing, result: nothing, audited: true },
  /** Somebody is still there. */
  'staff.touch': { params: nothing, result: nothing },

  'stock.shelves': { params: nothing, result: shelvesSchema, act: 'stock.see' },
  /** What a code on a shelf or a product names: its slots. */
  'stock.bring_print': { params: z.strictObject({ language: languageSchema }), result: z.strictObject({ state: jobStateSchema }), act: 'stock.see', audited: true },
  /** Pieces put in. */
  'stock.fill': { params: z.strictObject({ moveId, slot: slotNameSchema, quantity: z.int().min(1).max(100_000), bestBefore: bestBeforeSchema.optional() }), result: moveResultSchema, act: 'stock.move', audited: true },
  /** What lies there, counted by hand: of one lot, or of the whole slot. With `reason_needed`, the same again with a reason and the same id. */
  'stock.count': { params: z.strictObject({ moveId, slot: slotNameSchema, lotId: lotIdSchema.optional(), counted: z.int().min(0).max(100_000), reason: countReasonSchema.optional() }), result: moveResultSchema, act: 'stock.move', audited: true },
  'stock.waste': { params: z.strictObject({ moveId, slot: slotNameSchema, lotId: lotIdSchema.optional(), quantity: z.int().min(1).max(100_000), reason: wasteReasonSchema, note: z.string().max(120).optional() }), result: moveResultSchema, act: 'stock.move', audited: true },
  /** Ends the visit that is open; `printed`: what is still to bring, on paper. */
  'stock.finish': { params: z.strictObject({ print: z.boolean(), language: languageSchema }), result: z.strictObject({ visit: visitSchema.optional() }), act: 'stock.move', audited: true },

  /** Newest first. `next`: where to ask on (`before`); also with few or no entries, where looking on would have taken too long for one answer. */
  'logs.find': { params: z.strictObject({ filter: logFilterSchema, before: z.int().min(1).optional(), limit: z.int().min(1).max(500) }), result: z.strictObject({ entries: z.array(logEntrySchema), more: z.boolean(), next: z.int().min(1).optional(), sources: z.array(z.string()), newest: z.int().min(0), tookMs: z.number() }), act: 'logs.see' },
  /** What has come since: asked again each second while the viewer follows. */
  'logs.since': { params: z.strictObject({ filter: logFilterSchema, after: z.int().min(0), limit: z.int().min(1).max(500) }), result: z.strictObject({ entries: z.array(logEntrySchema), newest: z.int().min(0) }), act: 'logs.see' },
  'logs.faults': { params: nothing, result: z.strictObject({ faults: z.array(faultSchema) }), act: 'logs.see' },
  'logs.trail': { params: z.strictObject({ orderId: orderIdSchema }), result: z.strictObject({ number: z.string().optional(), steps: z.array(trailStepSchema) }), act: 'logs.see' },
  'logs.targets': { params: nothing, result: z.strictObject({ targets: z.array(exportTargetSchema) }), act: 'logs.export' },
  'logs.export': { params: z.strictObject({ filter: logFilterSchema, targetId: z.string().max(200) }), result: z.strictObject({ file: z.string(), entries: z.int(), bytes: z.int(), sha256 }), act: 'logs.export', audited: true },

  'devices.see': { params: nothing, result: devicesViewSchema, act: 'devices.see' },
  'devices.new_roll': { params: nothing, result: nothing, act: 'devices.paper', audited: true },
  'devices.recover_printer': { params: nothing, result: z.strictObject({ printer: z.string() }), act: 'devices.paper', audited: true },
  'devices.test_print': { params: z.strictObject({ language: languageSchema }), result: z.strictObject({ state: jobStateSchema }), act: 'devices.test', audited: true },
  'devices.diagnose_terminal': { params: nothing, result: z.strictObject({ slips: z.int(), clock: z.string().max(40).optional() }), act: 'devices.test', audited: true },
  /** Closes the line to a device and opens it anew. */
  'devices.reconnect': { params: z.strictObject({ name: z.string().max(60) }), result: nothing, act: 'devices.test', audited: true },
  /** For one minute, what the scanner reads comes as `staff_scan` events instead of meaning anything. */
  'devices.scan_test': { params: z.strictObject({ on: z.boolean() }), result: nothing, act: 'devices.test' },
  /** The terminal's end of day, its totals against ours, and the Z report: stored, told to HQ, printed. */
  'day.close': { params: z.strictObject({ language: languageSchema }), result: z.strictObject({ report: dayReportSchema, printed: jobStateSchema }), act: 'day.close', audited: true },
  'day.reports': { params: nothing, result: z.strictObject({ reports: z.array(dayReportSchema) }), act: 'day.close' },
  'day.reprint': { params: z.strictObject({ number: z.int().min(1), language: languageSchema }), result: z.strictObject({ state: jobStateSchema }), act: 'day.close', audited: true },

  /** Newest first. `text`: number, or the end of its id, or of a wallet's transaction. */
  'orders.find': { params: z.strictObject({ text: z.string().max(60).optional(), day: bestBeforeSchema.optional(), needsPerson: z.boolean().optional(), before: orderIdSchema.optional(), limit: z.int().min(1).max(100) }), result: z.strictObject({ orders: z.array(staffOrderSchema), more: z.boolean() }), act: 'orders.see' },
  'orders.see': { params: z.strictObject({ orderId: orderIdSchema }), result: staffOrderFullSchema, act: 'orders.see' },
  'orders.reprint': { params: z.strictObject({ orderId: orderIdSchema }), result: z.strictObject({ printerReady: z.boolean() }), act: 'orders.reprint', audited: true },
  /**
   * The way it was paid, once however often it is asked for: the whole order (all that has not gone back yet), or a `part` of it, in minor units, by an id that the page
   * makes. What became of it comes by `orders.see`.
   */
  'orders.refund': { params: z.strictObject({ orderId: orderIdSchema, reason: z.string().trim().min(1).max(200), part: z.strictObject({ refundId: refundIdSchema, amount: minorUnitsSchema.min(1) }).optional() }), result: z.strictObject({ state: orderStateSchema }), act: 'orders.refund', audited: true },
  'attention.list': { params: nothing, result: z.strictObject({ items: z.array(attentionSchema) }), act: 'orders.see' },
  'attention.decide': { params: z.strictObject({ id: attentionIdSchema, decision: decisionSchema }), result: nothing, act: 'attention.decide', audited: true },

  'kiosk.pause': { params: z.strictObject({ notice: bilingualSchema.optional() }), result: nothing, act: 'kiosk.pause', audited: true },
  'kiosk.resume': { params: nothing, result: nothing, act: 'kiosk.pause', audited: true },
  'kiosk.restart': { params: nothing, result: nothing, act: 'kiosk.restart', audited: true },
  /** Newest first. */
  'audit.see': { params: z.strictObject({ before: z.int().min(1).optional(), limit: z.int().min(1).max(200) }), result: z.strictObject({ entries: z.array(namedAuditEntrySchema), whole: z.boolean() }), act: 'audit.see' },
} as const satisfies Record<string, StaffRequest>;

export type StaffMethod = keyof typeof staffRequests;
export const staffMethods = Object.keys(staffRequests) as StaffMethod[];
export function staffRequestOf(method: StaffMethod): StaffRequest {
  return staffRequests[method];
}

export const staffEvents = {
  /** A staff card was scanned: the page asks for PIN and code. Which card, core keeps to itself. */
  staff_card: nothing,
  /** Whoever was in is out, and why. */
  staff_out: z.strictObject({ reason: z.enum(['idle', 'asked', 'revoked', 'lost']) }),
  /** The scanner test: what kind it is and how long, its ends shown and the middle never. */
  staff_scan: z.strictObject({ kind: z.string().max(40), length: z.int(), shown: z.string().max(60) }),
  /** The slot's or the product's code was scanned while stock is shown. */
  staff_slot: z.strictObject({ slots: z.array(slotNameSchema) }),
} as const;
