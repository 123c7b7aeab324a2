import { z } from 'zod';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import { jobIdSchema, kioskIdSchema, orderIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { minorUnitsSchema } from '../money.ts';
import { shopSchema } from '../receipt/shop.ts';
import { staffNumberSchema, staffRoleSchema } from '../staff/role.ts';
import { planogramSlotSchema } from '../stock/stock.ts';
import { epochMsSchema } from '../time.ts';
import { brandSchema, diningConfigSchema, kioskConfigSchema } from './config.ts';
import { hashSchema, laneSchema } from './hq.ts';

/** What HQ gives a kiosk: documents, each whole and as one revision, and commands. */
export const documentSchemas = {
  catalogue: catalogueSchema,
  /** Not to be sold now, whatever the catalogue and the stock say. */
  sold_out: z.strictObject({
    offerIds: z.array(slugSchema).max(20_000),
    /** Resting until a time, and sold again from then on by itself. */
    snoozed: z.array(z.strictObject({ offerId: slugSchema, until: epochMsSchema })).max(20_000).optional(),
  }),
  /** What HQ may set of the kiosk's configuration; devices and HQ's own address stay with the machine. */
  config: z.strictObject({ shop: shopSchema, defaultLanguage: languageSchema, maxOrderTotal: minorUnitsSchema.min(1), times: kioskConfigSchema.shape.times, brand: brandSchema.omit({ logoFile: true }), help: kioskConfigSchema.shape.help, dining: diningConfigSchema }).partial(),
  /** Help and notices, by name. */
  texts: z.record(slugSchema, bilingualSchema),
  /** What stands where, and how much of it should. */
  planogram: z.strictObject({ slots: z.array(planogramSlotSchema).max(2000) }),
  /** Who may do what at the kiosk. It lies in the kiosk's encrypted store, and never reaches its page. */
  staff: z.strictObject({
    members: z.array(z.strictObject({
      number: staffNumberSchema, name: z.string().min(1).max(60), role: staffRoleSchema,
      /** Argon2id, in PHC form. */
      pinHash: z.string().max(300),
      /** Of the time-based code (RFC 6238, SHA-1, six digits, 30 s), base32. A member without one cannot come in. */
      totpSecret: z.string().regex(/^[A-Z2-7]{16,64}$/).optional(),
      /** SHA-256 of each recovery code that is left: 80 random bits need no slow hash. */
      recoveryHashes: z.array(hashSchema).max(20).optional(),
      /** SHA-256 of what the staff card says after its prefix. */
      cardHash: hashSchema.optional(),
    })).max(500),
  }),
} as const;
export type DocumentKind = keyof typeof documentSchemas;
export const documentKinds = Object.keys(documentSchemas) as DocumentKind[];
export const documentKindSchema = z.enum(documentKinds as [DocumentKind, ...DocumentKind[]]);
export type DocumentOf<K extends DocumentKind> = z.infer<(typeof documentSchemas)[K]>;

/** Who a revision is for: every kiosk, or one. One kiosk's own goes before what is for all. */
export const scopeSchema = z.union([z.literal('all'), z.templateLiteral(['kiosk:', z.string()])]);

/** Lines to copy from the old text (`[first, count]`, from 0) and new ones, in order: domain/sync/text-delta.ts. */
export const textDeltaSchema = z.array(z.union([z.tuple([z.int().min(0), z.int().min(1)]), z.string().max(4_000_000)])).max(100_000);
export type TextDelta = z.infer<typeof textDeltaSchema>;

/** What HQ signs of a document, with its Ed25519 key. The text itself is bound by its hash. */
export function documentSignatureText(kind: string, revision: number, scope: string, sha256: string): string {
  return ['counter24 document', kind, revision, scope, sha256].join('\n');
}

export const documentRevisionSchema = z.strictObject({
  kind: documentKindSchema,
  /** Rises with each publication of this kind, over all scopes. */
  revision: z.int().min(1),
  scope: scopeSchema,
  /** Of the whole text, UTF-8. */
  sha256: hashSchema,
  signature: z.base64(),
  /** Either the whole text, or what makes it of revision `base`. */
  content: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('whole'), text: z.string().max(16_000_000) }),
    z.strictObject({ kind: z.literal('delta'), base: z.int().min(1), delta: textDeltaSchema }),
  ]),
});
export type DocumentRevision = z.infer<typeof documentRevisionSchema>;

