import type { DeviceCondition, DeviceKind, DeviceState } from '../../../domain/device/state.ts';
import { deviceState } from '../../../domain/device/state.ts';
import { deadlinePassed, within } from '../../transport/deadline.ts';

/** Any device, as the manager needs it: `managed.ts` makes one of each driver. */
export interface ManagedDevice {
  /** Unique in its kiosk. */
  readonly name: string;
  readonly kind: DeviceKind;
  condition(): DeviceCondition;
  onCondition(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface DeviceManager {
  /** In the order in which they were given. */
  states(): readonly DeviceState[];
  state(name: string): DeviceState | undefined;
  /** After a code or its detail has changed. `before` has the code that it was. */
  onChange(listener: (state: DeviceState, before: DeviceState) => void): () => void;
  /**
   * Closes all, the last first, each within the limit, and answers the names of those that did not end in time. What they
   * say meanwhile is not told any more. Never rejects.
   */
  close(): Promise<readonly string[]>;
}

export interface DeviceManagerDeps {
  readonly devices: readonly ManagedDevice[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly closeTimeoutMs?: number;
}

/** The devices of a kiosk as one list of typed states. The drivers keep their lines by themselves; this one only watches. */
export function createDeviceManager({ devices, now, closeTimeoutMs = 10_000 }: DeviceManagerDeps): DeviceManager {
  const names = new Set(devices.map(({ name }) => name));
  if (names.size !== devices.length) throw new Error('two devices have the same name');
  const listeners = new Set<(state: DeviceState, before: DeviceState) => void>();
  const states = new Map(devices.map((device) => [device.name, deviceState(device, device.condition(), now())]));
  const stops = devices.map((device) => device.onCondition(() => look(device)));
  let closing: Promise<readonly string[]> | undefined;

  return {
    states: () => [...states.values()],
    state: (name) => states.get(name),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => (closing ??= closeAll()),
  };

  function look(device: ManagedDevice): void {
    const before = states.get(device.name);
    const condition = device.condition();
    if (!before) return;
    const state = deviceState(device, condition, before.code === condition.code ? before.since : now());
    if (state.code === before.code && state.detail === before.detail) return;
    states.set(device.name, state);
    for (const listener of [...listeners]) listener(state, before);
  }

  async function closeAll(): Promise<readonly string[]> {
    for (const stop of stops) stop();
    listeners.clear();
    const late: string[] = [];
    for (const device of devices.toReversed()) {
      // A rejection is an end, too.
      const closed = await within(closeSafely(device), closeTimeoutMs);
      if (closed === deadlinePassed) late.push(device.name);
    }
    return late;
  }
}

async function closeSafely(device: ManagedDevice): Promise<void> {
  try {
    await device.close();
  } catch {
    // It holds nothing that others need; the process ends after this.
  }
}
