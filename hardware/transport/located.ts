import type { LineFailure } from '../../domain/device/condition.ts';
import { portLocationText } from '../../domain/device/location.ts';
import type { PortLocation, UsbLocation } from '../../domain/device/location.ts';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { deadlinePassed, within } from './deadline.ts';
import { openFailureOf } from './open-failure.ts';
import { createRelay } from './relay.ts';
import type { PortLister, SerialPortInfo } from './serial-list.ts';
import type { Transport, TransportError } from './transport.ts';

/** A transport that says more of why it is not open than a driver passes on. */
export interface LocatedTransport extends Transport {
  /** Why it could not be opened last; undefined after it was, and before it was tried. */
  failure(): LineFailure | undefined;
  /** The port that it is open on now: "/dev/ttyUSB3". */
  port(): string | undefined;
}

export interface LocatedTransportOptions {
  readonly location: PortLocation;
  readonly list: PortLister;
  /** A transport for this one opening. */
  readonly connect: (target: Exclude<PortLocation, UsbLocation>) => Transport;
  readonly limits?: Partial<LocatedLimits>;
}

export interface LocatedLimits {
  readonly openMs: number;
  readonly closeMs: number;
  /** Beyond a write's own deadline. */
  readonly writeGraceMs: number;
}

/** Beyond what serial.ts and tcp.ts allow themselves: what ends here is a fault of theirs or of the operating system. */
const defaultLimits: LocatedLimits = { openMs: 8000, closeMs: 8000, writeGraceMs: 1000 };

/** Each may hold one of the four threads that all files of the process share, so a port that hangs is not tried for ever. */
const mostStuck = 2;

/**
 * A line that is looked for anew at each opening, so that a device may come back under another number, or a spare of the
 * same type in its place. Nothing beneath it can hang its caller: every open, write and close has a limit of its own here.
 */
export function createLocatedTransport(options: LocatedTransportOptions): LocatedTransport {
  const { location, list, connect } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const name = portLocationText(location);
  const relay = createRelay();
  let current: { readonly inner: Transport; readonly port: string } | undefined;
  let opening: Promise<Result<void, TransportError>> | undefined;
  let closing: Promise<void> = Promise.resolve();
  let failure: LineFailure | undefined;
  let stuck = 0;

  return {
    name,
    isOpen: () => current?.inner.isOpen() === true,
    open: () => (opening ??= openNow().finally(() => (opening = undefined))),
    async write(bytes, timeoutMs) {
      if (!current) return err({ kind: 'not_open', detail: name });
      try {
        const written = await within(current.inner.write(bytes, timeoutMs), timeoutMs + limits.writeGraceMs);
        return written === deadlinePassed ? err({ kind: 'write_timeout', detail: `${name}: the write did not end within ${timeoutMs} ms` }) : written;
      } catch (cause) {
        return err({ kind: 'write_failed', detail: messageOf(cause) });
      }
    },
    onData: relay.onData,
    onLost: relay.onLost,
    async close() {
      await opening;
      if (current) release(current.inner);
      await closing;
    },
    failure: () => failure,
    port: () => current?.port,
  };

  async function openNow(): Promise<Result<void, TransportError>> {
    if (current?.inner.isOpen()) return ok();
    if (current) release(current.inner);
    await closing;
    if (stuck >= mostStuck) return failed('stuck', `${name}: an earlier open or close has not ended yet`);
    const target = await find();
    if (!target.ok) return failed(target.error.reason, target.error.detail);

    const inner = connect(target.value);
    let lostWith: string | undefined;
    // Before it opens, so that no byte and no loss goes by unseen.
    relay.attach(inner, (detail) => {
      if (current?.inner !== inner) lostWith = detail;
      else lose(inner, detail);
    });
    const attempt = openSafely(inner);
    const opened = await within(attempt, limits.openMs);
    if (opened === deadlinePassed) {
      relay.detach();
      // It may open later: then nobody wants it, and it must not stay locked.
      countStuck(attempt.then(() => inner.close()));
      return failed('stuck', `${name} did not open within ${limits.openMs} ms`);
    }
    if (!opened.ok || lostWith !== undefined) {
      relay.detach();
      if (opened.ok) closeInner(inner);
      return opened.ok ? failed('other', lostWith ?? '') : failed(openFailureOf(opened.error), opened.error.detail);
    }
    current = { inner, port: portLocationText(target.value) };
    failure = undefined;
    return ok();
  }

  function failed(reason: LineFailure, detail: string): Result<void, TransportError> {
    failure = reason;
    return err({ kind: 'open_failed', detail, reason });
  }

  async function find(): Promise<Result<Exclude<PortLocation, UsbLocation>, { readonly reason: LineFailure; readonly detail: string }>> {
    if (location.kind !== 'usb') return ok(location);
    const ports = await list();
    if (!ports.ok) return err({ reason: 'other', detail: `${name}: ${ports.error}` });
    const [found, ...more] = ports.value.filter((port) => isAt(port, location));
    if (!found) return err({ reason: 'not_found', detail: `${name}: no such device is plugged in` });
    if (more.length > 0) return err({ reason: 'ambiguous', detail: `${name}: ${[found, ...more].map(({ path }) => path).join(' and ')} match` });
    return ok({ kind: 'path', path: found.path });
  }

  function lose(inner: Transport, detail: string): void {
    release(inner);
    relay.tellLost(detail);
  }

  function release(inner: Transport): void {
    relay.detach();
    current = undefined;
    closeInner(inner);
  }

  function closeInner(inner: Transport): void {
    const closed = closeSafely(inner);
    closing = within(closed, limits.closeMs).then((outcome) => {
      if (outcome === deadlinePassed) countStuck(closed);
    });
  }

  function countStuck(ending: Promise<unknown>): void {
    stuck += 1;
    const ended = () => {
      stuck -= 1;
    };
    ending.then(ended, ended);
  }
}

export function isAt({ usb }: SerialPortInfo, { vendorId, productId, serialNumber, interfaceNumber }: UsbLocation): boolean {
  if (!usb || usb.vendorId !== vendorId || usb.productId !== productId) return false;
  // A blank in it is a low line where udev wrote it down.
  if (serialNumber !== undefined && usb.serialNumber !== serialNumber && usb.serialNumber?.replaceAll(' ', '_') !== serialNumber) return false;
  return interfaceNumber === undefined || usb.interfaceNumber === interfaceNumber;
}

async function openSafely(inner: Transport): Promise<Result<void, TransportError>> {
  try {
    return await inner.open();
  } catch (cause) {
    return err({ kind: 'open_failed', detail: messageOf(cause) });
  }
}

async function closeSafely(inner: Transport): Promise<void> {
  try {
    await inner.close();
  } catch {
    // What cannot be closed is gone, or its process will be.
  }
}
