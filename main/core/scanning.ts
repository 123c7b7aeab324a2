import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { EventPayload } from '../../domain/contract/kiosk.ts';
import { createRepeatFilter } from '../../domain/scan/repeats.ts';
import type { ScannedCode } from '../../domain/scan/scanned-code.ts';
import { describeScannedCode, meaningOf } from '../../domain/scan/scanned-code.ts';
import type { Scanner } from '../../hardware/device/scanner/port.ts';
import type { Log } from './log.ts';

export interface ScanningDeps {
  /** Undefined where the kiosk has no serial scanner; one that types like a keyboard may be there all the same. */
  readonly scanner: Pick<Scanner, 'onCode' | 'onRefused' | 'want'> | undefined;
  readonly catalogue: () => Catalogue;
  /** Where the e-receipts are: `hq.publicUrl`. */
  readonly publicUrl: string;
  readonly monotonicNow: () => number;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly onScanned: (scanned: EventPayload<'scanned'>) => void;
}

export interface Scanning {
  /** The page can use a code now, or not. */
  want(wanted: boolean): void;
  /** A scanner that types like a keyboard has typed this into the page. */
  typed(text: string): void;
  /** Nobody hears of codes any more. The scanner itself is closed by whoever made it. */
  stop(): void;
}

/** As `scannerProfiles`: keyboards have no profile. */
const typedRepeatMs = 1500;

/** Joins the scanner and the page. What a code means is decided here, once for both ways; the code itself goes no further. */
export function createScanning({ scanner, catalogue, publicUrl, monotonicNow, log, onScanned }: ScanningDeps): Scanning {
  const receiptUrlPrefix = new URL('/r/', publicUrl).href;
  const repeats = createRepeatFilter(typedRepeatMs);
  /** Noise on a bad line is said once, not all night. */
  let lastRefusal = '';
  const stops = scanner
    ? [
        scanner.onCode((text) => take(text, 'scanner')),
        scanner.onRefused((reason) => {
          if (reason !== lastRefusal) log.warn('the scanner sent what is no code', { reason });
          lastRefusal = reason;
        }),
      ]
    : [];

  function take(text: string, by: 'scanner' | 'keyboard'): void {
    lastRefusal = '';
    const scanned = meaningOf({ catalogue: catalogue(), receiptUrlPrefix }, text);
    log.info('scanned', { what: describeScannedCode(scanned), by });
    onScanned(forPage(scanned));
  }

  return {
    want(wanted) {
      if (!wanted) repeats.forget();
      scanner?.want(wanted);
    },
    typed(text) {
      if (!repeats.isRepeat(text, monotonicNow())) take(text, 'keyboard');
    },
    stop() {
      scanner?.want(false);
      repeats.forget();
      for (const stop of stops) stop();
    },
  };
}

/** The page hears what kind of code it was and which offer, never a code. */
function forPage(scanned: ScannedCode): EventPayload<'scanned'> {
  return scanned.kind === 'offer' ? { kind: 'offer', offerId: scanned.offerId } : { kind: scanned.kind };
}
