import { maskDigits } from './mask-digits.ts';
import { hexText, plainText } from './trace.ts';
import type { LineTrace } from './trace.ts';

/** How many bytes a command has, from what has come of it so far; undefined while that cannot be known yet. */
type Length = (bytes: readonly number[]) => number | undefined;
type Command = readonly [name: string, length: number | Length];

const [DLE, ESC, FS, GS] = [0x10, 0x1b, 0x1c, 0x1d] as const;

const word = (bytes: readonly number[], at: number): number | undefined => {
  const [low, high] = [bytes[at], bytes[at + 1]];
  return low === undefined || high === undefined ? undefined : low + high * 256;
};
const after = (at: number, head: number): Length => (bytes) => plus(word(bytes, at), head);
const plus = (count: number | undefined, head: number) => (count === undefined ? undefined : head + count);
const ofCode = (lengths: (code: number, bytes: readonly number[]) => number | undefined): Length => (bytes) => (bytes[2] === undefined ? undefined : lengths(bytes[2], bytes));
/** Pictures: bytes in a line times lines. */
const raster: Length = (bytes) => {
  const [across, down] = [word(bytes, 4), word(bytes, 6)];
  return across === undefined || down === undefined ? undefined : 8 + across * down;
};
const bitImage: Length = (bytes) => {
  const columns = word(bytes, 3);
  return columns === undefined ? undefined : 5 + columns * ((bytes[2] ?? 0) >= 32 ? 3 : 1);
};
/** The older form (0 to 6) ends with NUL, the newer one tells its length. */
const barcode = ofCode((kind, bytes) => {
  if (kind >= 65) return plus(bytes[3], 4);
  const end = bytes.indexOf(0, 3);
  return end === -1 ? undefined : end + 1;
});

/** Commands of the Epson manuals by their first two bytes: name, and length with both. */
const commands: Readonly<Record<number, Readonly<Record<number, Command>>>> = {
  [DLE]: {
    0x04: ['DLE EOT: status wanted', (bytes) => (bytes[2] === 7 || bytes[2] === 8 ? 4 : 3)],
    0x05: ['DLE ENQ: recover', 3],
    0x14: ['DLE DC4: at once', (bytes) => (bytes[2] === 8 ? 10 : 5)],
  },
  [ESC]: {
    0x40: ['ESC @: initialise', 2], 0x32: ['ESC 2: usual line spacing', 2], 0x33: ['ESC 3: line spacing', 3], 0x21: ['ESC !: print mode', 3], 0x61: ['ESC a: alignment', 3],
    0x45: ['ESC E: bold', 3], 0x47: ['ESC G: double strike', 3], 0x2d: ['ESC -: underline', 3], 0x4d: ['ESC M: font', 3], 0x4a: ['ESC J: feed dots', 3], 0x64: ['ESC d: feed lines', 3],
    0x74: ['ESC t: code page', 3], 0x52: ['ESC R: international set', 3], 0x70: ['ESC p: drawer', 5], 0x7b: ['ESC {: upside down', 3], 0x20: ['ESC SP: character spacing', 3],
    0x56: ['ESC V: turned', 3], 0x69: ['ESC i: cut', 2], 0x6d: ['ESC m: partial cut', 2], 0x2a: ['ESC *: bit image', bitImage], 0x24: ['ESC $: position', 4], 0x63: ['ESC c: paper sensors', 4],
    0x72: ['ESC r: colour', 3], 0x53: ['ESC S: standard mode', 2], 0x4c: ['ESC L: page mode', 2], 0x3d: ['ESC =: device', 3],
  },
  [FS]: { 0x26: ['FS &: Chinese mode', 2], 0x2e: ['FS .: end of Chinese mode', 2], 0x21: ['FS !: Chinese print mode', 3], 0x57: ['FS W: Chinese double size', 3], 0x53: ['FS S: Chinese spacing', 4], 0x2d: ['FS -: Chinese underline', 3], 0x70: ['FS p: stored picture', 4] },
  [GS]: {
    0x21: ['GS !: size', 3], 0x42: ['GS B: white on black', 3], 0x61: ['GS a: automatic status', 3], 0x72: ['GS r: status after this', 3], 0x49: ['GS I: printer id', 3], 0x4c: ['GS L: left margin', 4], 0x57: ['GS W: width', 4],
    0x68: ['GS h: barcode height', 3], 0x77: ['GS w: barcode width', 3], 0x48: ['GS H: barcode text', 3], 0x66: ['GS f: barcode font', 3], 0x50: ['GS P: motion units', 4], 0x62: ['GS b: smooth', 3], 0x2f: ['GS /: stored bit image', 3],
    0x56: ['GS V: cut', ofCode((mode) => (mode >= 65 ? 4 : 3))], 0x6b: ['GS k: barcode', barcode],
    0x28: ['GS (', (bytes) => after(3, 5)(bytes)], 0x76: ['GS v 0: picture', raster],
  },
};

