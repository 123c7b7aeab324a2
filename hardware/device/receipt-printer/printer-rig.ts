import { vi } from 'vitest';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import type { EscPosPrinterSim, EscPosPrinterSimOptions } from '../../sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import type { Uart } from '../../sim/lines/slow-line.ts';
import { createUart } from '../../sim/lines/slow-line.ts';
import type { MemoryLine } from '../../transport/memory.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import type { Transport } from '../../transport/transport.ts';
import type { ReceiptPrinter } from './port.ts';
import { printerProfiles } from './profiles.ts';
import type { ReceiptPrinterOptions } from './receipt-printer.ts';
import { createReceiptPrinter } from './receipt-printer.ts';

/** The driver on one end of a line in memory, the virtual printer on the other. For tests, under fake timers. */
export interface PrinterRig {
  readonly printer: ReceiptPrinter;
  readonly sim: EscPosPrinterSim;
  readonly line: MemoryLine;
  /** The printer's end of the line. */
  readonly far: Transport;
  /** How many listeners the driver has on its transport. */
  listeners(): number;
  plugIn(): Promise<void>;
}

export interface RigOptions {
  readonly lineMs?: number;
  readonly profile?: ReceiptPrinterOptions['profile'];
  readonly timing?: NonNullable<ReceiptPrinterOptions['timing']>;
  /** The printer behind the line, where it is not simply what the profile says. */
  readonly sim?: Partial<EscPosPrinterSimOptions>;
  /** Towards the printer, the line has this speed and a transmit buffer of 4 KB, which its CTS stops. */
  readonly lineBaud?: number;
  readonly startsAfterCrash?: boolean;
  /** How the printer's bytes are cut on their way. */
  readonly split?: (bytes: Uint8Array) => readonly Uint8Array[];
  /** How long each answer of the printer is under way. */
  readonly answerDelayMs?: () => number;
}

export async function createRig(options: RigOptions = {}): Promise<PrinterRig> {
  const profile = options.profile ?? printerProfiles['generic-58'];
  const line = createMemoryLine(options.split === undefined ? {} : { split: options.split });
  const [near, far] = line.ends;
  const plugIn = async (): Promise<void> => {
    line.mend();
    await far.open();
  };
  const sim = createEscPosPrinterSim({
    columns: profile.columns,
    dots: profile.dots,
    dotsPerInch: profile.dotsPerInch,
    lineSpacingUnitsPerDot: profile.lineSpacingUnitsPerDot,
    flowControl: profile.flowControl,
    bufferBytes: profile.bufferBytes,
    lineMs: options.lineMs ?? 0,
    onCable: (plugged) => (plugged ? void plugIn() : line.cut()),
    ...options.sim,
  });
  const uart: Uart | undefined = options.lineBaud === undefined ? undefined : createUart({ transport: near, baud: options.lineBaud });
  const delayMs = options.answerDelayMs;
  await far.open();
  let lastArrival = 0;
  sim.connect(
    delayMs === undefined
      ? { ...far, hold: (held) => uart?.hold(held) }
      : {
          onData: (listener) => far.onData(listener),
          async write(bytes) {
            // No answer overtakes another on a line.
            lastArrival = Math.max(lastArrival, performance.now() + delayMs());
            setTimeout(() => void far.write(bytes, 1000), lastArrival - performance.now());
            return { ok: true, value: undefined };
          },
        },
  );
  let listeners = 0;
  const counted = (stop: () => void): (() => void) => {
    listeners += 1;
    return () => {
      listeners -= 1;
      stop();
    };
  };
  const port = uart ?? near;
  const transport: Transport = { ...port, onData: (listener) => counted(port.onData(listener)), onLost: (listener) => counted(port.onLost(listener)) };
  const printer = createReceiptPrinter({ transport, profile, timing: options.timing ?? {}, startsAfterCrash: options.startsAfterCrash ?? false, ...(options.lineBaud === undefined ? {} : { baud: options.lineBaud }) });
  return {
    printer,
    sim,
    line,
    far,
    listeners: () => listeners,
    plugIn,
  };
}

/** Lets the fake clock run until the promise is settled. */
export async function settled<T>(promise: Promise<T>): Promise<T> {
  let pending = true;
  const watch = (): void => {
    pending = false;
  };
  promise.then(watch, watch);
  for (let turns = 0; pending; turns += 1) {
    if (turns > 100_000) throw new Error('never settled');
    await vi.advanceTimersToNextTimerAsync();
  }
  return promise;
}

const text = (value: string, more: Partial<Extract<ReceiptLine, { kind: 'text' }>> = {}): ReceiptLine => ({ kind: 'text', text: value, align: 'left', size: 'normal', bold: false, ...more });
const pair = (left: string, right: string, indent = 0): ReceiptLine => ({ kind: 'pair', left, right, bold: false, indent });

export const chineseReceipt: Receipt = {
  language: 'zh',
  lines: [
    text('柜台24 · 人民广场站', { align: 'center', bold: true }),
    text('上海市黄浦区人民大道1号，地铁2号线站厅层', { align: 'center' }),
    { kind: 'rule' },
    text('取餐号', { align: 'center' }),
    text('A042', { align: 'center', size: 'quadruple', bold: true }),
    { kind: 'rule' },
    pair('招牌牛肉面 × 2', '￥64.00'),
    pair('大份，加辣，不要香菜', '', 2),
    pair('珍珠奶茶（大杯）少糖去冰加珍珠加椰果', '¥18.50'),
    { kind: 'feed', lines: 1 },
    pair('合计', '￥82.50'),
    { kind: 'qr', data: 'https://example.com/r/A042?o=0197' },
    text('谢谢光临', { align: 'center', size: 'double' }),
  ],
};

export const englishReceipt: Receipt = {
  language: 'en',
  lines: [
    text('Counter24', { align: 'center', size: 'double', bold: true }),
    text('Pickup number', { align: 'center' }),
    text('B007', { align: 'center', size: 'quadruple' }),
    pair('Bubble tea, large, less sugar, no ice, with pearls', '￥18.50'),
    pair('Croissant', '€2.10'),
    { kind: 'qr', data: 'https://example.com/r/B007' },
    text('Thank you', { align: 'right' }),
  ],
};

/** As many lines as make it about so many bytes long. */
export function longReceipt(lines: number, name = 'long'): Receipt {
  return { language: 'zh', lines: [text(`begin ${name}.`), ...Array.from({ length: lines }, (_, index) => pair(`第${index + 1}行 招牌牛肉面`, `￥${index + 1}.00`)), text(`end ${name}.`)] };
}
