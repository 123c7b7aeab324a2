import { columnsOf } from '../../../../domain/receipt/layout/gbk-repertoire.ts';
import { cellDots, characterDots } from '../../../../domain/receipt/layout/layout.ts';
import type { Outline } from '../../../../domain/receipt/render-svg.ts';
import { drawnText } from '../../../../domain/receipt/render-svg.ts';
import type { ResvgPixels } from './resvg.ts';

export interface Bitmap {
  readonly widthBytes: number;
  readonly height: number;
  /** Row by row, eight dots a byte, the leftmost in bit 7, black is 1. */
  readonly bits: Uint8Array;
}

export interface Bitmaps {
  bitmap(text: string, scale: number, bold: boolean): Bitmap;
}

export function createBitmaps(outline: (character: string) => Outline | undefined, render: (svg: string) => ResvgPixels): Bitmaps {
  return {
    bitmap(text, scale, bold) {
      const widthBytes = Math.ceil((columnsOf(text) * cellDots * scale) / 8);
      const height = characterDots * scale;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthBytes * 8}" height="${height}">${drawnText(text, { x: 0, y: 0, scale, bold, outline })}</svg>`;
      const { pixels } = render(svg);
      const bits = new Uint8Array(widthBytes * height);
      for (let dot = 0; dot < widthBytes * 8 * height; dot += 1) {
        // White paper: any channel tells. A dot that is half covered prints.
        if ((pixels[dot * 4] ?? 255) < 128) bits[dot >> 3] = (bits[dot >> 3] ?? 0) | (0x80 >> (dot & 7));
      }
      return { widthBytes, height, bits };
    },
  };
}
