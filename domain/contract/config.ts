import { z } from 'zod';
import { diningSchema } from '../cart/cart.ts';
import { windowSchema } from '../catalogue/window.ts';
import { portLocationSchema } from '../device/location.ts';
import { kioskIdSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
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

const colourSchema = z.string().regex(/^#[0-9a-f]{6}$/);

/** How the kiosk looks: one of the two grounds, and on it the brand's own colours, logo and words. */
export const brandSchema = z.strictObject({
  ground: z.enum(['light', 'dark']),
  /** In place of the ground's own; each with the ink that stands on it. Contrast is checked when the configuration is read. */
  colours: z.strictObject({ brand: colourSchema, onBrand: colourSchema, brandPressed: colourSchema, accent: colourSchema, onAccent: colourSchema }).partial().optional(),
  /** PNG, WebP or SVG, at most 500 kB; relative to the configuration file. Without one, the shop's name stands in its place. */
  logoFile: z.string().min(1).optional(),
  /** The attract screen's call, in place of "touch to start". */
  call: bilingualSchema.optional(),
});
export type Brand = z.infer<typeof brandSchema>;

/** Where the screen is, for people who cannot reach all of it: reach mode keeps every control below 1220 mm (EN 301 549, 8.3.2). */
export const screenSchema = z.strictObject({
  /** Of the picture, not of the housing. */
  heightMm: z.number().min(100).max(3000),
  /** From the floor to the picture's lower edge. */
  bottomMm: z.number().min(0).max(2000),
  /** Where the card terminal stands, seen from the customer. */
  terminal: z.enum(['below', 'right', 'left']).optional(),
});
export type ScreenPlace = z.infer<typeof screenSchema>;

export const diningConfigSchema = z
  .strictObject({ offered: z.array(diningSchema).min(1).max(2), preselected: diningSchema })
  .refine(({ offered, preselected }) => offered.includes(preselected), { error: 'is not offered', path: ['preselected'] });

/** Keys of an assistive keypad (or any keyboard) by `KeyboardEvent.code`. `on` and `off` are what the keypad types when headphones are put in and pulled out. */
export const assistiveKeysSchema = z.strictObject({
  up: z.string().max(30), down: z.string().max(30), left: z.string().max(30), right: z.string().max(30), ok: z.string().max(30), help: z.string().max(30),
  louder: z.string().max(30), softer: z.string().max(30), faster: z.string().max(30), slower: z.string().max(30), on: z.string().max(30), off: z.string().max(30),
});
export type AssistiveKeys = z.infer<typeof assistiveKeysSchema>;

const defaultKeys: AssistiveKeys = {
  up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight', ok: 'Enter', help: 'F1', louder: 'F7', softer: 'F6', faster: 'F9', slower: 'F8', on: 'F11', off: 'F12',
};

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
  brand: brandSchema.prefault({ ground: 'light' }),
  /** A 32-inch portrait screen at the height that most stand at, unless it is said. */
  screen: screenSchema.prefault({ heightMm: 708, bottomMm: 740 }),
  /** Who comes when a customer calls, and when. Without a phone number, the shop's. */
  help: z.strictObject({ phone: z.string().min(3).max(40).optional(), onDuty: z.array(windowSchema).max(14).default([]) }).prefault({}),
  /** Only where food is sold. */
  dining: diningConfigSchema.prefault({ offered: ['eat_in', 'take_away'], preselected: 'eat_in' }),
  speech: z.strictObject({
    /** espeak-ng's program: found by PATH unless it is said. */
    program: z.string().min(1).default('espeak-ng'),
  }).prefault({}),
  assistiveKeys: assistiveKeysSchema.prefault(defaultKeys),
  staff: z.strictObject({
    /** Without a touch for this long, whoever is in is out. */
    idleMs: z.int().min(5_000).max(3_600_000).default(120_000),
    /** Where sticks appear when they are put in: each folder within these is one. */
    stickFolders: z.array(z.string().min(1)).max(10).default(['/media', '/run/media']),
    /** Where else logs may be exported to. Relative to the configuration file. */
    exportFolder: z.string().min(1).optional(),
  }).prefault({}),
  logs: z.strictObject({
    /** The oldest entries go when there are more than this, or when they take more room. */
    maxEntries: z.int().min(1_000).max(5_000_000).default(1_000_000),
    maxMegabytes: z.int().min(10).max(10_000).default(600),
  }).prefault({}),
  times: z.strictObject({
    /** Without a touch for this long, the customer is asked whether they are still there. */
    idleWarningMs: z.int().min(1000),
    /** And this much later the session ends and nothing of it is left. People need 20 s at least to answer, and more time as often as they ask (EN 301 549, 9.2.2.1; WCAG 2.2, 2.2.1). */
    idleEndMs: z.int().min(20_000),
    /** How long the result screen stays. */
    resultMs: z.int().min(1000),
    /** An order that nobody pays expires after this, and its stock is free again. */
    unpaidOrderMs: z.int().min(1000),
    /** A receipt that waited longer for the printer stays an e-receipt: its customer has left. */
    receiptMs: z.int().min(1000),
    /** How long a wallet's code is shown to be paid; two minutes unless it is said. HQ's gateways take it for no less than a minute or so. */
    walletMs: z.int().min(15_000).max(900_000).optional(),
  }),
});
export type KioskConfig = z.infer<typeof kioskConfigSchema>;
