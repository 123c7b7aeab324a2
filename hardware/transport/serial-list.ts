import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SerialPort } from 'serialport';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { deadlinePassed, within } from './deadline.ts';

/** A serial port that is there now. */
export interface SerialPortInfo {
  /** "/dev/ttyUSB0", "COM3": may be another after replugging. */
  readonly path: string;
  /** The link that stays the same after replugging, where udev made one. */
  readonly byId?: string;
  readonly usb?: UsbIdentity;
}

export interface UsbIdentity {
  /** Four hex digits, lower case. */
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber?: string;
  readonly interfaceNumber?: number;
  readonly manufacturer?: string;
  readonly product?: string;
}

/** Never rejects. The error is for the log. */
export type PortLister = () => Promise<Result<readonly SerialPortInfo[], string>>;

export interface SerialListOptions {
  readonly platform?: NodeJS.Platform;
  /** Where Linux tells of its devices. */
  readonly sysFolder?: string;
  readonly devFolder?: string;
  readonly timeoutMs?: number;
}

/**
 * On Linux sysfs is read directly: serialport's list starts `udevadm` each time, which a kiosk that looks for a missing
 * device would do every few seconds for ever, and where no process can be started its error ends ours (13.0.0: without
 * file descriptors `spawn` gives a child without `stdout`, and the 'error' that follows has no listener).
 */
export function createPortLister(options: SerialListOptions = {}): PortLister {
  const { platform = process.platform, sysFolder = '/sys', devFolder = '/dev', timeoutMs = 5000 } = options;
  return async () => {
    try {
      const ports = await within(platform === 'linux' ? listFromSysfs(sysFolder, devFolder) : listFromSerialport(), timeoutMs);
      return ports === deadlinePassed ? err(`the ports were not listed within ${timeoutMs} ms`) : ok(ports);
    } catch (cause) {
      return err(messageOf(cause));
    }
  };
}

async function listFromSysfs(sysFolder: string, devFolder: string): Promise<SerialPortInfo[]> {
  const folder = join(sysFolder, 'class/tty');
  const [names, links] = await Promise.all([readdir(folder), linksById(devFolder)]);
  const ports = await Promise.all(names.toSorted(inNaturalOrder).map(async (name): Promise<SerialPortInfo | undefined> => {
    // Consoles and pseudo terminals have no device behind them; a UART of type 0 is a place on the board without a chip.
    const device = await realpath(join(folder, name, 'device')).catch(() => undefined);
    if (device === undefined || (await textOf(join(folder, name, 'type'))) === '0') return undefined;
    const path = join(devFolder, name);
    const [byId, usb] = [links.get(path), await usbOf(device)];
    return { path, ...(byId ? { byId } : {}), ...(usb ? { usb } : {}) };
  }));
  return ports.filter((port) => port !== undefined);
}

/** "/dev/ttyUSB0" to its link in /dev/serial/by-id, which only udev makes. */
async function linksById(devFolder: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(devFolder, 'serial/by-id');
  const names = await readdir(folder).catch(() => []);
  const pairs = await Promise.all(names.map(async (name) => {
    const link = join(folder, name);
    return [await realpath(link).catch(() => ''), link] as const;
  }));
  return new Map(pairs);
}

/** Above the port stands its USB interface (bInterfaceNumber), and above that the USB device (idVendor, idProduct). */
async function usbOf(device: string): Promise<UsbIdentity | undefined> {
  let interfaceNumber: number | undefined;
  for (let folder = device; folder !== dirname(folder); folder = dirname(folder)) {
    const number = await textOf(join(folder, 'bInterfaceNumber'));
    if (number !== undefined) interfaceNumber ??= Number.parseInt(number, 16);
    const vendorId = await textOf(join(folder, 'idVendor'));
    if (vendorId === undefined) continue;
    const [productId, serialNumber, manufacturer, product] = await Promise.all(['idProduct', 'serial', 'manufacturer', 'product'].map((name) => textOf(join(folder, name))));
    return {
      vendorId: vendorId.toLowerCase(),
      productId: (productId ?? '').toLowerCase(),
      ...(serialNumber ? { serialNumber } : {}),
      ...(interfaceNumber === undefined ? {} : { interfaceNumber }),
      ...(manufacturer ? { manufacturer } : {}),
      ...(product ? { product } : {}),
    };
  }
  return undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then((text) => text.trim(), () => undefined);
}

function inNaturalOrder(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** Windows and macOS: their bindings ask the system itself and start no process. */
async function listFromSerialport(): Promise<SerialPortInfo[]> {
  const ports = await SerialPort.list();
  return ports.map(({ path, vendorId, productId, serialNumber, manufacturer }) => ({
    path,
    ...(vendorId && productId
      ? { usb: { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), ...(serialNumber ? { serialNumber } : {}), ...(manufacturer ? { manufacturer } : {}) } }
      : {}),
  }));
}
