import type { Outline } from '../../../../domain/receipt/render-svg.ts';
import type { Bitmap } from './bitmap.ts';
import { createBitmaps } from './bitmap.ts';
import { createFonts } from './fonts.ts';
import type { RasterFiles } from './files.ts';
import { findRasterFiles } from './files.ts';
import { startResvg } from './resvg.ts';

/** Draws what the printer's font lacks. Nothing is read and no memory taken until the first `load`. */
export interface Raster {
  /** Undefined where files are missing or broken, which `onFault` was told: characters are 〓 then. */
  load(): Promise<Drawing | undefined>;
}

export interface Drawing {
  /** Whether some font file has the character. Reads that file, and keeps the last few. */
  canDraw(character: string): boolean;
  outline(character: string): Outline | undefined;
  /** A line of printable text as dots, 24 high times `scale`, as wide as its columns; undefined where that failed. */
  bitmap(text: string, scale: number, bold: boolean): Bitmap | undefined;
  /** A picture of an SVG without text elements, `width` pixels wide. */
  png(svg: string, width: number): Uint8Array;
}

export interface RasterOptions {
  /** Where build/build.ts has put the files; found by itself beside the bundle, or among the packages. */
  readonly folder?: string;
  readonly onFault?: (detail: string) => void;
}

export function createRaster({ folder, onFault = () => undefined }: RasterOptions = {}): Raster {
  let loading: Promise<Drawing | undefined> | undefined;

  async function load(): Promise<Drawing | undefined> {
    try {
      return await open(findRasterFiles(folder), guarded);
    } catch (cause) {
      onFault(detailOf(cause));
      return undefined;
    }
  }

  /** A font file that cannot be read, or outlines that cannot be drawn, shall not cost a customer the receipt. */
  function guarded<T>(work: () => T | undefined): T | undefined {
    try {
      return work();
    } catch (cause) {
      onFault(detailOf(cause));
      return undefined;
    }
  }

  return { load: () => (loading ??= load()) };
}

async function open(files: RasterFiles, guarded: <T>(work: () => T | undefined) => T | undefined): Promise<Drawing> {
  const [fonts, resvg] = await Promise.all([createFonts(files.faces), startResvg(files.wasm)]);
  const outline = (character: string): Outline | undefined => guarded(() => fonts.outline(character));
  const { bitmap } = createBitmaps(outline, resvg.pixels);
  return { canDraw: (character) => outline(character) !== undefined, outline, bitmap: (text, scale, bold) => guarded(() => bitmap(text, scale, bold)), png: resvg.png };
}

function detailOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
