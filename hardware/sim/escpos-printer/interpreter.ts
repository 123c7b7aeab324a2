import { code128 } from './code128.ts';
import { DLE, ESC, FS, GS } from './commands.ts';
import type { LogoEffect } from './logos.ts';
import { createLogoStore, scaledRaster } from './logos.ts';
import type { Align, PaperLine, PaperSize, Segment, Slip } from './paper.ts';
import { defaultSpacing } from './paper.ts';
import { createQrStore } from './qr-store.ts';

/** From the print head to the knife: what was printed last lies below the knife until the paper has moved this far. */
const headToKnife = 100;

export interface Interpreter {
  /** One whole command or character, as `commandLength` cut it. */
  execute(command: Uint8Array): Effect;
  /** As after power-on. */
  reset(): void;
  chinese(): boolean;
  /** The paper since the last cut. */
  lines(): readonly PaperLine[];
}

/** What a command did beyond changing modes. */
export interface Effect {
  /** How far the paper moved, in dots. */
  readonly advance: number;
  readonly slip?: Slip;
  /** GS r n, answered by who knows the sensors. */
  readonly statusAsked?: number;
  /** GS a n. */
  readonly automaticStatus?: number;
  /** GS I n. */
  readonly identityAsked?: number;
  /** ESC @: what else goes back to how it was at power-on. */
  readonly initialised?: true;
}

const nothing: Effect = { advance: 0 };
const alignments: readonly Align[] = ['left', 'center', 'right'];
/** Read and obeyed in ways that do not show on our paper: character set, font, spacing to the right, bar code settings, drawer. */
const silent = new Set(['ESC t', 'ESC R', 'ESC M', 'ESC  ', 'ESC $', 'ESC \\', 'ESC p', 'ESC {', 'ESC V', 'ESC r', 'ESC =', 'ESC c', 'ESC B', 'ESC D', 'GS B', 'GS f', 'GS L', 'GS W', 'GS P', 'FS -', 'FS S', 'FS C']);

