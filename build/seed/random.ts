/** Random numbers that are the same for one seed on every machine (sfc32, by Chris Doty-Humphrey), and what is drawn with them. */
export interface Random {
  /** From 0 up to, and without, 1. */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  readonly chance: (part: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
  /** So many digits in hex. */
  readonly hex: (digits: number) => string;
  /** By the normal distribution, mean 0 and deviation 1. */
  readonly normal: () => number;
}

export function createRandom(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [0x9e37_79b9 ^ seed, 0x243f_6a88 ^ stream, 0xb7e1_5162, 1];
  const next32 = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) next32();
  const next = () => next32() / 4_294_967_296;
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (part) => next() < part,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += next32().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Draws by weight, in a time that does not grow with the list. @param weights of which one at least is above 0 */
export function createDraw<T>(list: readonly T[], weights: readonly number[]): (random: Random) => T {
  // The alias method, by A. J. Walker and M. D. Vose.
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => (weight * list.length) / sum);
  const alias = list.map((_, index) => index);
  const small = parts.flatMap((part, index) => (part < 1 ? [index] : []));
  const large = parts.flatMap((part, index) => (part >= 1 ? [index] : []));
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop()!, large.pop()!];
    alias[less] = more;
    parts[more] = parts[more]! + parts[less]! - 1;
    (parts[more]! < 1 ? small : large).push(more);
  }
  return (random) => {
    const index = Math.floor(random.next() * list.length);
    return list[random.next() < parts[index]! ? index : alias[index]!]!;
  };
}
