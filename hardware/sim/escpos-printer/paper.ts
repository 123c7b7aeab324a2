/** What a printed slip is, as data: the printer's own book of what came out. Lengths in dots of 1/8 mm. */
export type Align = 'left' | 'center' | 'right';
export type ErrorCorrection = 'L' | 'M' | 'Q' | 'H';

/** A run of characters of one look. */
export interface Segment {
  readonly text: string;
  /** Half-width cells that it takes on the paper, enlargement included. */
  readonly columns: number;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly width: number;
  readonly height: number;
}

export type PaperLine =
  /** `advance`: how far the paper moved for it. */
  | { readonly kind: 'text'; readonly align: Align; readonly segments: readonly Segment[]; readonly advance: number }
  | { readonly kind: 'qr'; readonly align: Align; readonly data: string; readonly cell: number; readonly errorCorrection: ErrorCorrection; readonly advance: number }
  /** Code 128. `modules`: black and white from left to right, as `1` and `0`, each `moduleDots` wide. */
  | { readonly kind: 'barcode'; readonly align: Align; readonly data: string; readonly modules: string; readonly moduleDots: number; readonly heightDots: number; readonly text: 'none' | 'above' | 'below' | 'both'; readonly advance: number }
  | { readonly kind: 'raster'; readonly align: Align; readonly widthDots: number; readonly bits: Uint8Array; readonly advance: number }
  | { readonly kind: 'feed'; readonly advance: number };

export interface PaperSize {
  readonly columns: number;
  /** Printable dots across. */
  readonly dots: number;
  /** Dots from edge to edge. */
  readonly paperDots: number;
}

export interface Slip extends PaperSize {
  readonly lines: readonly PaperLine[];
  /** How its lower end was made; `none` while it still hangs in the printer. */
  readonly cut: 'full' | 'partial' | 'none';
}

export const cellDots = 12;
/** Line spacing after power-on: 1/6 inch. */
export const defaultSpacing = 34;

/** How many half-width cells a character takes at normal size: ASCII and half-width Katakana one, what has two bytes two. */
export function cellsOf(character: string): number {
  const code = character.charCodeAt(0);
  return code < 0x80 || (code >= 0xff61 && code <= 0xff9f) ? 1 : 2;
}

/** What a slip says, aligned by spaces: for tests and reports. */
export function slipText(slip: Slip): string {
  return slip.lines.flatMap((line) => lineText(line, slip.columns)).join('\n');
}

function lineText(line: PaperLine, columns: number): readonly string[] {
  switch (line.kind) {
    case 'feed':
      return Array.from({ length: Math.round(line.advance / defaultSpacing) }, () => '');
    case 'qr':
      return [`[QR ${line.data}]`];
    case 'barcode':
      return [`[barcode ${line.data}]`];
    case 'raster':
      return [`[picture ${line.widthDots}×${line.advance}]`];
    case 'text': {
      const free = Math.max(0, columns - line.segments.reduce((total, segment) => total + segment.columns, 0));
      const before = { left: 0, center: Math.floor(free / 2), right: free }[line.align];
      return [' '.repeat(line.segments.length === 0 ? 0 : before) + line.segments.map((segment) => segment.text).join('')];
    }
  }
}
