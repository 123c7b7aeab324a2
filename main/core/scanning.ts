import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { EventPayload } from '../../domain/contract/kiosk.ts';
import type { PaymentCode, Wallet } from '../../domain/scan/payment-code.ts';
import type { StaffCardId } from '../../domain/scan/scanned-code.ts';
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
  /** As good as a key: it goes no further than to core's own memory. */
  readonly onStaffCard: (card: StaffCardId) => void;
  /** Whoever has it can take money: it goes to whoever charges, and nowhere else. The page hears afterwards that there was one. */
  readonly onPaymentCode: (wallet: Wallet, code: PaymentCode) => void;
  readonly isStaffIn: () => boolean;
  /** While staff are in, codes mean slots and nothing that is sold. */
  readonly slotsOfCode: (code: string) => readonly string[];
  readonly onSlots: (slots: readonly string[]) => void;
  readonly onTest: (seen: EventPayload<'staff_scan'>) => void;
}

export interface Scanning {
  /** The page can use a code now, or not. */
  want(wanted: boolean): void;
  /** A scanner that types like a keyboard has typed this into the page. */
  typed(text: string): void;
  /** For one minute, what is scanned means nothing: its kind, its length and its ends are told. */
  test(isOn: boolean): void;
  /** Nobody hears of codes any more. The scanner itself is closed by whoever made it. */
  stop(): void;
}

const testMs = 60_000;
/** As `scannerProfiles`: keyboards have no profile. */
const typedRepeatMs = 1500;

/** Joins the scanner and the page. What a code means is decided here, once for both ways; the code itself goes no further. */
export function createScanning({ scanner, catalogue, publicUrl, monotonicNow, log, onScanned, onStaffCard, onPaymentCode, isStaffIn, slotsOfCode, onSlots, onTest }: ScanningDeps): Scanning {
  const receiptUrlPrefix = new URL('/r/', publicUrl).href;
  const repeats = createRepeatFilter(typedRepeatMs);
  /** Noise on a bad line is said once, not all night. */
  let lastRefusal = '';
  let isWanted = false;
  let testTimer: NodeJS.Timeout | undefined;
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
    if (testTimer) onTest(forTest(scanned, text));
    else if (scanned.kind === 'staff_card') onStaffCard(scanned.card);
    else if (isStaffIn()) onSlots(slotsOfCode(text));
    else {
      if (scanned.kind === 'payment_code') onPaymentCode(scanned.wallet, scanned.code);
      onScanned(forPage(scanned));
    }
  }

  function light(): void {
    scanner?.want(isWanted || testTimer !== undefined);
  }

  function endTest(): void {
    clearTimeout(testTimer);
    testTimer = undefined;
    light();
  }

  return {
    want(wanted) {
      if (!wanted) repeats.forget();
      isWanted = wanted;
      light();
    },
    typed(text) {
      if (!repeats.isRepeat(text, monotonicNow())) take(text, 'keyboard');
    },
    test(isOn) {
      clearTimeout(testTimer);
      testTimer = isOn ? setTimeout(endTest, testMs) : undefined;
      light();
    },
    stop() {
      isWanted = false;
      endTest();
      repeats.forget();
      for (const stop of stops) stop();
    },
  };
}

/** Of what may be a secret, its kind and length alone; of everything else the ends, which tell whether it was read whole. */
function forTest(scanned: ScannedCode, text: string): EventPayload<'staff_scan'> {
  const isOpen = scanned.kind === 'offer' || scanned.kind === 'unknown_product' || scanned.kind === 'unknown_code';
  return { kind: scanned.kind, length: text.length, shown: isOpen && text.length >= 6 ? `${text.slice(0, 2)}…${text.slice(-2)}` : '' };
}

/** The page hears what kind of code it was, and which offer's or wallet's: never a code. */
function forPage(scanned: ScannedCode): EventPayload<'scanned'> {
  switch (scanned.kind) {
    case 'offer':
      return { kind: 'offer', offerId: scanned.offerId };
    case 'payment_code':
      return { kind: 'payment_code', wallet: scanned.wallet };
    default:
      return { kind: scanned.kind };
  }
}