/** `spacing`: 1/6 inch in dots. `lineUnitsPerDot`: what ESC 3 and ESC J count in, where it is no whole dot (1/360 inch on a head of 180 dots an inch: 2). */
export function createInterpreter(size: PaperSize & { readonly lineUnitsPerDot?: number; readonly spacing?: number }, fault: (detail: string) => void): Interpreter {
  const gbk = new TextDecoder('gbk', { fatal: true });
  const paperSize: PaperSize = { columns: size.columns, dots: size.dots, paperDots: size.paperDots };
  const unitsPerDot = size.lineUnitsPerDot ?? 1;
  const spacing = size.spacing ?? defaultSpacing;
  const qr = createQrStore();
  const logos = createLogoStore();
  let mode = initialMode(spacing);
  let paper: PaperLine[] = [];
  let line: Segment[] = [];
  let used = 0;

  return {
    execute,
    reset() {
      initialise();
      qr.reset();
      logos.reset();
    },
    chinese: () => mode.chinese,
    lines: () => [...paper],
  };

  function execute(command: Uint8Array): Effect {
    const [first = 0, second = 0, n = 0] = command;
    if (first === ESC || first === GS || first === FS || first === DLE) return executeSequence(command, first, second, n);
    if (first === 0x0a) return { advance: printLine() };
    // CR does nothing where automatic line feed is off; NUL and CAN (page mode) neither.
    if (first === 0x00 || first === 0x0d || first === 0x18) return nothing;
    if (first === 0x09) return put(' ', 8 - (used % 8));
    if (first < 0x20 || first === 0x7f) return faulty(`control code ${hex(command)}`);
    if (command.length === 2) return putChinese(command);
    if (first >= 0x80) {
      fault(`${hex(command)} outside Chinese mode`);
      return put(katakana(first), 1);
    }
    return put(String.fromCharCode(first), 1);
  }

  function executeSequence(command: Uint8Array, first: number, second: number, n: number): Effect {
    const name = `${first === ESC ? 'ESC' : first === GS ? 'GS' : first === FS ? 'FS' : 'DLE'} ${String.fromCharCode(second)}`;
    switch (name) {
      case 'ESC @':
        initialise();
        return { advance: 0, initialised: true };
      case 'ESC !': // double height and width of one-byte characters only; Chinese has FS !
        mode = { ...mode, bold: (n & 8) !== 0, underline: (n & 0x80) !== 0, height: (n & 0x10) !== 0 ? 2 : 1, width: (n & 0x20) !== 0 ? 2 : 1 };
        return nothing;
      case 'GS !': {
        const width = (n >> 4) + 1;
        const height = (n & 0x0f) + 1;
        if (width > 8 || height > 8) return faulty(`GS ! ${n}`);
        mode = { ...mode, width, height, hanWidth: width, hanHeight: height };
        return nothing;
      }
      case 'FS !':
        mode = { ...mode, hanWidth: (n & 4) !== 0 ? 2 : 1, hanHeight: (n & 8) !== 0 ? 2 : 1 };
        return nothing;
      case 'FS W':
        mode = { ...mode, hanWidth: (n & 1) + 1, hanHeight: (n & 1) + 1 };
        return nothing;
      case 'FS &':
      case 'FS .':
        mode = { ...mode, chinese: second === 0x26 };
        return nothing;
      case 'ESC E':
      case 'ESC G':
        mode = { ...mode, bold: (n & 1) !== 0 };
        return nothing;
      case 'ESC -':
        mode = { ...mode, underline: (n & 3) !== 0 };
        return nothing;
      case 'ESC a': {
        const align = alignments[n % 48];
        if (align === undefined || n > 50) return faulty(`ESC a ${n}`);
        // Obeyed at the beginning of a line only.
        if (line.length > 0) return faulty('ESC a in the middle of a line');
        mode = { ...mode, align };
        return nothing;
      }
      case 'ESC 2':
        mode = { ...mode, spacing };
        return nothing;
      case 'ESC 3':
        mode = { ...mode, spacing: n / unitsPerDot };
        return nothing;
      case 'ESC d':
        return feed(n * mode.spacing);
      case 'ESC J':
        return feed(n / unitsPerDot);
      case 'ESC i':
      case 'ESC m':
        return cut('partial', 0);
      case 'GS V':
        return cutCommand(n, command[3] ?? 0);
      case 'GS r':
        return { advance: 0, statusAsked: n };
      case 'GS a':
        return { advance: 0, automaticStatus: n };
      case 'GS I':
        return { advance: 0, identityAsked: n };
      case 'GS h':
        mode = { ...mode, barHeight: n };
        return nothing;
      case 'GS w':
        if (n < 2 || n > 6) return faulty(`GS w ${n}`);
        mode = { ...mode, barWidth: n };
        return nothing;
      case 'GS H':
        mode = { ...mode, barText: (['none', 'above', 'below', 'both'] as const)[n % 48] ?? 'none' };
        return nothing;
      case 'GS k':
        return n === 73 ? printBarcode(command.subarray(4)) : faulty(`bar code system ${n} is not built in`);
      case 'GS (':
        if (String.fromCharCode(n) === 'k') return printSymbol(command.subarray(5));
        return String.fromCharCode(n) === 'L' ? logoEffect(logos.graphics(command.subarray(5))) : faulty(`unknown command ${hex(command.subarray(0, 5))}`);
      case 'GS 8':
        return String.fromCharCode(n) === 'L' ? logoEffect(logos.graphics(command.subarray(7))) : faulty(`unknown command ${hex(command.subarray(0, 7))}`);
      case 'FS p':
        return logoEffect(logos.print(n, command[3] ?? 0));
      case 'FS q':
        // A printer that has written its memory starts anew.
        logos.define(command);
        initialise();
        return { advance: 0, initialised: true };
      case 'GS v':
        return printRaster(command);
      default:
        return silent.has(name) ? nothing : faulty(`unknown command ${hex(command.subarray(0, 8))}`);
    }
  }

  function initialise(): void {
    mode = initialMode(spacing);
    line = [];
    used = 0;
  }

  function put(character: string, cells: number): Effect {
    return place(character.repeat(cells), cells * mode.width, mode.width, mode.height);
  }

  function putChinese(command: Uint8Array): Effect {
    try {
      const character = gbk.decode(command);
      return place(character, 2 * mode.hanWidth, mode.hanWidth, mode.hanHeight);
    } catch {
      fault(`${hex(command)} is no Chinese character`);
      return place('□', 2 * mode.hanWidth, mode.hanWidth, mode.hanHeight);
    }
  }

  /** A character that does not fit any more begins the next line. */
  function place(text: string, columns: number, width: number, height: number): Effect {
    const advance = used + columns > size.columns && used > 0 ? printLine() : 0;
    const { bold, underline } = mode;
    const last = line.at(-1);
    if (last !== undefined && last.bold === bold && last.underline === underline && last.width === width && last.height === height) {
      line[line.length - 1] = { ...last, text: last.text + text, columns: last.columns + columns };
    } else line.push({ text, columns, bold, underline, width, height });
    used += columns;
    return { advance };
  }

  function printLine(): number {
    const height = Math.max(24, ...line.map((segment) => 24 * segment.height));
    const advance = line.length === 0 ? mode.spacing : Math.max(mode.spacing, height);
    paper.push({ kind: 'text', align: mode.align, segments: line, advance });
    line = [];
    used = 0;
    return advance;
  }

  /** ESC d and ESC J print what is in the line and then feed: the line's own advance is part of the distance. */
  function feed(distance: number): Effect {
    const printed = line.length > 0 ? printLine() : 0;
    const rest = Math.max(0, distance - printed);
    if (rest > 0) paper.push({ kind: 'feed', advance: rest });
    return { advance: printed + rest };
  }

  function cutCommand(m: number, n: number): Effect {
    if (m === 0 || m === 48) return cut('full', 0);
    if (m === 1 || m === 49) return cut('partial', 0);
    // Feeds to the knife and n dots more, then cuts.
    if (m === 65 || m === 66) return cut(m === 65 ? 'full' : 'partial', headToKnife + n);
    return faulty(`GS V ${m}`);
  }

  function cut(kind: 'full' | 'partial', before: number): Effect {
    const { advance } = feed(before);
    if (!pastKnife()) fault('cut through print: the last line had not reached the knife');
    if (paper.length === 0) return nothing;
    const slip: Slip = { ...paperSize, lines: paper, cut: kind };
    paper = [];
    return { advance, slip };
  }

  function pastKnife(): boolean {
    let blank = 0;
    for (const printed of paper.toReversed()) {
      if (printed.kind !== 'feed' && !(printed.kind === 'text' && printed.segments.length === 0)) return blank >= headToKnife;
      blank += printed.advance;
    }
    return true;
  }

  function printSymbol(parameters: Uint8Array): Effect {
    const effect = qr.execute(parameters);
    if (effect.kind === 'stored') return nothing;
    if (effect.kind === 'fault') return faulty(effect.detail);
    if (effect.dots > size.dots) return faulty(`QR of ${effect.dots} dots is wider than the paper: nothing printed`);
    const before = line.length > 0 ? printLine() : 0;
    paper.push({ kind: 'qr', align: mode.align, data: effect.data, cell: effect.cell, errorCorrection: effect.errorCorrection, advance: effect.dots });
    return { advance: before + effect.dots };
  }

  function printRaster(command: Uint8Array): Effect {
    const [, , , m = 0, xl = 0, xh = 0, yl = 0, yh = 0] = command;
    if (m % 48 > 3) return faulty(`GS v 0 mode ${m}`);
    const picture = scaledRaster(command.slice(8), (xl + xh * 256) * 8, yl + yh * 256, ((m % 48) & 1) + 1, ((m % 48) >> 1) + 1);
    return printPicture(picture.bits, picture.widthDots, picture.heightDots);
  }

  function printPicture(bits: Uint8Array, widthDots: number, height: number): Effect {
    if (widthDots > size.dots) fault(`picture of ${widthDots} dots is wider than the paper: its right side is lost`);
    const before = line.length > 0 ? printLine() : 0;
    paper.push({ kind: 'raster', align: mode.align, widthDots, bits, advance: height });
    return { advance: before + height };
  }

  function printBarcode(data: Uint8Array): Effect {
    const code = code128(data);
    if (code === undefined) return faulty(`no Code 128: ${hex(data.subarray(0, 16))}`);
    const width = code.modules.length * mode.barWidth;
    if (width > size.dots) return faulty(`bar code of ${width} dots is wider than the paper: nothing printed`);
    const before = line.length > 0 ? printLine() : 0;
    const texts = { none: 0, above: 1, below: 1, both: 2 }[mode.barText];
    const advance = mode.barHeight + texts * 24;
    paper.push({ kind: 'barcode', align: mode.align, data: code.text, modules: code.modules, moduleDots: mode.barWidth, heightDots: mode.barHeight, text: mode.barText, advance });
    return { advance: before + advance };
  }

  function logoEffect(effect: LogoEffect): Effect {
    if (effect.kind === 'fault') return faulty(effect.detail);
    if (effect.kind === 'stored') return nothing;
    return printPicture(effect.picture.bits, effect.picture.widthDots, effect.picture.heightDots);
  }

  function faulty(detail: string): Effect {
    fault(detail);
    return nothing;
  }
}

interface Mode {
  readonly chinese: boolean;
  readonly align: Align;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly width: number;
  readonly height: number;
  readonly hanWidth: number;
  readonly hanHeight: number;
  readonly spacing: number;
  readonly barHeight: number;
  readonly barWidth: number;
  readonly barText: 'none' | 'above' | 'below' | 'both';
}

function initialMode(spacing: number): Mode {
  return { chinese: false, align: 'left', bold: false, underline: false, width: 1, height: 1, hanWidth: 1, hanHeight: 1, spacing, barHeight: 162, barWidth: 3, barText: 'none' };
}

/** What a one-byte code page prints for half a Chinese character, as anyone knows who has seen a receipt go wrong. */
function katakana(byte: number): string {
  return byte >= 0xa1 && byte <= 0xdf ? String.fromCharCode(0xff61 + byte - 0xa1) : '#';
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
