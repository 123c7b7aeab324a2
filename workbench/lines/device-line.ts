import type { Result } from '../../domain/result.ts';
import type { Transport } from '../../hardware/transport/transport.ts';

export type LineError =
  | { readonly kind: 'socat_missing'; readonly detail: string }
  | { readonly kind: 'line_failed'; readonly detail: string };

/** A simulated device's socket for a cable: takes a line, gives back how to let go of it. */
export type AttachDevice = (line: Transport) => () => void;

/** The line between the kiosk and one simulated device, and its cable. Plugged in when it is made. */
export interface DeviceLine {
  /** What goes into the kiosk's configuration: a device file, or `tcp://127.0.0.1:PORT`. The same after replugging. */
  readonly path: string;
  isPlugged(): boolean;
  plug(): Promise<Result<void, LineError>>;
  /** Whoever has the line open loses it, and cannot open it again until it is plugged in. */
  unplug(): Promise<void>;
}

export interface DeviceLineOptions {
  readonly name: 'printer' | 'terminal' | 'scanner';
  readonly attach: AttachDevice;
  /** The line went by itself, as when socat was ended from outside. */
  readonly onLost: () => void;
}
