import { z } from 'zod';
import { attentionSchema, decisionSchema } from '../attention/attention.ts';
import { deviceStateSchema } from '../device/state.ts';
import { attentionIdSchema } from '../ids.ts';
import { languageSchema } from '../language.ts';
import { moneySchema } from '../money.ts';
import { terminalSlipSchema } from '../payment/slip.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import { jobStateSchema } from './hq.ts';
import { kioskStatusSchema } from './kiosk.ts';

/**
 * The border between a running kiosk and the technician's command line, which cannot open the devices while the kiosk has
 * them: a Unix socket in the kiosk's data folder, for its owner alone. One JSON object a line, at most `maxLineLength`
 * characters; each request is answered once, in any order, by its id.
 */
export const technicianSocketName = 'technician.sock';
export const maxLineLength = 1_000_000;

const nothing = z.strictObject({});

/** `end_of_day` closes the terminal's day: what was paid before cannot be sent back by it any more. */
export const terminalOperations = ['diagnose', 'end_of_day', 'initialise', 'repeat_receipt', 'log_off'] as const;
export type TerminalOperation = (typeof terminalOperations)[number];

export const technicianRequests = {
  status: { params: nothing, result: z.strictObject({
    kiosk: kioskStatusSchema,
    devices: z.array(deviceStateSchema),
    /** Of the roll that is in; what is left is known where its length is configured. */
    paper: z.strictObject({ usedMm: z.int(), leftMm: z.int().optional(), receiptsLeft: z.int().optional() }),
    waitingPrints: z.int(),
    /** What stands on the staff's list. */
    waitingDecisions: z.int(),
    /** How HQ knows this kiosk; missing while the store is not open. */
    hq: z.strictObject({
      state: z.enum(['made', 'waiting', 'approved']),
      /** Of the kiosk's key: compared with what HQ shows before a person approves it. */
      fingerprint: z.string().max(100),
      online: z.boolean(),
      refusedAs: z.string().max(60).optional(),
      skewMs: z.int().optional(),
      /** Events that HQ has not acknowledged. */
      waiting: z.int(),
    }).optional(),
  }) },
  'attention.list': { params: nothing, result: z.strictObject({ items: z.array(attentionSchema) }) },
  /** What a person has decided. Again with the same decision it answers the same; with another it is refused. */
  'attention.settle': { params: z.strictObject({ id: attentionIdSchema, decision: decisionSchema }), result: nothing },
  'print-test': { params: z.strictObject({ language: languageSchema }), result: z.strictObject({ state: jobStateSchema }) },
  /** A new roll of paper was put in: its length is counted from now. */
  'new-roll': { params: nothing, result: nothing },
  /** What the printer waits for after its knife or paper path was cleared by hand. */
  recover: { params: nothing, result: z.strictObject({ printer: z.string() }) },
  /** The card terminal's own operations; refused while a customer pays. Nobody can pay meanwhile. */
  terminal: {
    params: z.strictObject({ operation: z.enum(terminalOperations) }),
    result: z.strictObject({
      slips: z.array(terminalSlipSchema),
      totals: z.strictObject({ total: moneySchema, count: z.int() }).optional(),
      clock: z.strictObject({ date: z.string().max(8), time: z.string().max(6) }).optional(),
    }),
  },
  /** Sends the card payment of a paid order back through the terminal: once, however often it is asked for. */
  reverse: { params: z.strictObject({ order: z.string().min(1).max(60) }), result: z.strictObject({ number: z.string(), amount: moneySchema }) },
  /** The store gets another key, as soon as nobody is at the kiosk. The log says how it went. */
  'rotate-key': { params: nothing, result: nothing },
  /** The receipt once more, marked COPY. `order` is its id or the number that the customer read: the newest that has it. */
  reprint: { params: z.strictObject({ order: z.string().min(1).max(60) }), result: z.strictObject({ number: z.string(), printerReady: z.boolean() }) },
} as const;

export type TechnicianMethod = keyof typeof technicianRequests;
export type TechnicianParams<M extends TechnicianMethod> = z.input<(typeof technicianRequests)[M]['params']>;
/** As core gets them: checked. */
export type CheckedTechnicianParams<M extends TechnicianMethod> = z.output<(typeof technicianRequests)[M]['params']>;
export type TechnicianAnswer<M extends TechnicianMethod> = z.output<(typeof technicianRequests)[M]['result']>;

/** A code of the error registry or of a device's state. `detail` is for engineers and holds no customer's data. */
export const technicianErrorSchema = z.strictObject({ code: z.string().regex(/^[A-Z][A-Z0-9_]{2,60}$/), detail: z.string().max(2000) });
export type TechnicianError = z.infer<typeof technicianErrorSchema>;

/** The envelopes; `params` and `ok` are checked by the method's own schemas. */
export const technicianRequestSchema = z.strictObject({ id: z.int().min(0), method: z.string().max(60), params: z.unknown() });
export const technicianResponseSchema = z.union([
  z.strictObject({ id: z.int().min(0), ok: z.unknown() }),
  z.strictObject({ id: z.int().min(0), error: technicianErrorSchema }),
]);

export interface LineSplitter {
  /** Whole lines, without their ends; an error where one is longer than the limit, after which nothing more is read. */
  push(text: string): Result<readonly string[], 'too_long'>;
}

/** For both ends: text in any split, lines out. */
export function createLineSplitter(limit = maxLineLength): LineSplitter {
  let rest = '';
  let isOver = false;
  return {
    push(text) {
      if (isOver) return err('too_long');
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      isOver = rest.length > limit || lines.some((line) => line.length > limit);
      if (isOver) rest = '';
      return isOver ? err('too_long') : ok(lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== ''));
    },
  };
}
