import { z } from 'zod';
import { attentionKindSchema, attentionSchema, decisionSchema } from '../attention/attention.ts';
import { feedbackChips } from '../feedback/feedback.ts';
import { attemptIdSchema, attentionIdSchema, eventIdSchema, jobIdSchema, kioskIdSchema, orderIdSchema, refundIdSchema, slugSchema } from '../ids.ts';
import { minorUnitsSchema, moneySchema } from '../money.ts';
import { deviceStateSchema } from '../device/state.ts';
import { orderSchema, orderStateSchema } from '../order/order.ts';
import { attemptStateSchema } from '../payment/attempt.ts';
import { cardDetailsSchema } from '../payment/card.ts';
import { refundReasonSchema, refundStateSchema, refundWaySchema } from '../payment/refund.ts';
import { tenderSchema, walletDetailsSchema, walletModeSchema } from '../payment/tender.ts';
import { shopSchema } from '../receipt/shop.ts';
import { auditEntrySchema } from '../staff/audit.ts';
import { staffNumberSchema } from '../staff/role.ts';
import { bestBeforeSchema, countReasonSchema, lotIdSchema, moveReasonSchema, slotNameSchema, wasteReasonSchema } from '../stock/stock.ts';
import { epochMsSchema } from '../time.ts';

/** The border between a kiosk and HQ. */
export const jobStates = ['queued', 'doing', 'done', 'failed', 'uncertain', 'lapsed'] as const;
export const jobStateSchema = z.enum(jobStates);
export const jobKinds = ['print_receipt', 'print_copy', 'print_kitchen', 'print_staff_slip', 'request_service'] as const;
export const jobKindSchema = z.enum(jobKinds);
export type JobState = z.infer<typeof jobStateSchema>;
export type JobKind = z.infer<typeof jobKindSchema>;

export const lanes = ['orders', 'stock', 'logs'] as const;
export const laneSchema = z.enum(lanes);
/** Each its own chain and queue: a flood of one never delays another. Audit (closings, commands, recovery, keys) goes with the orders. */
export type Lane = z.infer<typeof laneSchema>;

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const logLineSchema = z.strictObject({
  at: epochMsSchema,
  level: z.enum(['info', 'warn', 'error']),
  message: z.string().max(2000),
  code: z.string().max(60).optional(),
  fields: z.record(z.string().max(60), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])).optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

const slugLikeSchema = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,59}$/);

