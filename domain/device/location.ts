import { z } from 'zod';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';

/** Where a device's line is. Only `path` names a port for good: the others are looked for at each opening. */
export type PortLocation =
  | { readonly kind: 'path'; readonly path: string }
  /** A device server that passes a serial line on unchanged. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | UsbLocation;

/** A USB adapter or device, whatever number its port has after replugging. Ids are four hex digits, lower case. */
export interface UsbLocation {
  readonly kind: 'usb';
  readonly vendorId: string;
  readonly productId: string;
  /** Without one: the only one of its type, so that a spare of the same type is taken as it is. */
  readonly serialNumber?: string;
  /** Adapters with several ports, and terminals with several channels, tell them by this. */
  readonly interfaceNumber?: number;
}

const tcp = /^tcp:\/\/(\[[0-9a-f:.]+\]|[^:/\s[\]]+):(\d{1,5})$/i;
const usb = /^usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([^#\s]{1,100}))?(?:#(\d{1,2}))?$/i;

/** "/dev/serial/by-id/…", "COM3", "tcp://host:port", "usb:0403:6001", "usb:0403:6001:A10K5XYZ" or "usb:0403:6011:A10K5XYZ#2". The error is for people. */
export function parsePortLocation(text: string): Result<PortLocation, string> {
  if (/^tcp:/i.test(text)) return parseTcp(text);
  if (/^usb:/i.test(text)) return parseUsb(text);
  if (text === '' || text !== text.trim() || text.includes('\0')) return err('a port is written as a path, tcp://host:port or usb:vendor:product');
  return ok({ kind: 'path', path: text });
}

export function portLocationText(location: PortLocation): string {
  switch (location.kind) {
    case 'path':
      return location.path;
    case 'tcp':
      return `tcp://${location.host.includes(':') ? `[${location.host}]` : location.host}:${location.port}`;
    case 'usb': {
      const { vendorId, productId, serialNumber, interfaceNumber } = location;
      return `usb:${vendorId}:${productId}${serialNumber === undefined ? '' : `:${serialNumber}`}${interfaceNumber === undefined ? '' : `#${interfaceNumber}`}`;
    }
  }
}

/** As it stands in a configuration file. */
export const portLocationSchema = z.string().min(1).max(300).superRefine((text, context) => {
  const parsed = parsePortLocation(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error });
});

function parseTcp(text: string): Result<PortLocation, string> {
  const [, host = '', digits = ''] = tcp.exec(text) ?? [];
  const port = Number(digits);
  if (!host || port < 1 || port > 65_535) return err('a line through a socket is written tcp://host:port');
  return ok({ kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port });
}

function parseUsb(text: string): Result<PortLocation, string> {
  const [, vendorId, productId, serialNumber, interfaceNumber] = usb.exec(text) ?? [];
  if (!vendorId || !productId) return err('a USB device is written usb:vendor:product, usb:vendor:product:serial or usb:vendor:product:serial#interface, with four hex digits each');
  return ok({
    kind: 'usb',
    vendorId: vendorId.toLowerCase(),
    productId: productId.toLowerCase(),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(interfaceNumber === undefined ? {} : { interfaceNumber: Number(interfaceNumber) }),
  });
}
