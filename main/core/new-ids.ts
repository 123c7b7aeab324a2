import { randomFillSync } from 'node:crypto';
import { uuidV7From } from '../../domain/ids.ts';

const randomOfEach = 10;
const drawnAtOnce = 1_000;

/** New UUIDv7s. The randomness of many is drawn at once: each drawing is a call into the system, and a sale has a dozen ids. */
export function createNewIds(now: () => number): () => string {
  const pool = Buffer.alloc(randomOfEach * drawnAtOnce);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += randomOfEach;
    return uuidV7From(now(), pool.subarray(used - randomOfEach, used));
  };
}
