/** A picture as rows of dots, each row filled up to whole bytes. */
export interface Picture {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly bits: Uint8Array;
}

export type LogoEffect =
  | { readonly kind: 'stored' }
  | { readonly kind: 'print'; readonly picture: Picture }
  | { readonly kind: 'fault'; readonly detail: string };

/** The printer's memory for logos, which keeps them without power: numbered ones (FS q, FS p) and keyed ones (GS ( L). */
export interface LogoStore {
  /** FS q n [xL xH yL yH d1…dk]…: replaces all numbered pictures. */
  define(command: Uint8Array): LogoEffect;
  /** FS p n m */
  print(n: number, m: number): LogoEffect;
  /** The bytes after the length of `GS ( L` or `GS 8 L`. */
  graphics(parameters: Uint8Array): LogoEffect;
  /** What was stored for printing once (function 112) does not outlive the power. */
  reset(): void;
}

const stored: LogoEffect = { kind: 'stored' };

export function createLogoStore(): LogoStore {
  let numbered: readonly Picture[] = [];
  const keyed = new Map<string, Picture>();
  let waiting: Picture | undefined;

  return {
    define(command) {
      const pictures: Picture[] = [];
      let at = 3;
      for (let image = 0; image < (command[2] ?? 0); image += 1) {
        const columns = word(command, at) * 8;
        const bytesDown = word(command, at + 2);
        pictures.push(fromColumns(command.subarray(at + 4, at + 4 + columns * bytesDown), columns, bytesDown));
        at += 4 + columns * bytesDown;
      }
      numbered = pictures;
      return stored;
    },
    print(n, m) {
      const picture = numbered[n - 1];
      if (picture === undefined) return { kind: 'fault', detail: `FS p ${n}: no picture is stored there` };
      const mode = m % 48;
      if (mode > 3) return { kind: 'fault', detail: `FS p mode ${m}` };
      return { kind: 'print', picture: scaled(picture, (mode & 1) + 1, (mode >> 1) + 1) };
    },
    graphics(parameters) {
      const [m, fn] = parameters;
      if (m !== 48) return { kind: 'fault', detail: `GS ( L m ${m ?? 'missing'}` };
      const key = String.fromCharCode(parameters[2] ?? 0, parameters[3] ?? 0);
      switch (fn) {
        case 65:
          keyed.clear();
          return stored;
        case 66:
          keyed.delete(key);
          return stored;
        case 67: {
          // m fn a kc1 kc2 b xL xH yL yH c d1…dk
          const name = String.fromCharCode(parameters[3] ?? 0, parameters[4] ?? 0);
          const picture = fromRows(parameters.subarray(11), word(parameters, 6), word(parameters, 8));
          if (picture === undefined) return { kind: 'fault', detail: `logo ${name} is shorter than its size` };
          keyed.set(name, picture);
          return stored;
        }
        case 69: {
          const picture = keyed.get(key);
          if (picture === undefined) return { kind: 'fault', detail: `no logo is stored as ${key}` };
          return { kind: 'print', picture: scaled(picture, parameters[4] ?? 1, parameters[5] ?? 1) };
        }
        case 112: {
          // m fn a bx by c xL xH yL yH d1…dk
          const picture = fromRows(parameters.subarray(10), word(parameters, 6), word(parameters, 8));
          if (picture === undefined) return { kind: 'fault', detail: 'a picture is shorter than its size' };
          waiting = scaled(picture, parameters[3] ?? 1, parameters[4] ?? 1);
          return stored;
        }
        case 2:
        case 50: {
          const picture = waiting;
          waiting = undefined;
          return picture === undefined ? { kind: 'fault', detail: 'no picture waits to be printed' } : { kind: 'print', picture };
        }
        default:
          return { kind: 'fault', detail: `GS ( L function ${fn ?? 'missing'}` };
      }
    },
    reset() {
      waiting = undefined;
    },
  };
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

function fromRows(bits: Uint8Array, width: number, height: number): Picture | undefined {
  const rowBytes = Math.ceil(width / 8);
  return bits.length < rowBytes * height ? undefined : { widthDots: rowBytes * 8, heightDots: height, bits: bits.slice(0, rowBytes * height) };
}

/** FS q sends each column from top to bottom, the highest bit above. */
function fromColumns(data: Uint8Array, columns: number, bytesDown: number): Picture {
  const heightDots = bytesDown * 8;
  return draw(columns, heightDots, (x, y) => ((data[x * bytesDown + (y >> 3)] ?? 0) & (0x80 >> (y & 7))) !== 0);
}

function scaled(picture: Picture, across: number, down: number): Picture {
  if (across <= 1 && down <= 1) return picture;
  const { widthDots, heightDots, bits } = picture;
  return draw(widthDots * across, heightDots * down, (x, y) => {
    const index = Math.floor(y / down) * widthDots + Math.floor(x / across);
    return ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  });
}

/** Also for GS v 0 with its doubling modes. */
export function scaledRaster(bits: Uint8Array, widthDots: number, heightDots: number, across: number, down: number): Picture {
  return scaled({ widthDots, heightDots, bits }, across, down);
}

function draw(widthDots: number, heightDots: number, isBlack: (x: number, y: number) => boolean): Picture {
  const bits = new Uint8Array((widthDots / 8) * heightDots);
  for (let y = 0; y < heightDots; y += 1) {
    for (let x = 0; x < widthDots; x += 1) {
      const index = y * widthDots + x;
      if (isBlack(x, y)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7));
    }
  }
  return { widthDots, heightDots, bits };
}
