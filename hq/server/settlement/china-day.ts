import { chinaOffsetMs } from '../wallets/adapter/china-time.ts';

const dayMs = 86_400_000;

/** When a gateways' day begins, epoch milliseconds UTC. */
export function startOfChinaDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - chinaOffsetMs;
}

/** Both included; empty where `from` is after `to`. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10));
}
