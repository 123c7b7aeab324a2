import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { SerialLineError } from '../../hardware/sim/lines/socat.ts';
import { createSerialLine } from '../../hardware/sim/lines/socat.ts';
import type { DeviceLine, DeviceLineOptions, LineError } from './device-line.ts';

export interface SerialDeviceLineOptions extends DeviceLineOptions {
  readonly folder: string;
  readonly socatPath?: string;
}

/** A device at the far end of two pseudo terminals: the kiosk opens a real serial port. */
export async function openSerialDeviceLine({ folder, name, socatPath, attach, onLost }: SerialDeviceLineOptions): Promise<Result<DeviceLine, LineError>> {
  const made = await createSerialLine({ folder, name, ...(socatPath === undefined ? {} : { socatPath }) });
  if (!made.ok) return err(lineError(made.error));
  const { path, deviceEnd, isPlugged, plug, unplug } = made.value;
  // Once for all: the device's end keeps its listeners while the cable is out.
  attach(deviceEnd);
  deviceEnd.onLost(onLost);
  return ok({
    path,
    isPlugged,
    async plug() {
      const plugged = await plug();
      return plugged.ok ? ok() : err(lineError(plugged.error));
    },
    unplug,
  });
}

function lineError({ kind, detail }: SerialLineError): LineError {
  return { kind: kind === 'socat_missing' ? kind : 'line_failed', detail };
}
