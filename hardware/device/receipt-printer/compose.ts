import { PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { code128 } from '../../../domain/receipt/layout/code128.ts';
import type { Align, LaidLine, Scale } from '../../../domain/receipt/layout/layout.ts';
import { barcodeDots, barcodeGapDots, betweenLinesDots, characterDots, layoutReceipt } from '../../../domain/receipt/layout/layout.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { chineseMode, code128Bars, feedUnits, initialise, lineSpacing, normalLineSpacing, rasterImage, storedGraphics, storedPicture } from '../../codec/escpos/commands.ts';
import { encodeGbk } from '../../codec/gbk.ts';
import type { PrinterProfile } from './profiles.ts';
import type { Drawing, Raster } from './raster/raster.ts';

/** A receipt ready for the line, and how much paper it takes. */
export interface ComposedJob {
  readonly bytes: Uint8Array;
  readonly paperMm: number;
}

export interface ComposeOptions {
  /** Draws lines with characters that the printer's font lacks. Without it, or where the profile forbids, those are 〓. */
  readonly raster?: Raster | undefined;
}

/** What may have to be swallowed before a printer listens again. Only a QR code of more data than any link of ours is longer. */
const longestCommand = 512;

/** Of a picture that somebody else has stored in the printer, for the forecast of paper: 15 mm. */
const assumedLogoMm = 15;

/**
 * A receipt as ESC/POS: printer commands by node-thermal-printer, text by our own codec (the library counts characters
 * instead of columns and never enters Chinese mode). One library object for each job, because it never empties its buffer.
 */
export async function composeReceipt(receipt: Receipt, profile: PrinterProfile, { raster }: ComposeOptions = {}): Promise<ComposedJob> {
  const { laid, drawing } = await layoutForPrinter(receipt, profile, raster);
  return composeLines(laid, profile, drawing);
}

interface ForPrinter {
  readonly laid: readonly LaidLine[];
  /** Loaded only if some line needs it. */
  readonly drawing: Drawing | undefined;
}

/** The lines as this printer prints them: `composeReceipt` makes bytes of just these. */
export async function layoutForPrinter(receipt: Receipt, profile: PrinterProfile, raster?: Raster): Promise<ForPrinter> {
  const paper = { dots: profile.dots, logoSlots: profile.logo?.slots ?? 0, barcodes: profile.barcode === 'code128' };
  let isLacking = false;
  const laid = layoutReceipt(receipt, profile.columns, {
    ...paper,
    canDraw() {
      isLacking = true;
      return false;
    },
  });
  const drawing = isLacking && profile.raster === 'lines' ? await raster?.load() : undefined;
  if (drawing === undefined) return { laid, drawing: undefined };
  return { laid: layoutReceipt(receipt, profile.columns, { ...paper, canDraw: drawing.canDraw }), drawing };
}

function composeLines(laid: readonly LaidLine[], profile: PrinterProfile, drawing: Drawing | undefined): ComposedJob {
  const printer = newPrinter(profile);
  append(printer, initialise());
  append(printer, chineseMode());

  const units = profile.lineSpacingUnitsPerDot;
  let align: Align = 'left';
  let scale = 1;
  let bold = false;
  let dots = 0;
  let logos = 0;
  const alignTo = (wanted: Align): void => {
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
    append(printer, scale === 1 ? normalLineSpacing() : lineSpacing((characterDots * scale + betweenLinesDots) * units));
  };

  const boldTo = (wanted: boolean): void => {
    if (bold === wanted) return;
    bold = wanted;
    printer.bold(bold);
  };

  for (const line of laid) {
    switch (line.kind) {
      case 'text': {
        alignTo(line.align);
        const bitmap = line.drawn ? drawing?.bitmap(line.text, drawnScale(line.scale), line.bold) : undefined;
        if (bitmap !== undefined) {
          const { widthBytes, height, bits } = bitmap;
          for (let row = 0; row < height; row += bandRows(widthBytes)) {
            const rows = Math.min(bandRows(widthBytes), height - row);
            append(printer, rasterImage(widthBytes, rows, bits.subarray(row * widthBytes, (row + rows) * widthBytes), line.scale > 1));
          }
          append(printer, feedUnits(betweenLinesDots * units));
          dots += characterDots * line.scale + betweenLinesDots;
          break;
        }
        sizeTo(line.scale);
        boldTo(line.bold);
        append(printer, encodeGbk(line.text));
        printer.newLine();
        dots += scale === 1 ? lineDots(profile) : characterDots * scale + betweenLinesDots;
        break;
      }
      case 'feed':
        // Blank lines are of normal height whatever stood before.
        sizeTo(1);
        for (let fed = 0; fed < line.lines; fed += 1) printer.newLine();
        dots += line.lines * lineDots(profile);
        break;
      case 'qr':
        alignTo('center');
        // The library counts characters where the printer counts bytes: layout leaves ASCII only.
        printer.printQR(line.data, { model: 2, cellSize: line.cellDots, correction: 'M' });
        dots += line.dots;
        break;
      case 'barcode':
        alignTo('center');
        append(printer, code128Bars(code128(line.data)?.parts ?? [], line.moduleDots, barcodeDots));
        append(printer, feedUnits(barcodeGapDots * units));
        dots += barcodeDots + barcodeGapDots;
        break;
      case 'logo':
        alignTo('center');
        append(printer, profile.logo?.command === 'gs_l' ? storedGraphics(line.slot) : storedPicture(line.slot));
        logos += 1;
        break;
    }
  }
  sizeTo(1);
  dots += feedAndCut(printer, profile);
  return { bytes: Uint8Array.from(printer.getBuffer()), paperMm: dotsToMm(dots, profile) + logos * assumedLogoMm };
}

/**
 * What goes before the next receipt when nobody knows how the last one ended: out of any command that was cut off in the
 * middle (printers ignore NUL, commands swallow it as data), then off with the half receipt, so that it does not hang on the next.
 */
export function composeClearing(profile: PrinterProfile): ComposedJob {
  const printer = newPrinter(profile);
  append(printer, new Uint8Array(longestCommand));
  append(printer, initialise());
  const dots = feedAndCut(printer, profile);
  return { bytes: Uint8Array.from(printer.getBuffer()), paperMm: dotsToMm(dots, profile) };
}

/** Large text is drawn at half its size and doubled by the printer, as its own is: no line costs more bytes than one of normal size. */
function drawnScale(scale: Scale): number {
  return scale === 1 ? 1 : scale / 2;
}

/** A drawn line goes out in bands, so that no command gets longer than what clears it. */
function bandRows(widthBytes: number): number {
  return Math.max(1, Math.floor((longestCommand - 8) / widthBytes));
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
  return 4 * lineDots(profile);
}

/** 1/6 inch. */
function lineDots(profile: PrinterProfile): number {
  return Math.round(profile.dotsPerInch / 6);
}

function dotsToMm(dots: number, profile: PrinterProfile): number {
  return (dots * 25.4) / profile.dotsPerInch;
}
