import type { PortLocation } from '../../../domain/device/location.ts';
import { parsePortLocation } from '../../../domain/device/location.ts';
import type { Currency } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { LineSettings } from '../../transport/line.ts';
import { createLine } from '../../transport/line.ts';
import type { LocatedTransport } from '../../transport/located.ts';
import type { PortLister } from '../../transport/serial-list.ts';
import type { Transport } from '../../transport/transport.ts';
import { createMdbReader } from '../card-terminal/mdb-reader.ts';
import { mdbProfiles } from '../card-terminal/mdb-profiles.ts';
import type { CardTerminal } from '../card-terminal/port.ts';
import type { TerminalProfile } from '../card-terminal/profiles.ts';
import { terminalProfiles } from '../card-terminal/profiles.ts';
import type { TraceListener } from '../card-terminal/trace.ts';
import { createZvtTerminal } from '../card-terminal/zvt-terminal.ts';
import type { ReceiptPrinter } from '../receipt-printer/port.ts';
import type { PrinterProfile } from '../receipt-printer/profiles.ts';
import { printerProfiles } from '../receipt-printer/profiles.ts';
import type { Raster } from '../receipt-printer/raster/raster.ts';
import { createReceiptPrinter } from '../receipt-printer/receipt-printer.ts';
import type { Scanner } from '../scanner/port.ts';
import { scannerProfiles } from '../scanner/profiles.ts';
import { createScanner } from '../scanner/scanner.ts';
import { printerProbe, usualBaudRates, zvtProbe } from './probes.ts';

/** A device as a configuration names it. */
export interface DeviceSettings {
  /** As in `parsePortLocation`. */
  readonly path: string;
  /** `auto`: found out by asking, for printers and ZVT terminals; the profile's own for the others. */
  readonly baudRate: number | 'auto';
  readonly profile: string;
}

export interface AssembleDeps {
  readonly list: PortLister;
  /** Stands between a driver and its line. */
  readonly tap?: (line: Transport) => Transport;
  /** A speed was found out. */
  readonly onBaudRate?: (baudRate: number) => void;
}

export interface Assembled<Driver> {
  readonly driver: Driver;
  /** For `managedPrinter` and its like: it knows why the line is not open. */
  readonly line: LocatedTransport;
}

/** Of a socket, and of a device behind an adapter: longer than any driver waits for an answer. */
const silentMs = 30_000;

export interface AssemblePrinterDeps extends AssembleDeps {
  readonly startsAfterCrash?: boolean;
  /** Draws what the printer's font lacks. */
  readonly raster?: Raster;
}

/** The errors are what is wrong with the settings, for whoever wrote them. Nothing is opened before the driver is made. */
export function assemblePrinter(settings: DeviceSettings, deps: AssemblePrinterDeps): Result<Assembled<ReceiptPrinter> & { readonly profile: PrinterProfile }, string> {
  const profile = lookUp<PrinterProfile>(printerProfiles, settings.profile || 'generic-80');
  if (!profile) return unknownProfile(settings.profile, printerProfiles);
  // XON/XOFF is the driver's: the operating system would eat both before it sees them.
  const flowControl = profile.flowControl === 'rts_cts' ? 'rts_cts' : 'none';
  return withLine(settings, profile.baud, deps, { flowControl, silentMs, probe: { baudRates: usualBaudRates, with: printerProbe } }, (transport, baud) =>
    ({ profile, driver: createReceiptPrinter({ transport, profile, baud, startsAfterCrash: deps.startsAfterCrash ?? false, ...(deps.raster ? { raster: deps.raster } : {}) }) }));
}

export interface AssembleTerminalDeps extends AssembleDeps {
  readonly currency: Currency;
  readonly trace?: TraceListener;
  readonly canPrint?: () => boolean;
}

/** ZVT or MDB, by the name of the profile. */
export function assembleTerminal(settings: DeviceSettings, deps: AssembleTerminalDeps): Result<Assembled<CardTerminal>, string> {
  const { currency, trace = () => {}, canPrint = () => true } = deps;
  const zvt = lookUp<TerminalProfile>(terminalProfiles, settings.profile || 'specification');
  if (zvt) {
    const onLine = { stopBits: zvt.stopBits, silentMs, ...(zvt.framing === 'serial' ? { probe: { baudRates: usualBaudRates, with: zvtProbe } } : {}) } as const;
    return withLine(settings, zvt.baudRate, deps, onLine, (transport) => ({ driver: createZvtTerminal({ transport, profile: { ...zvt, currency }, trace, canPrint }) }));
  }
  const mdb = lookUp(mdbProfiles, settings.profile);
  if (!mdb) return unknownProfile(settings.profile, { ...terminalProfiles, ...mdbProfiles });
  return withLine(settings, mdb.baudRate, deps, {}, (transport) => ({ driver: createMdbReader({ transport, profile: { ...mdb, currency }, trace }) }));
}

export function assembleScanner(settings: DeviceSettings, deps: AssembleDeps): Result<Assembled<Scanner>, string> {
  const profile = lookUp(scannerProfiles, settings.profile || 'lines');
  if (!profile) return unknownProfile(settings.profile, scannerProfiles);
  return withLine(settings, 9600, deps, {}, (transport) => ({ driver: createScanner({ transport, profile }) }));
}

type LineOptions = Omit<LineSettings, 'location' | 'baudRate'>;

function withLine<Made extends object>(
  { path, baudRate }: DeviceSettings,
  usualBaudRate: number,
  { list, tap = (line) => line, onBaudRate = () => {} }: AssembleDeps,
  { probe, silentMs: limit, ...serial }: LineOptions,
  make: (transport: Transport, baudRate: number) => Made,
): Result<Made & { readonly line: LocatedTransport }, string> {
  const location = parsePortLocation(path);
  if (!location.ok) return err(location.error);
  const isProbed = baudRate === 'auto' && probe !== undefined;
  const speed = baudRate === 'auto' ? usualBaudRate : baudRate;
  // A plain serial line tells its loss by itself, and keeps the speed that was written down.
  const isWatched = limit !== undefined && (isProbed || isSocket(location.value));
  const line = createLine({ ...serial, location: location.value, baudRate: speed, ...(isProbed ? { probe } : {}), ...(isWatched ? { silentMs: limit } : {}) }, { list, onBaudRate });
  // A driver reckons its patience by the speed: while that is not known, by the slowest that it may be.
  const slowest = isProbed ? Math.min(speed, ...probe.baudRates) : speed;
  return ok({ ...make(tap(line), slowest), line });
}

function isSocket(location: PortLocation): boolean {
  return location.kind === 'tcp';
}

function unknownProfile(name: string, profiles: object): Result<never, string> {
  return err(`there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`);
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
