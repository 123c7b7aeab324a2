import { encode } from 'uqr';
import { cellDots, layoutReceipt } from '../../../domain/receipt/layout/layout.ts';
import { renderSvg } from '../../../domain/receipt/render-svg.ts';
import type { FoundReceipt } from './find.ts';
import { receiptPageWords } from './words.ts';

/** An SVG that is opened by itself runs as a page: nothing in it may load or run. */
export const receiptPicturePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const columns = 48;

/** The receipt as it looks on 80 mm paper, line by line as it was folded for the printer; undefined where there is none yet. */
export function renderReceiptPicture(found: FoundReceipt): string | undefined {
  if (found.kind !== 'receipt') return undefined;
  const { receipt, number } = found;
  return renderSvg(layoutReceipt(receipt, columns), {
    dots: columns * cellDots,
    qr: (data) => encode(data, { ecc: 'M', border: 0, boostEcc: false }).data,
    title: `${receiptPageWords.title[receipt.language]} ${number}`,
  });
}