/** Of which what they carry is not to be shown, because it may be a link to somebody's receipt. */
const carriesData = new Set(['GS (', 'GS k: barcode', 'GS v 0: picture', 'ESC *: bit image']);
const single: Readonly<Record<number, string>> = { 0x0a: 'LF', 0x0d: 'CR', 0x09: 'HT', 0x0c: 'FF', 0x18: 'CAN', 0x11: 'XON', 0x13: 'XOFF' };
const longestText = 400;

/** What is sent to a receipt printer: commands by name, and the text between them (GBK). */
export function createEscPosTrace(): LineTrace {
  let waiting: number[] = [];
  let text: number[] = [];
  /** Of a command that is longer than what is kept: so many bytes are still to go by. */
  let skipping = 0;

  return {
    push(bytes) {
      const lines: string[] = [];
      for (const byte of bytes) take(byte, lines);
      return lines;
    },
    rest() {
      const lines = flushText();
      // A command that stops in the middle is told, and begins anew with what comes next.
      if (waiting.length > 0) lines.push(`${hexText(Uint8Array.from(waiting.slice(0, 8)))} … (the rest did not come)`);
      waiting = [];
      return lines;
    },
  };

  function take(byte: number, lines: string[]): void {
    if (skipping > 0) {
      skipping -= 1;
      return;
    }
    if (waiting.length === 0 && !(byte in commands)) {
      const control = single[byte];
      if (control === undefined && byte >= 0x20 && byte !== 0x7f) {
        text.push(byte);
        if (text.length >= longestText && byte < 0x80) lines.push(...flushText());
        return;
      }
      lines.push(...flushText(), control ?? `byte ${hexText(Uint8Array.of(byte))}`);
      return;
    }
    if (waiting.length === 0) lines.push(...flushText());
    waiting.push(byte);
    const [first = 0, second] = waiting;
    if (second === undefined) return;
    const command = commands[first]?.[second];
    if (!command) {
      lines.push(`unknown command ${hexText(Uint8Array.from(waiting))}`);
      waiting = [];
      return;
    }
    const [name, rule] = command;
    const length = typeof rule === 'number' ? rule : rule(waiting);
    // The length is known long before the end of a picture, which is then let by.
    if (length === undefined && waiting.length < 300) return;
    if (length !== undefined && waiting.length < length && length <= 12) return;
    const bytes = Uint8Array.from(waiting);
    waiting = [];
    skipping = Math.max(0, (length ?? bytes.length) - bytes.length);
    lines.push(carriesData.has(name) ? `${nameOf(name, bytes)}, ${length ?? bytes.length} bytes` : `${name}${bytes.length > 2 ? ` ${hexText(bytes.subarray(2))}` : ''}`);
  }

  function flushText(): string[] {
    if (text.length === 0) return [];
    const words = new TextDecoder('gbk').decode(Uint8Array.from(text));
    text = [];
    return [`"${maskDigits(plainText(words))}"`];
  }
}

function nameOf(name: string, bytes: Uint8Array): string {
  if (name !== 'GS (') return name;
  const letter = String.fromCharCode(bytes[2] ?? 0x3f);
  return `GS ( ${letter}: ${letter === 'k' ? 'QR code' : letter === 'L' ? 'graphics' : 'extended command'}`;
}

/** What a printer answers: bytes that carry bits, each told by its fixed ones (Epson: DLE EOT 0xx1xx10, GS a and GS r). */
export function createEscPosAnswerTrace(): LineTrace {
  return {
    push: (bytes) => Array.from(bytes, (byte) => {
      const hex = hexText(Uint8Array.of(byte));
      if (byte === 0x11 || byte === 0x13) return `${hex} ${byte === 0x11 ? 'XON: go on' : 'XOFF: wait'}`;
      if ((byte & 0x93) === 0x12) return `${hex} answer to DLE EOT`;
      if ((byte & 0x93) === 0x10) return `${hex} automatic status, first byte`;
      if ((byte & 0x90) === 0x00) return `${hex} status byte (GS r, or of an automatic status)`;
      return `${hex} no status: another speed or device?`;
    }),
    rest: () => [],
  };
}
