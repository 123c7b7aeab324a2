import { z } from 'zod';
import { codedErrorSchema } from './kiosk.ts';

/** The border between the shell, which has windows and keys, and core, which has everything else. */
const keyHexSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The store's raw 32-byte key as hex, or why there is none. Never in an environment variable or an argument. `nextHex` while the key is being
 * changed: the store opens with one of the two until core has said which (`key_in_force`).
 */
const keySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.strictObject({ hex: keyHexSchema, provider: z.string(), nextHex: keyHexSchema.optional() }) }),
  z.strictObject({ ok: z.literal(false), error: codedErrorSchema }),
]);

/** Names a key without telling it: the first 16 hex digits of the SHA-256 of its 32 bytes. */
export const keyFingerprintSchema = z.string().regex(/^[0-9a-f]{16}$/);

export const startMessageSchema = z.strictObject({
  kind: z.literal('start'),
  configFile: z.string().min(1),
  /** Holds the store and nothing of Chromium's. */
  dataFolder: z.string().min(1),
  key: keySchema,
  /** An SQLite addon other than the package's own, for runtimes that its prebuilds do not load in. */
  sqliteAddon: z.string().optional(),
});
export type StartMessage = z.infer<typeof startMessageSchema>;

/** Shell to core. `page` comes with one MessagePort, the page's end of the contract in kiosk.ts. */
export const toCoreSchema = z.discriminatedUnion('kind', [
  startMessageSchema,
  z.strictObject({ kind: z.literal('page') }),
  z.strictObject({ kind: z.literal('page_gone') }),
  /** Answers `key_wanted`, and `rotate_key` with a next key in it. */
  z.strictObject({ kind: z.literal('key'), key: keySchema }),
  /** Answers `rotate_key`: there is no next key, and why. The one in force is not touched. */
  z.strictObject({ kind: z.literal('key_not_rotated'), error: codedErrorSchema }),
  /** Answers `picture_wanted`: the page as it stands, a JPEG as base64; missing where it could not be taken. */
  z.strictObject({ kind: z.literal('picture'), picture: z.string().max(180_000).optional() }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

/** Core to shell. */
export const coreToShellSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started') }),
  z.strictObject({ kind: z.literal('key_wanted') }),
  /** A next key is wanted beside the one in force. */
  z.strictObject({ kind: z.literal('rotate_key') }),
  /** All that core keeps is under this key by now: any other may be forgotten. */
  z.strictObject({ kind: z.literal('key_in_force'), fingerprint: keyFingerprintSchema }),
  /** HQ wants to see the screen. Asked for only while no customer is there. */
  z.strictObject({ kind: z.literal('picture_wanted') }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type CoreToShell = z.infer<typeof coreToShellSchema>;
