/** What the four answers to DLE EOT 1-4 say, bit by bit (Epson TM-T88III specification, DLE EOT). */
export interface PrinterStatus {
  readonly drawerPinHigh: boolean;
  readonly offline: boolean;
  /** The printer waits for its online recovery (n=1 bit 5). */
  readonly waitingToRecover: boolean;
  readonly feedPressed: boolean;
  readonly coverOpen: boolean;
  readonly feedingByButton: boolean;
  /** Printing stopped because paper ran out (n=2 bit 5). */
  readonly stoppedByPaper: boolean;
  readonly stoppedByError: boolean;
  readonly recoverableError: boolean;
  readonly cutterError: boolean;
  readonly unrecoverableError: boolean;
  /** Recovers without help: the head is too hot. */
  readonly selfRecoveringError: boolean;
  readonly paperLow: boolean;
  readonly paperOut: boolean;
}

/** The four answers, n=1 to n=4. Where two bits say the same, one of them is enough: not every maker sets both. */
export type StatusAnswers = readonly [printer: number, offline: number, error: number, paper: number];

export function parseStatus([printer, offline, error, paper]: StatusAnswers): PrinterStatus {
  return {
    drawerPinHigh: has(printer, 0x04),
    offline: has(printer, 0x08),
    waitingToRecover: has(printer, 0x20),
    feedPressed: has(printer, 0x40),
    coverOpen: has(offline, 0x04),
    feedingByButton: has(offline, 0x08),
    stoppedByPaper: has(offline, 0x20),
    stoppedByError: has(offline, 0x40),
    recoverableError: has(error, 0x04),
    cutterError: has(error, 0x08),
    unrecoverableError: has(error, 0x20),
    selfRecoveringError: has(error, 0x40),
    paperLow: has(paper, 0x0c),
    paperOut: has(paper, 0x60),
  };
}

function has(byte: number, bits: number): boolean {
  return (byte & bits) !== 0;
}
