/** Milliseconds since the page was opened. HQ and the network set the wall clock while somebody pays: no countdown and no patience may go by that one. */
export function monotonicNow(): number {
  return performance.now();
}
