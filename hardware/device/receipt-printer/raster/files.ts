import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface FontFace {
  readonly path: string;
  /** "U+4e00,U+4e03-4e05": what the file has; undefined where its own table says. */
  readonly ranges: string | undefined;
  /** Width of the line drawn around outlines, in thousandths of an em: the variable font's own weight is the thinnest. */
  readonly stroke: { readonly normal: number; readonly bold: number };
}

export interface RasterFiles {
  /** In the order in which they are asked for a character. */
  readonly faces: readonly FontFace[];
  readonly wasm: string;
}

interface Family {
  readonly name: string;
  readonly packageName: string;
  readonly stroke: FontFace['stroke'];
}

/** Asked in this order for a character. The screen's own font is the only one that the house ships. */
export const families: readonly Family[] = [{ name: 'noto-sans-sc', packageName: '@fontsource-variable/noto-sans-sc', stroke: { normal: 50, bold: 90 } }];

/** Beside the bundle (dist/core/raster, by build/build.ts) or, from source, in the packages. Throws where the files are not. */
export function findRasterFiles(folder: string | undefined): RasterFiles {
  const beside = folder ?? path.join(import.meta.dirname, 'raster');
  if (folder !== undefined || fs.existsSync(path.join(beside, 'resvg.wasm'))) {
    return { faces: families.flatMap((family) => facesOf(path.join(beside, family.name), family)), wasm: path.join(beside, 'resvg.wasm') };
  }
  const require = createRequire(import.meta.url);
  return {
    faces: families.flatMap((family) => facesOf(path.dirname(require.resolve(`${family.packageName}/package.json`)), family)),
    wasm: require.resolve('@resvg/resvg-wasm/index_bg.wasm'),
  };
}

/** As Fontsource lays a package out: files/NAME-SUBSET-…-normal.woff2, and unicode.json with what each subset has. */
function facesOf(folder: string, { stroke }: Family): readonly FontFace[] {
  const subsets = JSON.parse(fs.readFileSync(path.join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  return fs
    .readdirSync(path.join(folder, 'files'))
    .filter((file) => file.endsWith('normal.woff2'))
    .map((file) => {
      const subset = Object.keys(subsets).find((name) => file.includes(`-${name.replace(/[[\]]/g, '')}-wght-`));
      return { path: path.join(folder, 'files', file), ranges: subset === undefined ? undefined : subsets[subset], stroke };
    });
}