/** What an event says, by kind, in its newest version. A receipt needs the shop as it was, so the order carries it. */
export const eventPayloads = {
  'order.placed': z.strictObject({
    order: orderSchema,
    shop: shopSchema,
    receiptUrl: z.url(),
  }),
  'order.state': z.strictObject({ orderId: orderIdSchema, from: orderStateSchema, to: orderStateSchema }),
  'payment.attempt': z.strictObject({
    attemptId: attemptIdSchema, orderId: orderIdSchema, amount: moneySchema, state: attemptStateSchema,
    card: cardDetailsSchema.optional(), resultCode: z.string().optional(),
    /** Since version 2; before, every one was of the card. */
    tender: tenderSchema, mode: walletModeSchema.optional(), wallet: walletDetailsSchema.optional(),
  }),
  /** A part of what was paid goes back (the whole of it is an attempt that is reversed). `by`: a staff number, or HQ and its person's name. */
  'payment.refund': z.strictObject({
    refundId: refundIdSchema, attemptId: attemptIdSchema, orderId: orderIdSchema, amount: moneySchema, way: refundWaySchema, state: refundStateSchema,
    reason: refundReasonSchema, by: z.string().max(80).optional(), jobId: jobIdSchema.optional(), detail: z.string().max(500).optional(),
  }),
  /**
   * One lot's pieces came or went: `left` is what the offer has then, over all its lots, `lotLeft` what this lot has. An order that takes of two lots is two events.
   * `why` and what follows come of staff's own moves alone.
   */
  'stock.moved': z.strictObject({
    offerId: slugSchema, change: z.int(), left: z.int(), reason: moveReasonSchema, orderId: orderIdSchema.optional(),
    lotId: lotIdSchema.optional(), lotLeft: z.int().optional(), slot: slotNameSchema.optional(), bestBefore: bestBeforeSchema.optional(),
    /** The page's own id of what staff did: a repeated call is the same move. */
    moveId: z.uuid().optional(), visitId: z.uuid().optional(), staff: staffNumberSchema.optional(),
    why: z.union([countReasonSchema, wasteReasonSchema]).optional(), note: z.string().max(120).optional(),
  }),
  /** A restocker's visit has ended, or was found open after a start and ended by the next one. */
  'restock.visited': z.strictObject({
    visitId: z.uuid(), staff: staffNumberSchema, startedAt: epochMsSchema, endedAt: epochMsSchema,
    slots: z.int().min(0), piecesIn: z.int().min(0), piecesOut: z.int().min(0), differences: z.int().min(0),
  }),
  /** One act of staff: the kiosk's own chain within the lane's (domain/staff/audit.ts). */
  'staff.acted': auditEntrySchema,
  /** Too many wrong tries: the number is locked for so long. `times`: how often in a row it has come to that. */
  'staff.locked': z.strictObject({ number: staffNumberSchema, forMs: z.int().min(0), times: z.int().min(1) }),
  /** A recovery code was used up: SHA-256 of it, as the document has it. */
  'staff.code_used': z.strictObject({ number: staffNumberSchema, codeHash: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** The shop's day was closed at the terminal: its totals against ours. */
  'day.reported': z.strictObject({
    number: z.int().min(1), from: epochMsSchema, to: epochMsSchema, currency: z.string().length(3), staff: staffNumberSchema.optional(),
    orders: z.strictObject({ count: z.int().min(0), amount: minorUnitsSchema }), freeOrders: z.int().min(0), refunded: z.strictObject({ count: z.int().min(0), amount: minorUnitsSchema }),
    cardsOurs: z.strictObject({ count: z.int().min(0), amount: minorUnitsSchema }), cardsTerminal: z.strictObject({ count: z.int().min(0), amount: minorUnitsSchema }).optional(),
    unsettled: z.int().min(0),
  }),
  /** How the kiosk is: told when it changes, at most every half minute, and each hour. */
  'kiosk.state': z.strictObject({
    /** `limited`: it sells, but not everything or not in every way; `reasons` are device and error codes. */
    service: z.enum(['selling', 'limited', 'paused', 'out_of_service']),
    reasons: z.array(z.string().max(60)).max(20),
    devices: z.array(deviceStateSchema).max(20),
    paper: z.strictObject({ usedMm: z.int(), leftMm: z.int().optional(), receiptsLeft: z.int().optional() }).optional(),
    freeBytes: z.int().min(0).optional(),
    /** Events that HQ had not acknowledged then, of all lanes. */
    waiting: z.int().min(0).optional(),
    app: z.string().max(40),
  }),
  /** What HQ asked to see: a screen on which no customer was. A JPEG as base64. */
  'screenshot.taken': z.strictObject({ commandId: z.uuid(), picture: z.string().max(180_000) }),
  /** Something stands on the staff's list, or was decided. */
  'attention.raised': attentionSchema,
  'attention.settled': z.strictObject({ id: attentionIdSchema, kind: attentionKindSchema, orderId: orderIdSchema, decision: decisionSchema }),
  'job.state': z.strictObject({ jobId: jobIdSchema, orderId: orderIdSchema, kind: jobKindSchema, state: jobStateSchema }),
  'service.requested': z.strictObject({
    jobId: jobIdSchema, orderId: orderIdSchema, offerId: slugSchema, service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']),
    quantity: z.int().min(1), amount: minorUnitsSchema,
    /** Sealed as the order's own fields are: number, name, consent, whatever the offer asks. */
    form: z.record(slugSchema, z.string().max(1200)),
  }),
  /** What HQ said of a service has been taken in. */
  'service.settled': z.strictObject({ jobId: jobIdSchema, orderId: orderIdSchema, outcome: z.enum(['pending', 'done', 'refused']), reference: z.string().max(60).optional() }),
  /** A customer asks for a person, or does not any more. `callId` is answered by the command `answer_help`. */
  'help.called': z.strictObject({ callId: z.uuid(), screen: z.string().max(40), orderId: orderIdSchema.optional() }),
  'help.ended': z.strictObject({ callId: z.uuid(), by: z.enum(['customer', 'idle']) }),
  /** Of an order's customer. `words` sealed as the order's own fields are. */
  'feedback.given': z.strictObject({ orderId: orderIdSchema, stars: z.int().min(1).max(5), chips: z.array(z.enum(feedbackChips)).max(feedbackChips.length), words: z.string().max(2000).optional() }),
  /** The books of a day (or of what has gone by since the last closing): `body` is the exact text that was signed, by `dayClosingSchema`. */
  'day.closed': z.strictObject({ body: z.string().max(100_000), signature: z.string().max(200) }),
  /** What came down and was applied whole, or refused whole. */
  'document.applied': z.strictObject({ document: slugLikeSchema, revision: z.int().min(0), sha256: hashSchema, outcome: z.enum(['applied', 'refused']), detail: z.string().max(2000).optional() }),
  'command.answered': z.strictObject({ commandId: z.uuid(), command: slugLikeSchema, outcome: z.enum(['done', 'failed', 'expired', 'refused']), detail: z.string().max(20_000) }),
  /** The store was found damaged, behind, or gone, and goes on from somewhere. */
  'store.recovered': z.strictObject({
    cause: z.string().max(200), from: z.enum(['repair', 'copy', 'empty']), copyAt: epochMsSchema.optional(),
    fromJournal: z.int().min(0), fromHq: z.int().min(0), detail: z.string().max(2000),
  }),
  'store.key_rotated': z.strictObject({ provider: z.string().max(60) }),
  'disk.state': z.strictObject({ state: z.enum(['well', 'low', 'full']), freeBytes: z.int().min(0) }),
  'clock.skewed': z.strictObject({ skewMs: z.int() }),
  'log.lines': z.strictObject({ lines: z.array(logLineSchema).min(1).max(200), dropped: z.int().min(0).optional() }),
} as const;
export type EventKind = keyof typeof eventPayloads;
export type HqEventPayload<K extends EventKind> = z.input<(typeof eventPayloads)[K]>;

const laneOfKind: Partial<Record<EventKind, Lane>> = { 'stock.moved': 'stock', 'restock.visited': 'stock', 'log.lines': 'logs', 'screenshot.taken': 'logs' };
export function laneOf(kind: EventKind): Lane {
  return laneOfKind[kind] ?? 'orders';
}

/**
 * The version of a payload that this Counter24 writes and understands; kinds that are missing here are at version 1. HQ brings older ones
 * up to it, and keeps newer ones until it is updated.
 */
export const eventVersions: Partial<Record<EventKind, number>> = { 'order.placed': 3, 'service.requested': 3, 'stock.moved': 2, 'payment.attempt': 2 };
export function versionOf(kind: EventKind): number {
  return eventVersions[kind] ?? 1;
}

/** The kiosk's version of Counter24, in printable ASCII: it stands in lists and logs. */
const appSchema = z.string().max(40).regex(/^[ -~]*$/);

/** The start of a kiosk's process: times of one boot can be compared by its monotonic clock, whatever the wall clock did. Nil where it is not known. */
export const bootSchema = z.uuid();
export const unknownBoot = '00000000-0000-0000-0000-000000000000';

/** One thing that happened. `payload` travels and rests as the exact text: re-written JSON would not be the same bytes. */
export const hqEventSchema = z.strictObject({
  /** Contiguous from 1 within kiosk, lane and epoch. */
  sequence: z.int().min(1),
  id: eventIdSchema,
  // oxlint-disable-next-line no-control-regex -- a line break would make two events of one text for the chain
  kind: z.string().min(1).max(60).regex(/^[^\u0000-\u001f]+$/),
  version: z.int().min(1),
  /** By the kiosk's clock, which may say anything: an event is never refused for it. */
  at: z.int().min(0),
  boot: bootSchema,
  monotonicMs: z.int().min(0),
  payload: z.string().max(200_000),
  /** SHA-256 of `chainText` (domain/sync/chain.ts), as hex. */
  hash: hashSchema,
});
export type HqEvent = z.infer<typeof hqEventSchema>;

export const maxBatchEvents = 500;

/** The kiosk's clocks when it sent something. HQ reckons from them when each event of the same boot really was. */
export const clockSchema = z.strictObject({ at: z.int().min(0), boot: bootSchema, monotonicMs: z.int().min(0) });
export type Clock = z.infer<typeof clockSchema>;

/**
 * POST /api/kiosk/events, signed, in a session. The first event's sequence follows on what HQ has, or overlaps it. `keys` open what is sealed in the
 * batch's orders; they are no part of any chain, so that they can be forgotten.
 */
export const batchSchema = z.strictObject({
  kioskId: kioskIdSchema,
  lane: laneSchema,
  /** Raised when a kiosk's store was restored; a sequence number is never used twice within one. */
  epoch: z.int().min(1),
  clock: clockSchema,
  keys: z.array(z.strictObject({ orderId: orderIdSchema, key: z.base64() })).max(maxBatchEvents).optional(),
  events: z.array(hqEventSchema).min(1).max(maxBatchEvents),
});
export type Batch = z.infer<typeof batchSchema>;

/** HQ has every event up to and with this sequence, on disk. */
export const markSchema = z.strictObject({
  epoch: z.int().min(1),
  acknowledged: z.int().min(0),
  /** Hash of the event at the mark; `genesisHash` at 0. */
  head: hashSchema,
  /** HQ's clock when it answered, epoch milliseconds UTC. */
  hqTime: epochMsSchema,
});
export type Mark = z.infer<typeof markSchema>;

/** What HQ says with a 409, beside words for people: the batch does not follow on what it has, or contradicts it. The kiosk says hello again. */
export const conflictSchema = z.object({ code: z.enum(['HQ_SEQUENCE_GAP', 'HQ_EVENT_CONFLICT', 'HQ_CHAIN_BROKEN', 'HQ_EPOCH_OLD']), mark: markSchema.optional() });

/**
 * POST /api/kiosk/hello, signed: opens a session. `instance` is this run of the kiosk's process; `session` the last one that this store was given.
 * `challenge` repeats what HQ asked of an instance that it believed gone.
 */
export const helloSchema = z.strictObject({
  kioskId: kioskIdSchema,
  protocol: z.int().min(1),
  app: appSchema,
  schema: z.int().min(1),
  instance: z.uuid(),
  session: z.uuid().optional(),
  challenge: z.string().max(100).optional(),
  clock: clockSchema,
  lanes: z.array(z.strictObject({ lane: laneSchema, epoch: z.int().min(1), last: z.int().min(0), acknowledged: z.int().min(0), head: hashSchema })).max(lanes.length),
});
export type Hello = z.infer<typeof helloSchema>;

/** HQ's newest epoch of each lane that it knows. */
const laneMarksSchema = z.array(z.strictObject({ lane: laneSchema, epoch: z.int().min(1), acknowledged: z.int().min(0), head: hashSchema }));

/** POST /api/kiosk/greet: a sign of life. An HQ that was restored from a copy tells so by its marks, also to a kiosk that has nothing to send. */
export const greetedSchema = z.object({ hqTime: epochMsSchema, lanes: laneMarksSchema });
export type Greeted = z.infer<typeof greetedSchema>;

export const welcomeSchema = z.strictObject({
  session: z.uuid(),
  hqTime: epochMsSchema,
  lanes: laneMarksSchema,
  limits: z.strictObject({ events: z.int().min(1), bytes: z.int().min(1000) }),
  /** Content encodings that HQ reads, the best first. */
  encodings: z.array(z.enum(['zstd', 'gzip'])),
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** Why HQ opens no session, beside words for people (403). */
export const notWelcomeSchema = z.object({
  code: z.enum(['HQ_UNKNOWN_KIOSK', 'HQ_KIOSK_REVOKED', 'HQ_KIOSK_CLONED', 'HQ_INSTANCE_SUPERSEDED', 'HQ_SIGNATURE_WRONG', 'HQ_SESSION_ENDED']),
  /** With HQ_INSTANCE_SUPERSEDED: who is alive says hello again with it, and HQ then knows of two. */
  challenge: z.string().max(100).optional(),
});

/** POST /api/kiosk/enrol: signed with the new key itself, so that HQ sees who holds it. A person approves it at HQ. */
export const enrolSchema = z.strictObject({ kioskId: kioskIdSchema, code: z.string().min(6).max(40), publicKey: z.string().max(200), app: appSchema });
export type Enrol = z.infer<typeof enrolSchema>;
export const enrolledSchema = z.strictObject({ state: z.enum(['waiting', 'approved']), hqPublicKey: z.string().max(200), hqTime: epochMsSchema });
export type Enrolled = z.infer<typeof enrolledSchema>;

/**
 * GET /api/kiosk/history?lane&epoch&after: what HQ has of this kiosk, for a store that went back to an older copy. Raw, as it came, at most
 * `maxBatchEvents`; empty at the end.
 */
export const historySchema = z.strictObject({
  events: z.array(z.strictObject({ lane: laneSchema, epoch: z.int().min(1), event: hqEventSchema })),
  keys: z.array(z.strictObject({ orderId: orderIdSchema, key: z.base64() })),
});
export type History = z.infer<typeof historySchema>;

const countAndSum = z.strictObject({ count: z.int().min(0), sum: minorUnitsSchema });
/** What a kiosk signs at the end of a day. Sums are over the events of these ranges, by their own words. */
export const dayClosingSchema = z.strictObject({
  kioskId: kioskIdSchema,
  /** Counts this kiosk's closings. */
  number: z.int().min(1),
  /** The shop's day, YYYY-MM-DD. */
  day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  closedAt: epochMsSchema,
  /** What each lane had since the last closing. `head` is the hash of the event at `to`; an epoch that was left ends where it was acknowledged. */
  ranges: z.array(z.strictObject({ lane: laneSchema, epoch: z.int().min(1), from: z.int().min(1), to: z.int().min(1), count: z.int().min(1), head: hashSchema })),
  /** Placed in these ranges, by currency. */
  orders: z.record(z.string(), countAndSum),
  /** Attempts that reached this state in these ranges, by "currency tender state": "CNY card approved"; refunds of a part by "CNY refund_tender done", "CNY refund_by_hand done". */
  payments: z.record(z.string(), countAndSum),
  /** Pieces moved, by reason. */
  stock: z.record(z.string(), z.int()),
});
export type DayClosing = z.infer<typeof dayClosingSchema>;
