import type { LineFailure } from '../../domain/device/condition.ts';
import type { TransportError } from './transport.ts';

/**
 * The operating systems' own words for why a port did not open, as serialport 13 passes them on: it gives no code. Words
 * that are not here are `other`, which asks for the cable; nothing depends on them but the advice.
 */
const words: readonly (readonly [RegExp, LineFailure])[] = [
  [/cannot lock port|resource busy|access denied|EBUSY/i, 'in_use'],
  [/permission denied|EACCES|EPERM|operation not permitted/i, 'denied'],
  [/no such (file|device)|file not found|ENOENT|ENXIO|ENODEV/i, 'not_found'],
];

export function openFailureOf(error: TransportError): LineFailure {
  if (error.kind === 'open_failed' && error.reason) return error.reason;
  return words.find(([pattern]) => pattern.test(error.detail))?.[1] ?? 'other';
}
