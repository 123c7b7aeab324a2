/** Frames that are half right: what a codec is fed with, the same for the same seed. */
export interface Noise {
  /** One frame in the pieces in which it arrives. */
  next(): readonly Uint8Array[];
  /** The line is quiet now, so that what is half there will not be completed. */
  pauses(): boolean;
}

export function createNoise(seed: number, samples: readonly Uint8Array[], isWhole = false): Noise {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = () => samples[below(samples.length)]!;

  return {
    next: () => (isWhole ? [frame()] : split(frame())),
    pauses: () => below(8) === 0,
  };

  function frame(): Uint8Array {
    switch (below(8)) {
      case 0:
        return Uint8Array.from({ length: below(64) }, () => below(256));
      case 1:
        return pick();
      case 2:
        return join(pick(), pick());
      case 3: {
        // The beginning of one and the end of another.
        const [first, second] = [pick(), pick()];
        return join(first.subarray(0, below(first.length + 1)), second.subarray(below(second.length + 1)));
      }
      case 4: {
        const sample = pick();
        const at = below(sample.length + 1);
        return join(sample.subarray(0, at), Uint8Array.from({ length: 1 + below(4) }, () => below(256)), sample.subarray(at));
      }
      default: {
        const changed = Uint8Array.from(pick());
        for (let count = 1 + below(3); count > 0 && changed.length > 0; count -= 1) changed[below(changed.length)] = below(2) === 0 ? below(256) : [0x00, 0x06, 0x10, 0x7f, 0x80, 0xff][below(6)]!;
        return changed;
      }
    }
  }

  function split(bytes: Uint8Array): readonly Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = below(3) === 0 ? 1 : 1 + below(bytes.length);
      chunks.push(bytes.subarray(at, at + length));
      at += length;
    }
    return chunks;
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Mulberry32: small, fast, and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
