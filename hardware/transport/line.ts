import type { PortLocation } from '../../domain/device/location.ts';
import type { LocatedLimits, LocatedTransport } from './located.ts';
import { createLocatedTransport } from './located.ts';
import type { LineProbe } from './probed.ts';
import { createProbedTransport } from './probed.ts';
import type { PortLister } from './serial-list.ts';
import type { SerialSettings } from './serial.ts';
import { createSerialTransport } from './serial.ts';
import { createSilenceWatch } from './silence.ts';
import { createTcpTransport } from './tcp.ts';

export interface LineSettings extends Pick<SerialSettings, 'dataBits' | 'parity' | 'stopBits' | 'flowControl'> {
  readonly location: PortLocation;
  readonly baudRate: number;
  /** Asks which of these speeds the device has, `baudRate` first; only for devices whose family has such a question. */
  readonly probe?: { readonly baudRates: readonly number[]; readonly with: LineProbe };
  /** Opens the line anew when nothing was heard for so long though it was written to: see `createSilenceWatch`. */
  readonly silentMs?: number;
}

export interface LineDeps {
  readonly list: PortLister;
  readonly limits?: Partial<LocatedLimits>;
  readonly onBaudRate?: (baudRate: number) => void;
}

/** The line that a configuration names, closed. It finds its port at each opening, and its speed where that is wanted. */
export function createLine(settings: LineSettings, { list, limits = {}, onBaudRate = () => {} }: LineDeps): LocatedTransport {
  const { location, baudRate, probe, silentMs, ...serial } = settings;
  // A socket has no speed of ours: the device server has its own.
  const line = probe && location.kind !== 'tcp'
    ? createProbedTransport({ baudRates: [...new Set([baudRate, ...probe.baudRates])], connect: at, probe: probe.with, onSettled: onBaudRate })
    : at(baudRate);
  return silentMs === undefined ? line : createSilenceWatch(line, silentMs);

  function at(speed: number): LocatedTransport {
    return createLocatedTransport({
      location,
      list,
      limits,
      connect: (target) => (target.kind === 'tcp' ? createTcpTransport(target) : createSerialTransport({ ...serial, path: target.path, baudRate: speed })),
    });
  }
}
