import { z } from 'zod';
import { codedErrorSchema } from './kiosk.ts';

/** The border between the shell, which has windows and keys, and core, which has everything else. */
/** The store's raw 32-byte key as hex, or why there is none. Never in an environment variable or an argument. */
const keySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.strictObject({ hex: z.string().regex(/^[0-9a-f]{64}$/), provider: z.string() }) }),
  z.strictObject({ ok: z.literal(false), error: codedErrorSchema }),
]);

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
  /** Answers `key_wanted`. */
  z.strictObject({ kind: z.literal('key'), key: keySchema }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

/** Core to shell. */
export const coreToShellSchema = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('started') }), z.strictObject({ kind: z.literal('key_wanted') }), z.strictObject({ kind: z.literal('stopped') })]);
export type CoreToShell = z.infer<typeof coreToShellSchema>;
