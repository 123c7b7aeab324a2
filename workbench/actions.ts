import { z } from 'zod';

export const printerActionSchema = z.strictObject({
  action: z.enum(['paper_ok', 'paper_low', 'paper_out', 'cover_open', 'cover_close', 'cable_out', 'cable_in', 'power_off', 'power_on', 'tear_off']),
});
export type PrinterAction = z.infer<typeof printerActionSchema>['action'];

export const terminalActionSchema = z.strictObject({
  action: z.enum(['tap_card', 'decline', 'cancel', 'silent_on', 'silent_off', 'cable_out', 'cable_in', 'reboot']),
});
export type TerminalAction = z.infer<typeof terminalActionSchema>['action'];

/** Why a button did nothing: the device is not in a state for it, or its line would not come up. */
export interface ActionRefusal {
  readonly kind: 'not_now' | 'line_failed';
  readonly detail: string;
}
