import { z } from 'zod';
import { portLocationSchema } from '../device/location.ts';
import { kioskIdSchema } from '../ids.ts';
import { languageSchema } from '../language.ts';
import { minorUnitsSchema } from '../money.ts';
import { shopSchema } from '../receipt/shop.ts';

/** A whole number, or found out by asking: for printers and ZVT terminals. */
const baudRateSchema = z.union([z.int().min(300).max(4_000_000), z.literal('auto')]);

/** By path, through a socket or by USB ids: `parsePortLocation`. What differs between makes stands in the profile. */
const deviceSchema = z.strictObject({ path: portLocationSchema, baudRate: baudRateSchema, profile: z.string() });

const printerSchema = deviceSchema.extend({
  /** How long a new roll of paper is: with it the kiosk knows when the paper will end. */
  rollMetres: z.number().min(1).max(1000).optional(),
});

/** The kiosk's configuration file. Strict: an unknown key is a mistake that somebody should hear of. */
export const kioskConfigSchema = z.strictObject({
  kioskId: kioskIdSchema,
  shop: shopSchema,
  defaultLanguage: languageSchema,
  /** Relative to the configuration file. */
  catalogueFile: z.string().min(1),
  /** The most that one order may cost, in minor units. */
  maxOrderTotal: minorUnitsSchema.min(1),
  printer: printerSchema,
  /** Staff's own: kitchen tickets for food, a counted slip for goods. */
  kitchenPrinter: printerSchema.optional(),
  cardTerminal: deviceSchema,
  scanner: deviceSchema.optional(),
  hq: z.strictObject({
    /** Where the kiosk sends its events: scheme, host and port alone. */
    url: z.url({ protocol: /^https?$/ }).regex(/^https?:\/\/[^/?#]+\/?$/, 'has a path'),
    /** Where customers' phones find their e-receipts. */
    publicUrl: z.url({ protocol: /^https?$/ }),
    /** File with the enrolment code that HQ gave for this kiosk; read while HQ does not know its key. Relative to the configuration file. */
    enrolmentFile: z.string().min(1),
    /** HQ's Ed25519 key (base64 of the SPKI DER), where it is known beforehand: no other HQ is believed, not even at the first contact. */
    publicKey: z.string().max(200).optional(),
    /** While HQ is away, the longest wait before it is tried again. */
    retryMaxMs: z.int().min(100).max(300_000),
  }),
  store: z.strictObject({
    /** A second place for the hourly copies of the store, on another disk. Relative to the configuration file. */
    secondFolder: z.string().min(1).optional(),
    /** After so many days what customers said of themselves (phone, address, name) is shredded; receipts and amounts stay. */
    personalDays: z.number().min(0.001).max(3650).default(90),
    /** Below this much free room nothing is sold, and at twice as much logs are thinned. */
    minFreeMegabytes: z.number().min(1).max(1_000_000).default(200),
  }).prefault({}),
  times: z.strictObject({
    /** Without a touch for this long, the customer is asked whether they are still there. */
    idleWarningMs: z.int().min(1000),
    /** And this much later the session ends and nothing of it is left. */
    idleEndMs: z.int().min(1000),
    /** How long the result screen stays. */
    resultMs: z.int().min(1000),
    /** An order that nobody pays expires after this, and its stock is free again. */
    unpaidOrderMs: z.int().min(1000),
    /** A receipt that waited longer for the printer stays an e-receipt: its customer has left. */
    receiptMs: z.int().min(1000),
  }),
});
export type KioskConfig = z.infer<typeof kioskConfigSchema>;
