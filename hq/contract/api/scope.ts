import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';

/** Whom a publication is for: everybody, a group of kiosks, or one. */
export const scopeTextSchema = z.union([
  z.literal('all'),
  z.templateLiteral(['group:', z.string().regex(/^[A-Za-z0-9-]{1,60}$/)]),
  z.templateLiteral(['kiosk:', z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/)]),
]);
export type ScopeText = z.infer<typeof scopeTextSchema>;

export const placeSchema = z.strictObject({ scope: scopeTextSchema, name: z.string() });
/** A kiosk or a group by what people call it. */
export type Place = z.infer<typeof placeSchema>;

/** What there is to publish to: groups with their members, and kiosks. */
export const placesSchema = z.strictObject({
  groups: z.array(z.strictObject({ groupId: z.string(), name: z.string(), kiosks: z.array(kioskIdSchema) })),
  kiosks: z.array(z.strictObject({ kioskId: kioskIdSchema, name: z.string() })),
});
export type Places = z.infer<typeof placesSchema>;
