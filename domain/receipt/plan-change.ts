import type { EpochMs } from '../time.ts';
import { formatLocalTime } from '../time.ts';

/** What the catalogue's field "effective" of a plan change may hold. */
export const effectiveField = 'effective';

/**
 * The day from which a changed plan counts, YYYY-MM-DD by the shop's calendar, as its customer chose it when the order was placed.
 * @returns undefined where nothing was chosen, or something that this Counter24 does not know
 */
export function effectiveOn(form: Readonly<Record<string, string>>, placedAt: EpochMs, timeZone: string): string | undefined {
  const today = formatLocalTime(placedAt, timeZone).slice(0, 10);
  switch (form[effectiveField]) {
    case 'now':
      return today;
    case 'next-month': {
      const [year = 0, month = 0] = today.split('-').map(Number);
      return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
    }
    default:
      return undefined;
  }
}
