/** The system's monotonic clock, in milliseconds: the same one in every thread, unlike `performance.now()`. */
export function hrtimeMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
