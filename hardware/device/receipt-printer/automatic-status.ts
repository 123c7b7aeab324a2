import type { PrinterState } from './port.ts';
import { stateOf } from './state.ts';

/**
 * GS a n: tell of each change by itself, and once at once. Bit 1 online and offline, 2 errors, 3 paper; not bit 0, the cash
 * drawer, which kiosks leave open (Epson TM-T88III specification, GS a). ESC @ and power-on end it.
 */
export function enableAutomaticStatus(): Uint8Array {
  return Uint8Array.of(0x1d, 0x61, 0x0e);
}

/** What the four bytes say: printer, errors, paper; the fourth is reserved. */
export function stateOfAutomatic([printer, error, paper]: readonly [number, number, number, number]): PrinterState {
  const has = (byte: number, bits: number): boolean => (byte & bits) !== 0;
  return stateOf({
    drawerPinHigh: has(printer, 0x04),
    offline: has(printer, 0x08),
    waitingToRecover: false,
    feedPressed: false,
    coverOpen: has(printer, 0x20),
    feedingByButton: has(printer, 0x40),
    stoppedByPaper: false,
    stoppedByError: false,
    recoverableError: has(error, 0x04),
    cutterError: has(error, 0x08),
    unrecoverableError: has(error, 0x20),
    selfRecoveringError: has(error, 0x40),
    paperLow: has(paper, 0x03),
    paperOut: has(paper, 0x0c),
  });
}
