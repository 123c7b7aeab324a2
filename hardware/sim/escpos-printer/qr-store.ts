import { encode } from 'uqr';
import type { ErrorCorrection } from './paper.ts';

/** GS ( k, symbol QR (cn 49): settings and the storage area. */
export interface QrStore {
  /** The bytes after `GS ( k pL pH`. Returns the symbol to print, or what is wrong. */
  execute(parameters: Uint8Array): QrEffect;
  reset(): void;
}

export type QrEffect =
  | { readonly kind: 'stored' }
  | { readonly kind: 'print'; readonly data: string; readonly cell: number; readonly errorCorrection: ErrorCorrection; readonly dots: number }
  | { readonly kind: 'fault'; readonly detail: string };

const levels: Readonly<Record<number, ErrorCorrection>> = { 48: 'L', 49: 'M', 50: 'Q', 51: 'H' };

export function createQrStore(): QrStore {
  let cell = 3;
  let errorCorrection: ErrorCorrection = 'L';
  let data: string | undefined;

  return {
    execute(parameters) {
      const [symbol, fn, first = 0] = parameters;
      if (symbol !== 49) return { kind: 'fault', detail: `GS ( k for symbol ${symbol ?? 'missing'} is not built in` };
      switch (fn) {
        case 65: // model 1, 2 or micro
          return first === 50 ? { kind: 'stored' } : { kind: 'fault', detail: `QR model ${first}` };
        case 67:
          if (first < 1 || first > 16) return { kind: 'fault', detail: `QR module size ${first}` };
          cell = first;
          return { kind: 'stored' };
        case 69: {
          const level = levels[first];
          if (level === undefined) return { kind: 'fault', detail: `QR error correction ${first}` };
          errorCorrection = level;
          return { kind: 'stored' };
        }
        case 80:
          data = new TextDecoder().decode(parameters.subarray(3));
          return { kind: 'stored' };
        case 81:
          return print();
        default:
          return { kind: 'fault', detail: `GS ( k function ${fn ?? 'missing'}` };
      }
    },
    reset() {
      cell = 3;
      errorCorrection = 'L';
      data = undefined;
    },
  };

  function print(): QrEffect {
    if (data === undefined || data === '') return { kind: 'fault', detail: 'QR printed with nothing stored' };
    const modules = qrModules(data, errorCorrection);
    if (modules === undefined) return { kind: 'fault', detail: `QR cannot hold ${data.length} characters` };
    return { kind: 'print', data, cell, errorCorrection, dots: modules.length * cell };
  }
}

/** The symbol itself, without a quiet zone; undefined where the data is too long for any. */
export function qrModules(data: string, errorCorrection: ErrorCorrection): readonly (readonly boolean[])[] | undefined {
  try {
    return encode(data, { ecc: errorCorrection, border: 0, boostEcc: false }).data;
  } catch {
    return undefined;
  }
}
