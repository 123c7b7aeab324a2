import fs from 'node:fs';
import type { Font } from 'fontkitten';
import type { Outline } from '../../../../domain/receipt/render-svg.ts';
import type { FontFace } from './files.ts';

export interface Fonts {
  /** Of one character; undefined where no file has it. */
  outline(character: string): Outline | undefined;
}

/** A decoded file takes a megabyte or so: only the last few stay. */
const filesKept = 12;

export async function createFonts(faces: readonly FontFace[]): Promise<Fonts> {
  const { create } = await import('fontkitten');
  const places = faces.map((face) => ({ face, has: face.ranges === undefined ? () => true : inRanges(face.ranges) }));
  const opened = new Map<string, Font>();

  function open(file: string): Font {
    const font = opened.get(file) ?? read(file);
    // Last used, last to go.
    opened.delete(file);
    opened.set(file, font);
    for (const oldest of opened.keys()) {
      if (opened.size <= filesKept) break;
      opened.delete(oldest);
    }
    return font;
  }

  function read(file: string): Font {
    const font = create(fs.readFileSync(file));
    if (font.isCollection) throw new Error(`${file} is a collection of fonts`);
    // fontkitten unpacks WOFF2 at the first table that it reads, and finds no character map before.
    void font.hhea;
    return font;
  }

  return {
    outline(character) {
      const codePoint = character.codePointAt(0);
      if (codePoint === undefined || [...character].length !== 1) return undefined;
      for (const { face, has } of places) {
        if (!has(codePoint)) continue;
        const font = open(face.path);
        if (!font.hasGlyphForCodePoint(codePoint)) continue;
        const glyph = font.glyphForCodePoint(codePoint);
        return { path: glyph.path.toSVG(), advance: glyph.advanceWidth / font.unitsPerEm, unitsPerEm: font.unitsPerEm, stroke: face.stroke };
      }
      return undefined;
    },
  };
}

function inRanges(text: string): (codePoint: number) => boolean {
  const ranges = text.split(',').map((range) => {
    const [first = '', last = first] = range.replace(/^U\+/i, '').split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
  });
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}
