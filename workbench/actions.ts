import { z } from 'zod';

export const printerActionSchema = z.strictObject({
  action: z.enum(['paper_ok', 'paper_low', 'paper_out', 'cover_open', 'cover_close', 'cable_out', 'cable_in', 'power_off', 'power_on', 'tear_off']),
});
export type PrinterAction = z.infer<typeof printerActionSchema>['action'];

export const terminalActionSchema = z.strictObject({
  action: z.enum(['tap_card', 'decline', 'cancel', 'silent_on', 'silent_off', 'cable_out', 'cable_in', 'reboot']),
});
export type TerminalAction = z.infer<typeof terminalActionSchema>['action'];

/** `show`: somebody holds a code before it; read only while it is lit. */
export const scannerActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('show'), code: z.string().min(1).max(2000) }),
  z.strictObject({ action: z.enum(['cable_out', 'cable_in']) }),
]);
export type ScannerAction = z.infer<typeof scannerActionSchema>;

/** A fault script (hardware/sim/script): checked by the device, which alone knows its words. */
export const scriptSchema = z.strictObject({ script: z.array(z.unknown()).max(200) });

/** Why a button did nothing: the device is not in a state for it, its line would not come up, or it does not know a word of the script. */
export interface ActionRefusal {
  readonly kind: 'not_now' | 'line_failed' | 'bad_script';
  readonly detail: string;
}
