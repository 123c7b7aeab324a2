import { isUnavailable } from '../database.ts';

/**
 * Does a job's work for each of these kiosks and adds up what it answers. What fails for one kiosk is done for the others all the same, and thrown when all
 * have had their turn; a database that is away ends it at once.
 */
export async function eachKiosk<K extends string>(kioskIds: readonly K[], work: (kioskId: K) => Promise<number>): Promise<number> {
  let sum = 0;
  const faults: { readonly kioskId: K; readonly error: unknown }[] = [];
  for (const kioskId of kioskIds) {
    try {
      sum += await work(kioskId);
    } catch (error) {
      if (isGone(error)) throw error;
      faults.push({ kioskId, error });
    }
  }
  const [first] = faults;
  if (!first) return sum;
  const message = first.error instanceof Error ? first.error.message : String(first.error);
  throw Object.assign(new Error(`failed for ${faults.length} of ${kioskIds.length} kiosks, first ${first.kioskId}: ${message}`, { cause: first.error }), { code: codeOf(first.error) });
}

/** One kiosk may be locked for long, or its rows lie on a worker that is down; without a connection none can be asked. */
function isGone(error: unknown): boolean {
  return isUnavailable(error) && !['57014', '55P03', '40001', '40P01'].includes(codeOf(error) ?? '') && !(codeOf(error) ?? '').startsWith('53');
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
