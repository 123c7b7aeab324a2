import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { DeviceState } from '../../domain/device/state.ts';
import type { Currency } from '../../domain/money.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CardTerminal } from '../../hardware/device/card-terminal/port.ts';
import type { AssembleDeps } from '../../hardware/device/manager/assemble.ts';
import { assemblePrinter, assembleScanner, assembleTerminal } from '../../hardware/device/manager/assemble.ts';
import { managedPrinter, managedScanner, managedTerminal } from '../../hardware/device/manager/managed.ts';
import type { ManagedDevice } from '../../hardware/device/manager/manager.ts';
import { createDeviceManager } from '../../hardware/device/manager/manager.ts';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import type { PrinterProfile } from '../../hardware/device/receipt-printer/profiles.ts';
import { createRaster } from '../../hardware/device/receipt-printer/raster/raster.ts';
import type { Scanner } from '../../hardware/device/scanner/port.ts';
import { createPortLister } from '../../hardware/transport/serial-list.ts';
import type { Transport } from '../../hardware/transport/transport.ts';
import type { Log } from './log.ts';
import type { ReconnectableLine } from './reconnectable.ts';
import { createReconnectableLine } from './reconnectable.ts';

export interface Devices {
  readonly printer: ReceiptPrinter;
  readonly printerProfile: PrinterProfile;
  readonly kitchenPrinter: ReceiptPrinter | undefined;
  readonly terminal: CardTerminal;
  readonly scanner: Scanner | undefined;
  /** Each device with its code, since when, and what to do. */
  states(): readonly DeviceState[];
  /** After a code or its detail has changed. */
  onChange(listener: () => void): () => void;
  /** Closes the line to this device and opens it anew. False where there is none of this name. */
  reconnect(name: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface DevicesDeps {
  readonly config: KioskConfig;
  /** What the terminal is registered for. */
  readonly currency: Currency;
  /** The last slip of each printer is not known to have come out whole: half of it may hang there. */
  readonly mayHoldHalf: { readonly receipt: boolean; readonly kitchen: boolean };
  readonly log: Log;
  readonly now: () => number;
  /** Stands between a driver and its line. For tests that stop the process at any byte. */
  readonly tap?: LineTap;
}

export type LineTap = (device: 'receipt_printer' | 'card_terminal', line: Transport) => Transport;

/** The devices that the configuration names. They open and watch their lines by themselves; a missing one is a state, no error. */
export function createDevices({ config, currency, mayHoldHalf, log, now, tap }: DevicesDeps): Result<Devices, CodedError> {
  const list = createPortLister();
  const made: ManagedDevice[] = [];
  const lines = new Map<string, ReconnectableLine>();
  const depsOf = (name: string, kind?: Parameters<LineTap>[0]): AssembleDeps => ({
    list,
    onBaudRate: (baudRate) => log.info(`${name} found at ${baudRate} baud`),
    tap(line) {
      const reconnectable = createReconnectableLine(line);
      lines.set(name, reconnectable);
      return tap && kind ? tap(kind, reconnectable) : reconnectable;
    },
  });
  /** What was made before opens its line by itself: a mistake further down must leave nothing open. */
  const refused = (key: string, why: string) => {
    for (const device of made) void device.close();
    return err(codedError('CONFIG_INVALID', `${key}: ${why}`));
  };

  const raster = createRaster({ onFault: (detail) => log.warn('what the printer lacks cannot be drawn', { detail }) });
  const printer = assemblePrinter(config.printer, { ...depsOf('receipt printer', 'receipt_printer'), startsAfterCrash: mayHoldHalf.receipt, raster });
  if (!printer.ok) return refused('printer', printer.error);
  made.push(managedPrinter('receipt printer', printer.value.driver, printer.value.line));

  const kitchen = config.kitchenPrinter && assemblePrinter(config.kitchenPrinter, { ...depsOf('kitchen printer'), startsAfterCrash: mayHoldHalf.kitchen, raster });
  if (kitchen && !kitchen.ok) return refused('kitchenPrinter', kitchen.error);
  if (kitchen) made.push(managedPrinter('kitchen printer', kitchen.value.driver, kitchen.value.line));

  const canPrint = () => printer.value.driver.state().kind === 'ready';
  const terminal = assembleTerminal(config.cardTerminal, { ...depsOf('card terminal', 'card_terminal'), currency, canPrint });
  if (!terminal.ok) return refused('cardTerminal', terminal.error);
  made.push(managedTerminal('card terminal', terminal.value.driver, terminal.value.line));

  const scanner = config.scanner && assembleScanner(config.scanner, depsOf('scanner'));
  if (scanner && !scanner.ok) return refused('scanner', scanner.error);
  if (scanner) made.push(managedScanner('scanner', scanner.value.driver, scanner.value.line));

  const manager = createDeviceManager({ devices: made, now });
  manager.onChange((state, before) => {
    // A terminal at work is no news.
    if (state.severity === 'ok' && before.severity === 'ok') return;
    const fields = { source: 'devices', event: 'device', device: state.name, code: state.code, ...(state.detail ? { detail: state.detail } : {}) };
    if (state.severity === 'ok') log.info('device', fields);
    else log.warn('device', fields);
  });
  return ok({
    printer: printer.value.driver,
    printerProfile: printer.value.profile,
    kitchenPrinter: kitchen?.value.driver,
    terminal: terminal.value.driver,
    scanner: scanner?.value.driver,
    states: manager.states,
    onChange: (listener) => manager.onChange(() => listener()),
    async reconnect(name) {
      const line = lines.get(name);
      await line?.reconnect();
      return line !== undefined;
    },
    async close() {
      const late = await manager.close();
      if (late.length > 0) log.warn('devices did not close in time', { devices: late.join(', ') });
    },
  });
}
