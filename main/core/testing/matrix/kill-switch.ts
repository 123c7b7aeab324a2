import type { Transport } from '../../../../hardware/transport/transport.ts';
import type { StoreWriter } from '../../../store/writer.ts';
import type { LineTap } from '../../devices.ts';
import type { KilledDevice, KillPlan } from './kill-point.ts';

export interface KillSwitch {
  readonly tap: LineTap;
  readonly writer: (writer: StoreWriter) => StoreWriter;
  disarm(): void;
  /** The writer's methods as they were called, in order: what a sale's steps are. */
  steps(): readonly string[];
}

/** A receipt is longer than any question to the printer, so that its first write is known by its length. */
const receiptFromBytes = 64;
/** The purchase and its reversal on the line: DLE STX, then 06 01 or 06 30 (PA00P015, 2.2 and 2.4). */
const heads = { sale: [0x10, 0x02, 0x06, 0x01], reversal: [0x10, 0x02, 0x06, 0x30], start: [] } as const;

/**
 * Stands between core's parts, counts what goes by, and ends the process at the moment of the plan.
 * @param die must not return: SIGKILL to ourselves, so that nothing of what was under way is finished
 */
export function createKillSwitch(plan: KillPlan | undefined, die: () => void): KillSwitch {
  const steps: string[] = [];
  const calls = new Map<string, number>();
  let isArmed = true;

  function step(name: string): number {
    const nth = (calls.get(name) ?? 0) + 1;
    calls.set(name, nth);
    steps.push(name);
    return nth;
  }

  function isDue(name: string, nth: number, edge: 'before' | 'after'): boolean {
    const point = plan?.point;
    return isArmed && point?.kind === 'step' && point.step === name && point.nth === nth && point.edge === edge;
  }

  return {
    tap: (device, line) => tapLine(device === 'card_terminal' ? 'terminal' : 'printer', line, plan, () => isArmed, die),
    writer(writer) {
      const tapped = Object.entries(writer as unknown as Record<string, (...parameters: unknown[]) => unknown>).map(([name, method]) => [
        name,
        (...parameters: unknown[]) => {
          const nth = step(name);
          if (isDue(name, nth, 'before')) die();
          const result = method(...parameters);
          if (isDue(name, nth, 'after')) die();
          return result;
        },
      ]);
      return Object.fromEntries(tapped) as StoreWriter;
    },
    disarm() {
      isArmed = false;
    },
    steps: () => [...steps],
  };
}

function tapLine(device: KilledDevice, line: Transport, plan: KillPlan | undefined, isArmed: () => boolean, die: () => void): Transport {
  const point = plan?.point.kind === 'byte' && plan.point.device === device ? plan.point : undefined;
  if (!plan || !point) return line;
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let isCounting = plan.from === 'start';
  let went = 0;
  let came = 0;

  line.onData((bytes) => {
    const before = came;
    if (isCounting) came += bytes.length;
    const last = point.direction === 'in' ? lastByteOf(before, came) : undefined;
    if (last === undefined) return deliver(bytes);
    // All that the last byte sets off at once (the ACK to its frame) still happens; what waits for a later turn does not.
    deliver(bytes.subarray(0, last));
    die();
  });

  return {
    ...line,
    write(bytes, timeoutMs) {
      isCounting ||= device === 'terminal' ? heads[plan.from].every((byte, index) => bytes[index] === byte) : bytes.length >= receiptFromBytes;
      const before = went;
      if (isCounting) went += bytes.length;
      const last = point.direction === 'out' ? lastByteOf(before, went) : undefined;
      if (last === undefined) return line.write(bytes, timeoutMs);
      // An idle socket hands its bytes to the operating system within the call; the far end counts them all the same.
      if (last > 0) void line.write(bytes.subarray(0, last), timeoutMs);
      die();
      return Promise.resolve({ ok: true, value: undefined });
    },
    onData(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function deliver(bytes: Uint8Array): void {
    if (bytes.length > 0) for (const listener of listeners) listener(bytes);
  }

  /** How many bytes of those from `before` to `until` still travel, where the process ends among them. */
  function lastByteOf(before: number, until: number): number | undefined {
    if (!point || !isArmed() || point.byte <= before || point.byte > until) return undefined;
    return point.byte - before - (point.edge === 'before' ? 1 : 0);
  }
}
