import { concat } from './bytes.ts';

/** CLASS bytes of commands and answers (PA00P015, 1). Anything else where one must begin means that we are out of step. */
const classes: ReadonlySet<number> = new Set([0x04, 0x05, 0x06, 0x08, 0x0f, 0x80, 0x84]);

export interface ApduDecoder {
  /** Whole APDUs in their order. `out_of_step`: no APDU can begin here, and no later byte can be trusted; nothing more comes out until `reset`. */
  push(bytes: Uint8Array): { readonly apdus: readonly Uint8Array[]; readonly outOfStep: boolean };
  /** An APDU has begun that is not complete. */
  isPending(): boolean;
  reset(): void;
}

/** Bare APDUs on a stream (PA00P016, 4: TCP): each tells its own length, and the stream may split them anywhere. */
export function createApduDecoder(): ApduDecoder {
  let pending: Uint8Array = new Uint8Array();
  let outOfStep = false;

  return {
    push(bytes) {
      if (outOfStep) return { apdus: [], outOfStep };
      pending = pending.length === 0 ? bytes.slice() : concat([pending, bytes]);
      const apdus: Uint8Array[] = [];
      for (;;) {
        if (pending.length > 0 && !classes.has(pending[0] ?? 0)) {
          outOfStep = true;
          pending = new Uint8Array();
          break;
        }
        const length = lengthOf(pending);
        if (length === undefined || pending.length < length) break;
        apdus.push(pending.slice(0, length));
        pending = pending.slice(length);
      }
      return { apdus, outOfStep };
    },
    isPending: () => pending.length > 0,
    reset() {
      pending = new Uint8Array();
      outOfStep = false;
    },
  };
}

function lengthOf(bytes: Uint8Array): number | undefined {
  const [, , short, low, high] = bytes;
  if (short === undefined) return undefined;
  if (short !== 0xff) return 3 + short;
  return low === undefined || high === undefined ? undefined : 5 + (low | (high << 8));
}
