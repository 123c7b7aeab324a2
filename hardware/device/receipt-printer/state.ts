import type { PrinterStatus } from '../../codec/escpos/status.ts';
import type { PrinterState } from './port.ts';

/** The one thing that matters most to whoever comes to help: the cover before the paper under it, damage before all. */
export function stateOf(status: PrinterStatus): PrinterState {
  if (status.unrecoverableError) return { kind: 'fault', fault: 'unrecoverable' };
  if (status.coverOpen) return { kind: 'cover_open' };
  if (status.paperOut || status.stoppedByPaper) return { kind: 'paper_out' };
  if (status.cutterError) return { kind: 'fault', fault: 'cutter' };
  if (status.selfRecoveringError) return { kind: 'fault', fault: 'too_hot' };
  if (status.recoverableError || status.stoppedByError) return { kind: 'fault', fault: 'mechanical' };
  if (status.offline) return { kind: 'no_answer', detail: status.feedPressed || status.feedingByButton ? 'offline while the feed button is pressed' : 'offline without a reason' };
  return { kind: 'ready', paper: status.paperLow ? 'low' : 'ok' };
}

export function sameState(a: PrinterState, b: PrinterState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
