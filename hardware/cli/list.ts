import { realpath } from 'node:fs/promises';
import { parsePortLocation } from '../../domain/device/location.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { isAt } from '../transport/located.ts';
import type { PortLister, SerialPortInfo } from '../transport/serial-list.ts';
import type { CliError } from './cli-error.ts';
import type { DeviceSetting } from './config.ts';
import type { ExitCode, Io } from './io.ts';

/** The ports of this machine, and where each configured device is. 1 where one of them is not there. */
export async function listPorts(settings: readonly DeviceSetting[], io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  const listed = await list();
  if (!listed.ok) return err({ code: 'PORTS_UNKNOWN', detail: listed.error });
  const ports = listed.value;
  const placed = await Promise.all(settings.map(async (setting) => ({ setting, at: await portsOf(setting, ports) })));
  io.out(ports.length === 0 ? 'This machine has no serial ports.' : 'Ports of this machine:');
  for (const port of ports) {
    const owners = placed.filter(({ at }) => at?.includes(port.path)).map(({ setting }) => setting.name);
    io.out(`  ${port.path.padEnd(16)} ${usbText(port).padEnd(28)} ${owners.join(', ')}`.trimEnd());
    if (port.byId) io.out(`  ${' '.repeat(16)} ${port.byId}`);
  }
  if (placed.length > 0) io.out('Configured:');
  let missing = 0;
  for (const { setting, at } of placed) {
    const where = at === undefined ? 'through the network' : at.length === 0 ? 'NOT THERE' : at.length > 1 ? `AMBIGUOUS: ${at.join(' and ')}` : `at ${at[0]}`;
    if (at !== undefined && at.length !== 1) missing += 1;
    io.out(`  ${setting.name.padEnd(16)} ${setting.path} ${setting.baudRate} ${setting.profile}: ${where}`);
  }
  return ok(missing === 0 ? 0 : 1);
}

/** The ports that a setting means now; undefined where it means none of this machine. */
async function portsOf({ path }: DeviceSetting, ports: readonly SerialPortInfo[]): Promise<readonly string[] | undefined> {
  const location = parsePortLocation(path);
  if (!location.ok) return [];
  const wanted = location.value;
  if (wanted.kind === 'tcp') return undefined;
  if (wanted.kind === 'usb') return ports.filter((port) => isAt(port, wanted)).map((port) => port.path);
  const real = await realpath(wanted.path).catch(() => undefined);
  if (real === undefined) return ports.some((port) => port.path === wanted.path) ? [wanted.path] : [];
  return [real];
}

function usbText({ usb }: SerialPortInfo): string {
  if (!usb) return 'on the board';
  const { vendorId, productId, serialNumber, interfaceNumber, manufacturer, product } = usb;
  const address = `usb:${vendorId}:${productId}${serialNumber && !/[\s#]/.test(serialNumber) ? `:${serialNumber}` : ''}${interfaceNumber ? `#${interfaceNumber}` : ''}`;
  return [address, manufacturer, product].filter(Boolean).join(' ');
}
