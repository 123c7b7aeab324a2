import type { LineFailure, ScannerInput } from '../../../domain/device/condition.ts';
import { printerCondition, scannerCondition, terminalCondition } from '../../../domain/device/condition.ts';
import type { CardTerminal } from '../card-terminal/port.ts';
import type { ReceiptPrinter } from '../receipt-printer/port.ts';
import type { ManagedDevice } from './manager.ts';

/** The line under a driver, as far as the manager asks it: a located transport, or anything that cannot say more. */
interface Line {
  failure?(): LineFailure | undefined;
}

type Watched<State> = {
  state(): State;
  onState(listener: (state: State) => void): () => void;
  close(): Promise<void>;
};

/** Each function takes the driver and the line that it was given. */
export function managedPrinter(name: string, printer: Pick<ReceiptPrinter, keyof Watched<unknown>>, line: Line = {}): ManagedDevice {
  return { name, kind: 'receipt_printer', condition: () => printerCondition(printer.state(), line.failure?.()), ...watching(printer) };
}

export function managedTerminal(name: string, terminal: Pick<CardTerminal, keyof Watched<unknown>>, line: Line = {}): ManagedDevice {
  return { name, kind: 'card_terminal', condition: () => terminalCondition(terminal.state(), line.failure?.()), ...watching(terminal) };
}

export function managedScanner(name: string, scanner: Watched<ScannerInput>, line: Line = {}): ManagedDevice {
  return { name, kind: 'scanner', condition: () => scannerCondition(scanner.state(), line.failure?.()), ...watching(scanner) };
}

function watching<State>(device: Watched<State>): Pick<ManagedDevice, 'onCondition' | 'close'> {
  return { onCondition: (listener) => device.onState(() => listener()), close: () => device.close() };
}
