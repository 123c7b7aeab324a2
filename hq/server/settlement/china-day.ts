/** Both gateways close their days by China's time, which has no summer time. */
const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** The gateways' day in which a moment lies, "2026-11-23". */
export function chinaDay(at: number): string {
  return new Date(at + offsetMs).toISOString().slice(0, 10);
}

/** When it begins, epoch milliseconds UTC. */
export function startOfChinaDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - offsetMs;
}

/** Both included; empty where `from` is after `to`. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10));
}
