import { z } from 'zod';

/** A slip that the card terminal wants printed, in its own words: line by line, with card numbers masked. */
export const terminalSlipSchema = z.strictObject({
  kind: z.enum(['customer', 'merchant', 'administration']),
  lines: z.array(z.strictObject({
    text: z.string().max(100),
    align: z.enum(['left', 'center', 'right']),
    size: z.enum(['normal', 'double']),
  })).max(400),
});
export type TerminalSlip = z.infer<typeof terminalSlipSchema>;
