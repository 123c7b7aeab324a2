import type { DeviceState } from '../../domain/device/state.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { assemblePrinter, assembleScanner, assembleTerminal } from '../device/manager/assemble.ts';
import type { AssembleDeps } from '../device/manager/assemble.ts';
import { managedPrinter, managedScanner, managedTerminal } from '../device/manager/managed.ts';
import type { DeviceManager, ManagedDevice } from '../device/manager/manager.ts';
import { createDeviceManager } from '../device/manager/manager.ts';
import type { CardTerminal } from '../device/card-terminal/port.ts';
import type { ReceiptPrinter } from '../device/receipt-printer/port.ts';
import type { PrinterProfile } from '../device/receipt-printer/profiles.ts';
import type { LocatedTransport } from '../transport/located.ts';
import type { CliError } from './cli-error.ts';
import type { DeviceSetting } from './config.ts';
import type { Io } from './io.ts';

export interface OpenDevice {
  readonly setting: DeviceSetting;
  readonly line: LocatedTransport;
  readonly printer?: { readonly driver: ReceiptPrinter; readonly profile: PrinterProfile };
  readonly terminal?: CardTerminal;
}

export interface OpenDevices {
  readonly manager: DeviceManager;
  readonly devices: ReadonlyMap<string, OpenDevice>;
  /** Waits until each has said what it is, at most so long. */
  settled(timeoutMs: number): Promise<readonly DeviceState[]>;
}

/** The drivers that the kiosk itself uses, on lines of our own. They open by themselves; the caller closes `manager`. */
export function openDevices(settings: readonly DeviceSetting[], io: Io, list: AssembleDeps['list']): Result<OpenDevices, CliError> {
  const devices = new Map<string, OpenDevice>();
  const managed: ManagedDevice[] = [];
  for (const setting of settings) {
    const { name } = setting;
    const made = assemble(setting, io, list);
    if (!made.ok) {
      for (const device of managed) void device.close();
      return err({ code: 'CONFIG_INVALID', detail: `${name}: ${made.error}` });
    }
    devices.set(name, made.value.device);
    managed.push(made.value.managed);
  }
  const manager = createDeviceManager({ devices: managed, now: io.now });
  return ok({ manager, devices, settled: (timeoutMs) => settled(manager, devices, timeoutMs, io) });
}

function assemble(setting: DeviceSetting, io: Io, list: AssembleDeps['list']): Result<{ readonly device: OpenDevice; readonly managed: ManagedDevice }, string> {
  const { name } = setting;
  const deps: AssembleDeps = { list, onBaudRate: (baudRate) => io.out(`${name}: answers at ${baudRate} baud`) };
  switch (setting.kind) {
    case 'printer': {
      const made = assemblePrinter(setting, deps);
      if (!made.ok) return made;
      const { driver, line, profile } = made.value;
      return ok({ device: { setting, line, printer: { driver, profile } }, managed: managedPrinter(name, driver, line) });
    }
    case 'terminal': {
      // The currency is what a terminal is registered for; nothing is sold here, and the kiosk registers it anew.
      const made = assembleTerminal(setting, { ...deps, currency: 'CNY' });
      if (!made.ok) return made;
      const { driver, line } = made.value;
      driver.onRefusedApproval(({ receiptNumber = 'unknown', traceNumber = 'unknown' }) => {
        io.err(`TERMINAL_REFUSED_APPROVAL: The terminal approved a payment that no kiosk was waiting for (receipt ${receiptNumber}, trace ${traceNumber}); it was refused, so compare the terminal's journal with the kiosk's unsettled payments.`);
      });
      return ok({ device: { setting, line, terminal: driver }, managed: managedTerminal(name, driver, line) });
    }
    case 'scanner': {
      const made = assembleScanner(setting, deps);
      if (!made.ok) return made;
      const { driver, line } = made.value;
      return ok({ device: { setting, line }, managed: managedScanner(name, driver, line) });
    }
  }
}

/** A device has said what it is when it answers, or when its line could not be opened. */
function hasSettled(state: DeviceState, line: LocatedTransport | undefined): boolean {
  const failure = line?.failure();
  if (failure !== undefined) return true;
  return line?.isOpen() === true && !state.code.endsWith('_STARTING') && !state.code.endsWith('_UNPLUGGED');
}

function settled(manager: DeviceManager, devices: ReadonlyMap<string, OpenDevice>, timeoutMs: number, { stopped }: Io): Promise<readonly DeviceState[]> {
  return new Promise((resolve) => {
    const stop = manager.onChange(look);
    const timer = setTimeout(done, timeoutMs);
    stopped.addEventListener('abort', done, { once: true });
    look();

    function look(): void {
      if (manager.states().every((state) => hasSettled(state, devices.get(state.name)?.line))) done();
    }

    function done(): void {
      clearTimeout(timer);
      stop();
      stopped.removeEventListener('abort', done);
      resolve(manager.states());
    }
  });
}
