import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { DeviceState } from '../../domain/device/state.ts';

export type KioskState = HqEventPayload<'kiosk.state'>;

export interface StateTellerDeps {
  /** Undefined while there is nothing to tell yet. */
  readonly state: () => KioskState | undefined;
  /** Writes the event. May throw: then it is told at the next occasion. */
  readonly tell: (state: KioskState) => void;
  readonly onFault: (cause: unknown) => void;
  readonly monotonicNow: () => number;
}

export interface StateTeller {
  /** Something may have changed. Cheap, and called often. */
  look(): void;
  stop(): void;
}

/** What comes and goes within this is no news: devices that start one after the other. */
const settleMs = 2_000;
const atMostEachMs = 30_000;
const againMs = 3_600_000;

/** Tells HQ how the kiosk is: when it changes (a pause at once, the rest twice a minute at most), and each hour, so that silence means something. */
export function createStateTeller({ state, tell, onFault, monotonicNow }: StateTellerDeps): StateTeller {
  let told: { readonly key: string; readonly isPaused: boolean; readonly atMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = 0;
  let isStopped = false;
  const hourly = setInterval(() => tellNow(true), againMs);

  function tellNow(isAnyway: boolean): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      const current = state();
      if (!current || (!isAnyway && keyOf(current) === told?.key)) return;
      tell(current);
      told = { key: keyOf(current), isPaused: isPaused(current), atMs: monotonicNow() };
    } catch (cause) {
      onFault(cause);
    }
  }

  return {
    look() {
      if (isStopped) return;
      const current = state();
      if (!current || keyOf(current) === told?.key) return;
      // Devices come and go by themselves; a pause is somebody's will, and whoever gave it at HQ waits to see it.
      const restMs = told && told.isPaused === isPaused(current) ? told.atMs + atMostEachMs - monotonicNow() : 0;
      const waitMs = Math.max(settleMs, restMs);
      if (timer && monotonicNow() + waitMs >= dueMs) return;
      clearTimeout(timer);
      dueMs = monotonicNow() + waitMs;
      timer = setTimeout(() => tellNow(false), waitMs);
    },
    stop() {
      clearInterval(hourly);
      clearTimeout(timer);
      isStopped = true;
    },
  };
}

function isPaused({ service }: KioskState): boolean {
  return service === 'paused';
}

/** Millimetres of paper and free bytes are no news by themselves. */
function keyOf({ service, reasons, devices }: KioskState): string {
  return JSON.stringify([service, reasons, devices.map(({ name, code }) => [name, code])]);
}

/** As HQ reads it: what the page is told, and why. Undefined while the kiosk starts. */
export function serviceOf({ service, card, paper }: KioskStatus, devices: readonly DeviceState[]): Pick<KioskState, 'service' | 'reasons'> | undefined {
  const codes = devices.filter(({ severity }) => severity !== 'ok').map(({ code }) => code as string);
  const reasons = [...new Set([...(card === 'held' ? ['PAYMENT_UNSETTLED'] : []), ...codes])].slice(0, 20);
  switch (service.kind) {
    case 'starting':
      return undefined;
    case 'out_of_service':
      return { service: 'out_of_service', reasons: [service.reason.code, ...reasons].slice(0, 20) };
    case 'paused':
      return { service: 'paused', reasons };
    case 'in_service': {
      const isLimited = card !== 'ready' || paper === 'unavailable' || devices.some(({ severity }) => severity === 'fault');
      return { service: isLimited ? 'limited' : 'selling', reasons };
    }
  }
}
