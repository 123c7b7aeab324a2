import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Currency } from '../../domain/money.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CardTerminal } from '../../hardware/device/card-terminal/port.ts';
import { terminalProfiles } from '../../hardware/device/card-terminal/profiles.ts';
import { createZvtTerminal } from '../../hardware/device/card-terminal/zvt-terminal.ts';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import { printerProfiles } from '../../hardware/device/receipt-printer/profiles.ts';
import { createReceiptPrinter } from '../../hardware/device/receipt-printer/receipt-printer.ts';
import type { SerialSettings } from '../../hardware/transport/serial.ts';
import { createSerialTransport } from '../../hardware/transport/serial.ts';
import { createTcpTransport } from '../../hardware/transport/tcp.ts';
import type { Transport } from '../../hardware/transport/transport.ts';
import type { Log } from './log.ts';

export interface Devices {
  readonly printer: ReceiptPrinter;
  readonly kitchenPrinter: ReceiptPrinter | undefined;
  readonly terminal: CardTerminal;
  close(): Promise<void>;
}

export interface DevicesDeps {
  readonly config: KioskConfig;
  /** What the terminal is registered for. */
  readonly currency: Currency;
  /** The kiosk went down while a receipt was being printed: half of it may hang in the printer. */
  readonly printInterrupted: boolean;
  readonly log: Log;
  /** Stands between a driver and its line. For tests that stop the process at any byte. */
  readonly tap?: LineTap;
}

export type LineTap = (device: 'receipt_printer' | 'card_terminal', line: Transport) => Transport;

/** The devices that the configuration names. They open and watch their lines by themselves; a missing one is a state, no error. */
export function createDevices({ config, currency, printInterrupted, log, tap = (_device, line) => line }: DevicesDeps): Result<Devices, CodedError> {
  for (const [key, printer] of [['printer', config.printer], ['kitchenPrinter', config.kitchenPrinter]] as const) {
    if (printer && !lookUp(printerProfiles, printer.profile)) return err(codedError('CONFIG_INVALID', `${key}.profile: there is no "${printer.profile}"`));
  }
  const terminalProfile = lookUp(terminalProfiles, config.cardTerminal.profile);
  if (!terminalProfile) return err(codedError('CONFIG_INVALID', `cardTerminal.profile: there is no "${config.cardTerminal.profile}"`));

  const printer = printerAt('receipt printer', config.printer);
  const kitchenPrinter = config.kitchenPrinter && printerAt('kitchen printer', config.kitchenPrinter);
  const terminal = createZvtTerminal({
    transport: tap('card_terminal', createTransport({ path: config.cardTerminal.path, baudRate: config.cardTerminal.baudRate, stopBits: terminalProfile.stopBits })),
    profile: { ...terminalProfile, currency },
  });
  terminal.onState((state) => {
    if (state.kind !== 'busy') log.info('card terminal', { state: state.kind, ...('detail' in state ? { detail: state.detail } : {}) });
  });
  return ok({
    printer, kitchenPrinter, terminal,
    async close() {
      await Promise.all([printer.close(), kitchenPrinter?.close(), terminal.close()]);
    },
  });

  function printerAt(name: string, { path, baudRate, profile }: KioskConfig['printer']): ReceiptPrinter {
    const made = createReceiptPrinter({
      transport: tap('receipt_printer', createTransport({ path, baudRate })),
      profile: lookUp(printerProfiles, profile)!,
      baud: baudRate,
      startsAfterCrash: printInterrupted,
    });
    made.onState((state) => log.info(name, { state: state.kind, ...('detail' in state ? { detail: state.detail } : {}) }));
    return made;
  }
}

/** "tcp://host:port" is a line that a socket passes on; everything else is a serial port. */
function createTransport(settings: SerialSettings): Transport {
  const socket = /^tcp:\/\/([^:/]+):(\d{1,5})$/.exec(settings.path);
  return socket ? createTcpTransport({ host: socket[1]!, port: Number(socket[2]) }) : createSerialTransport(settings);
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
