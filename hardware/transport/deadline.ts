/** What `within` gives when the time is over. A symbol, so that no real value can be taken for it. */
export const deadlinePassed: unique symbol = Symbol('deadline passed');

/**
 * The promise's value, or `deadlinePassed`. A rejection after the deadline is swallowed: nobody is left to hear it,
 * and unhandled it would end the process.
 */
export async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | typeof deadlinePassed> {
  promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof deadlinePassed>((resolve) => {
    timer = setTimeout(() => resolve(deadlinePassed), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
