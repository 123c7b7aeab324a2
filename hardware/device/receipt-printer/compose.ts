import { PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { chineseMode, initialise, lineSpacing } from '../../codec/escpos/commands.ts';
import type { LaidLine } from '../../codec/escpos/layout.ts';
import { layoutReceipt } from '../../codec/escpos/layout.ts';
import { encodePrintable } from '../../codec/escpos/printable.ts';
import { encodeGbk } from '../../codec/gbk.ts';
import type { PrinterProfile } from './profiles.ts';
import { qrSize } from './qr-size.ts';

/** A receipt ready for the line, and how much paper it takes. */
export interface ComposedJob {
  readonly bytes: Uint8Array;
  readonly paperMm: number;
}

const dotsPerMm = 8;
/** 1/6 inch, what printers have after ESC @: a character of 24 dots and ten between lines. */
const lineDots = 34;
const betweenLines = 10;

/**
 * A receipt as ESC/POS: printer commands by node-thermal-printer, text by our own codec (the library counts characters
 * instead of columns and never enters Chinese mode). One library object for each job, because it never empties its buffer.
 */
export function composeReceipt(receipt: Receipt, profile: PrinterProfile): ComposedJob {
  const printer = newPrinter(profile);
  append(printer, initialise());
  append(printer, chineseMode());

  let align: Alignment = 'left';
  let scale = 1;
  let bold = false;
  let dots = 0;
  const alignTo = (wanted: Alignment): void => {
    if (align === wanted) return;
    align = wanted;
    if (wanted === 'center') printer.alignCenter();
    else if (wanted === 'right') printer.alignRight();
    else printer.alignLeft();
  };

  const sizeTo = (wanted: number): void => {
    if (scale === wanted) return;
    scale = wanted;
    // GS !: the one size command that Chinese obeys too; ESC ! leaves it small (TM-T88III specification, FS !).
    printer.setTextSize(scale - 1, scale - 1);
    append(printer, lineSpacing(24 * scale + betweenLines));
  };

  for (const line of layoutReceipt(receipt, profile.columns)) {
    switch (line.kind) {
      case 'text':
        alignTo(line.align);
        sizeTo(line.scale);
        if (bold !== line.bold) {
          bold = line.bold;
          printer.bold(bold);
        }
        append(printer, encodeGbk(line.text));
        printer.newLine();
        dots += 24 * scale + betweenLines;
        break;
      case 'feed':
        // Blank lines are of normal height whatever stood before.
        sizeTo(1);
        for (let fed = 0; fed < line.lines; fed += 1) printer.newLine();
        dots += line.lines * lineDots;
        break;
      case 'qr':
        alignTo('center');
        dots += composeQr(printer, line, profile);
        break;
    }
  }
  sizeTo(1);
  dots += feedAndCut(printer, profile);
  return { bytes: Uint8Array.from(printer.getBuffer()), paperMm: dots / dotsPerMm };
}

type Alignment = 'left' | 'center' | 'right';

/**
 * What goes before the next receipt when nobody knows how the last one ended: out of any command that was cut off in the
 * middle (printers ignore NUL, commands swallow it as data), then off with the half receipt, so that it does not hang on the next.
 */
export function composeClearing(profile: PrinterProfile): ComposedJob {
  const printer = newPrinter(profile);
  append(printer, new Uint8Array(512));
  append(printer, initialise());
  const dots = feedAndCut(printer, profile);
  return { bytes: Uint8Array.from(printer.getBuffer()), paperMm: dots / dotsPerMm };
}

function newPrinter(profile: PrinterProfile): ThermalPrinter {
  const type = { epson: PrinterTypes.EPSON, custom: PrinterTypes.CUSTOM, tanca: PrinterTypes.TANCA }[profile.commands];
  // No interface: the library only collects bytes, its own ways to send them have no time limits.
  return new ThermalPrinter({ type, interface: '', width: profile.columns });
}

function append(printer: ThermalPrinter, bytes: Uint8Array): void {
  if (bytes.length > 0) printer.append(Buffer.from(bytes));
}

/** Four lines bring the last one past the knife. The library's ESC @ after the cut ends Chinese mode, bold and size. */
function feedAndCut(printer: ThermalPrinter, profile: PrinterProfile): number {
  if (profile.cut === 'full') printer.cut({ verticalTabAmount: 1 });
  else printer.partialCut({ verticalTabAmount: 1 });
  return 4 * lineDots;
}

function composeQr(printer: ThermalPrinter, line: Extract<LaidLine, { kind: 'qr' }>, profile: PrinterProfile): number {
  const data = asciiOf(line.data);
  const size = qrSize(data.length, profile.dots);
  if (size === undefined) {
    // Too much for any code: what it would have said is better than a gap.
    append(printer, encodePrintable(data));
    printer.newLine();
    return lineDots * Math.ceil(data.length / profile.columns);
  }
  printer.printQR(data, { model: 2, cellSize: size.cell, correction: 'M' });
  return size.dots;
}

/** The library counts characters where the printer counts bytes. */
function asciiOf(data: string): string {
  return data.replace(/[^\x20-\x7e]+/g, (rest) => encodeURIComponent(rest.toWellFormed()));
}
