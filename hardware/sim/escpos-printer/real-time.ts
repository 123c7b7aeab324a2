import { DLE } from './commands.ts';

export type Arrival =
  /** For the buffer. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** DLE EOT n */
  | { readonly kind: 'status'; readonly n: number }
  /** DLE ENQ n */
  | { readonly kind: 'recover'; readonly n: number }
  /** DLE DC4 8 1 3 20 1 6 2 8: forget all that was not printed yet. */
  | { readonly kind: 'clear' };

const clearBuffers = [DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];

/**
 * Picks the real-time commands out of the bytes as they arrive, before the buffer, whatever command they stand in: the
 * specification warns of pictures that contain them.
 */
export interface RealTimeScanner {
  push(bytes: Uint8Array): readonly Arrival[];
  reset(): void;
}

export function createRealTimeScanner(): RealTimeScanner {
  /** The beginning of what may be a request. */
  let held: number[] = [];

  return {
    push(bytes) {
      const arrivals: Arrival[] = [];
      let data: number[] = [];
      const request = (arrival: Arrival): void => {
        if (data.length > 0) arrivals.push({ kind: 'data', bytes: Uint8Array.from(data) });
        data = [];
        held = [];
        arrivals.push(arrival);
      };
      for (const byte of bytes) {
        if (held.length === 1 && (byte === 0x04 || byte === 0x05)) held.push(byte);
        else if (held[1] === 0x04 && byte >= 1 && byte <= 4) request({ kind: 'status', n: byte });
        else if (held[1] === 0x05 && (byte === 1 || byte === 2)) request({ kind: 'recover', n: byte });
        else if (held.length > 0 && byte === clearBuffers[held.length] && held[1] !== 0x04 && held[1] !== 0x05) {
          held.push(byte);
          if (held.length === clearBuffers.length) request({ kind: 'clear' });
        } else {
          data.push(...held);
          held = [];
          if (byte === DLE) held = [byte];
          else data.push(byte);
        }
      }
      if (data.length > 0) arrivals.push({ kind: 'data', bytes: Uint8Array.from(data) });
      return arrivals;
    },
    reset() {
      held = [];
    },
  };
}
