import { z } from 'zod';
import { bilingualSchema } from '../language.ts';
import type { DeviceCode } from './codes.ts';
import { deviceCodes } from './codes.ts';

export const deviceKinds = ['receipt_printer', 'card_terminal', 'scanner'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** What a device is now, and why: `detail` is for engineers and holds no customer's data. */
export interface DeviceCondition {
  readonly code: DeviceCode;
  readonly detail: string;
}

/** The state of any device, whole: it needs no table beside it to be shown, sent or sorted. */
export const deviceStateSchema = z.strictObject({
  /** Which one: unique in its kiosk. */
  name: z.string().min(1).max(60),
  kind: z.enum(deviceKinds),
  code: z.enum(Object.keys(deviceCodes) as [DeviceCode, ...DeviceCode[]]),
  severity: z.enum(['ok', 'attention', 'fault']),
  /** Since when the code is this one, epoch milliseconds. */
  since: z.int(),
  detail: z.string().max(500),
  text: bilingualSchema,
  advice: bilingualSchema,
});
export type DeviceState = Readonly<z.infer<typeof deviceStateSchema>>;

export function deviceState(device: { readonly name: string; readonly kind: DeviceKind }, { code, detail }: DeviceCondition, since: number): DeviceState {
  const { severity, text, advice } = deviceCodes[code];
  return { name: device.name, kind: device.kind, code, severity, since, detail: detail.slice(0, 500), text, advice };
}
