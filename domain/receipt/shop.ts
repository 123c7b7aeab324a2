import { z } from 'zod';
import { bilingualSchema } from '../language.ts';

const commonZones: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));

function isTimeZone(value: string): boolean {
  // Making a formatter takes longer than all the rest of an order's check; other names of the same zones are tried with one.
  if (commonZones.has(value)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** Who sells: the head of each receipt. Kept with every order, since shops move and change their names. */
export const shopSchema = z.strictObject({
  name: bilingualSchema,
  address: bilingualSchema,
  phone: z.string().max(30),
  /** IANA name, for the times on receipts. */
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone'),
});
export type Shop = z.infer<typeof shopSchema>;
