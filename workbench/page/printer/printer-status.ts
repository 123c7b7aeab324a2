import type { PrinterView } from '../../state.ts';

export interface PrinterStatus {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly word: string;
  readonly note: string;
}

/** The one thing that matters most about the printer now. */
export function printerStatus({ machine, cable, bytesWaiting, bytesReceived }: PrinterView): PrinterStatus {
  const waiting = bytesWaiting > 0 ? `${bytesWaiting} bytes wait` : 'nothing waits';
  if (!machine.power) return { tone: 'bad', word: 'Power is off', note: 'it answers nothing' };
  if (cable === 'out') return { tone: 'bad', word: 'Cable is out', note: 'the kiosk has no port' };
  if (machine.coverOpen) return { tone: 'bad', word: 'Cover is open', note: waiting };
  if (machine.paper === 'out') return { tone: 'bad', word: 'Out of paper', note: waiting };
  if (machine.cutterJam || machine.tooHot || machine.broken) return { tone: 'bad', word: 'Fault', note: waiting };
  if (machine.paper === 'low') return { tone: 'warn', word: 'Paper is low', note: 'prints on' };
  return { tone: 'good', word: 'Ready', note: `${bytesReceived.toLocaleString('en')} bytes heard` };
}