export const commandParams = {
  /** No new customers; who is there finishes. */
  pause: z.strictObject({ notice: bilingualSchema.optional() }),
  resume: z.strictObject({}),
  /** Core ends and is started again, between two customers. */
  restart: z.strictObject({}),
  /** Log lines of the last `minutes`, of every level. */
  send_logs: z.strictObject({ minutes: z.int().min(1).max(10_080) }),
  /** The whole order, or `amount` of it, goes back the way it was paid. `by`: who at HQ says so. */
  refund: z.strictObject({ orderId: orderIdSchema, reason: z.string().min(1).max(200), amount: minorUnitsSchema.min(1).optional(), by: z.string().max(80).optional() }),
  /** A copy of the store is made now. */
  back_up: z.strictObject({}),
  test_print: z.strictObject({}),
  /** For so long every log line comes by itself, also what is only informative. */
  follow_logs: z.strictObject({ minutes: z.int().min(1).max(30) }),
  /** A picture of the screen, taken as soon as no customer is there. */
  screenshot: z.strictObject({}),
  /** What became of a service that was asked for (job `request_service`): done with the carrier's reference, still open, or refused, and then the kiosk gives the money back. */
  service_result: z.strictObject({ jobId: jobIdSchema, outcome: z.enum(['pending', 'done', 'refused']), reference: z.string().max(60).optional() }),
  /** A person has seen the call for help, with words for the customer where there are any. */
  answer_help: z.strictObject({ callId: z.uuid(), words: bilingualSchema.optional() }),
} as const;
export type CommandKind = keyof typeof commandParams;
export const commandKinds = Object.keys(commandParams) as CommandKind[];
export const commandKindSchema = z.enum(commandKinds as [CommandKind, ...CommandKind[]]);

export const commandSchema = z.strictObject({
  id: z.uuid(),
  /** Rises by one with each command of this kiosk: the cursor. */
  sequence: z.int().min(1),
  /** One that this kiosk does not know is answered `refused`. */
  kind: z.string().min(1).max(60),
  params: z.unknown(),
  /** How long it may still be begun, by HQ's clock when it answered: the kiosk's own clock is not asked. */
  expiresInMs: z.int().min(0),
});
export type Command = z.infer<typeof commandSchema>;

/** POST /api/kiosk/down, signed, in a session: what the kiosk has, and how far it is with commands. */
export const downRequestSchema = z.strictObject({
  kioskId: kioskIdSchema,
  documents: z.partialRecord(documentKindSchema, z.strictObject({ revision: z.int().min(0), sha256: hashSchema })),
  commands: z.int().min(0),
});
export type DownRequest = z.infer<typeof downRequestSchema>;

export const downAnswerSchema = z.strictObject({
  hqTime: epochMsSchema,
  documents: z.array(documentRevisionSchema),
  commands: z.array(commandSchema).max(100),
  /** Events that HQ's own check (a day's closing) found missing or changed. */
  resend: z.array(z.strictObject({ lane: laneSchema, epoch: z.int().min(1), sequences: z.array(z.int().min(1)).min(1).max(500) })).max(20),
});
export type DownAnswer = z.infer<typeof downAnswerSchema>;

/** Server-sent events on GET /api/kiosk/bell: a doorbell only. `news` says: ask POST /api/kiosk/down. A poll each minute is the truth. */
export const bellEvents = ['news'] as const;
