/** How the printer tells the kiosk to wait: by a byte, by its DTR line (our CTS), or not at all. */
export type FlowControl = 'none' | 'xon_xoff' | 'rts_cts';

/** Free bytes at which the printer calls itself busy, and those at which it listens again (Epson TM-T88III, DIP switch 2-1). */
const busyAt = 128;
const freeAt = 256;

export interface ReceiveBuffer {
  bytes(): Uint8Array;
  /** False where they did not fit: all of them are lost. */
  push(bytes: Uint8Array): boolean;
  /** The first `count` bytes were worked off. */
  drop(count: number): void;
  clear(): void;
  isBusy(): boolean;
}

/** `onBusy` is called at each change. A buffer too small for the two marks changes at half its size. */
export function createReceiveBuffer(size: number, onBusy: (busy: boolean) => void): ReceiveBuffer {
  const marks = size >= 2 * freeAt ? { busy: size - busyAt, free: size - freeAt } : { busy: size, free: size >> 1 };
  let held = new Uint8Array(Math.min(size, 1024));
  let length = 0;
  let busy = false;

  return {
    bytes: () => held.subarray(0, length),
    push(bytes) {
      if (length + bytes.length > size) return false;
      if (length + bytes.length > held.length) {
        const grown = new Uint8Array(Math.min(size, 2 * (length + bytes.length)));
        grown.set(held.subarray(0, length));
        held = grown;
      }
      held.set(bytes, length);
      length += bytes.length;
      update();
      return true;
    },
    drop(count) {
      held.copyWithin(0, count, length);
      length -= count;
      update();
    },
    clear() {
      length = 0;
      update();
    },
    isBusy: () => busy,
  };

  function update(): void {
    const next = busy ? length > marks.free : length >= marks.busy;
    if (next === busy) return;
    busy = next;
    onBusy(busy);
  }
}
