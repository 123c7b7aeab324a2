import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { laidText } from '../../../../domain/receipt/layout/laid-text.ts';
import type { Receipt } from '../../../../domain/receipt/receipt.ts';
import type { Slip } from '../../../sim/escpos-printer/paper.ts';
import { createEscPosPrinterSim } from '../../../sim/escpos-printer/printer-sim.ts';
import { composeClearing, composeReceipt, layoutForPrinter } from '../compose.ts';
import type { PrinterProfile } from '../profiles.ts';
import { printerProfiles } from '../profiles.ts';
import type { Bitmap } from './bitmap.ts';
import { families } from './files.ts';
import { createRaster } from './raster.ts';

const raster = createRaster();
const profile = printerProfiles['generic-58'];
const text = (...texts: string[]): Receipt => ({ language: 'zh', lines: texts.map((value) => ({ kind: 'text', text: value, align: 'left', size: 'normal', bold: false })) });

function slipsOf(each: PrinterProfile, ...jobs: readonly Uint8Array[]): { readonly slips: readonly Slip[]; readonly faults: readonly unknown[] } {
  const sim = createEscPosPrinterSim({ columns: each.columns, dots: each.dots, lineSpacingUnitsPerDot: each.lineSpacingUnitsPerDot });
  sim.connect({
    onData(listener) {
      for (const job of jobs) listener(job);
      return () => undefined;
    },
    write: async () => ({ ok: true, value: undefined }),
  });
  return { slips: sim.slips(), faults: sim.faults() };
}

/** The dots of a bitmap, a character each. */
const art = ({ widthBytes, height, bits }: Bitmap): string[] =>
  Array.from({ length: height }, (_, y) => Array.from({ length: widthBytes * 8 }, (_unused, x) => (((bits[y * widthBytes + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? '#' : '.')).join(''));

describe('a line with a character that the printer lacks', () => {
  test('goes out as dots, 24 high and as wide as its columns, and the lines around it as text', async () => {
    const job = await composeReceipt(text('上', '红心♥茶', '下'), profile, { raster });
    const { slips, faults } = slipsOf(profile, job.bytes);
    expect(faults).toEqual([]);
    const lines = slips[0]!.lines;
    const pictures = lines.filter((line) => line.kind === 'raster');
    expect(pictures.map(({ widthDots }) => widthDots)).toEqual([96]);
    expect(pictures.reduce((total, { advance }) => total + advance, 0)).toBe(24);
    expect(lines.flatMap((line) => (line.kind === 'text' ? line.segments.map((segment) => segment.text) : []))).toEqual(['上', '下']);
    expect(job.bytes.length).toBeLessThan(400);
  });

  test('has the same dots on paper as the bitmap, cut into bands that clearing can end', async () => {
    const wide = printerProfiles['generic-80'];
    const line = `♥${'一'.repeat(23)}`;
    const job = await composeReceipt(text(line), wide, { raster });
    const drawing = (await raster.load())!;
    const pictures = slipsOf(wide, job.bytes).slips[0]!.lines.filter((each) => each.kind === 'raster');
    expect(pictures.length).toBe(4);
    expect(pictures.flatMap(({ bits }) => [...bits])).toEqual([...drawing.bitmap(line, 1, false)!.bits]);
    const next = (await composeReceipt(text('next'), wide)).bytes;
    for (let at = 0; at <= job.bytes.length; at += 13) {
      const { slips } = slipsOf(wide, job.bytes.slice(0, at), composeClearing(wide).bytes, next);
      expect(slips.at(-1)!.lines.flatMap((each) => (each.kind === 'text' ? each.segments.map((segment) => segment.text) : []))).toEqual(['next']);
    }
  });

  test.each(['normal', 'double', 'quadruple'] as const)('costs at most what a full line of normal size costs (%s)', async (size) => {
    const wide = printerProfiles['generic-80'];
    const columns = { normal: 48, double: 24, quadruple: 12 }[size];
    const receipt: Receipt = { language: 'zh', lines: [{ kind: 'text', text: '♥'.repeat(columns / 2), align: 'left', size, bold: true }] };
    const { bytes } = await composeReceipt(receipt, wide, { raster });
    expect(bytes.length).toBeLessThan(72 * 24 + 100);
    const pictures = slipsOf(wide, bytes).slips[0]!.lines.filter((line) => line.kind === 'raster');
    expect(new Set(pictures.map(({ widthDots }) => widthDots))).toEqual(new Set([576]));
    expect(pictures.reduce((total, { advance }) => total + advance, 0)).toBe(24 * { normal: 1, double: 2, quadruple: 4 }[size]);
  });

  test('is drawn larger and bolder where the text is', async () => {
    const drawing = (await raster.load())!;
    const [normal, bold, double] = [drawing.bitmap('♥中', 1, false)!, drawing.bitmap('♥中', 1, true)!, drawing.bitmap('♥中', 2, false)!];
    const black = (bitmap: Bitmap): number => art(bitmap).join('').replaceAll('.', '').length;
    expect(black(bold)).toBeGreaterThan(black(normal));
    expect([double.widthBytes, double.height]).toEqual([12, 48]);
    expect(black(double)).toBeGreaterThan(3 * black(normal));
  });

  test('stands among the others in any receipt, and all of them as they were laid', async () => {
    const name = fc.array(fc.constantFrom('茶', 'Tea', ' ', '♥', '✂', '面', '￥5.00', '乑'), { minLength: 1, maxLength: 20 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, fc.constantFrom('left', 'center', 'right'), fc.constantFrom('normal', 'double', 'quadruple'), fc.boolean()), { minLength: 1, maxLength: 5 }), async (lines) => {
        const receipt: Receipt = { language: 'zh', lines: lines.map(([value, align, size, bold]) => ({ kind: 'text', text: value, align, size, bold })) };
        const drawing = (await raster.load())!;
        const { laid } = await layoutForPrinter(receipt, profile, raster);
        const { slips, faults } = slipsOf(profile, (await composeReceipt(receipt, profile, { raster })).bytes);
        expect(faults).toEqual([]);
        const wanted = laid.flatMap((line) => {
          if (line.kind !== 'text') return [];
          if (!line.drawn) return [`${line.align} ${line.text}`];
          const { widthBytes, height } = drawing.bitmap(line.text, Math.max(1, line.scale / 2), line.bold)!;
          const times = line.scale === 1 ? 1 : 2;
          return [`${line.align} picture ${widthBytes * 8 * times} × ${height * times}`];
        });
        const printed: string[] = [];
        let height = 0;
        for (const line of slips[0]!.lines) {
          if (line.kind === 'text') printed.push(`${line.align} ${line.segments.map((segment) => segment.text).join('')}`);
          else if (line.kind === 'raster') {
            if (height > 0) printed.pop();
            height += line.advance;
            printed.push(`${line.align} picture ${line.widthDots} × ${height}`);
            continue;
          }
          height = 0;
        }
        // Four lines of the cut are blank.
        expect(printed.slice(0, wanted.length)).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  test('reckons its paper', async () => {
    const [drawn, plain] = [await composeReceipt(text('♥'), profile, { raster }), await composeReceipt(text('心'), profile, { raster })];
    expect(drawn.paperMm).toBeCloseTo(plain.paperMm, 1);
  });

  test('has 〓 instead where the profile forbids, where there is no raster, and where no font file has the character', async () => {
    const never: PrinterProfile = { ...profile, raster: 'never' };
    for (const [each, given, value] of [[never, raster, '红心♥'], [profile, undefined, '红心♥'], [profile, raster, '红心\u{10ffff}']] as const) {
      const { slips } = slipsOf(each, (await composeReceipt(text(value), each, { raster: given })).bytes);
      expect(slips[0]!.lines[0]).toMatchObject({ kind: 'text', segments: [{ text: '红心〓' }] });
    }
  });

  test('is text with 〓 where the font has not all of its other characters', async () => {
    const drawing = (await raster.load())!;
    // In GBK and in printers, not among the 6,763 and some that the screen's font has.
    expect(drawing.canDraw('乑')).toBe(false);
    const { laid } = await layoutForPrinter(text('♥乑'), profile, raster);
    expect(laid).toMatchObject([{ text: '〓乑', drawn: false }]);
    expect(laidText(laid, 32)).toBe('〓乑');
  });
});

describe('nothing', () => {
  test('is loaded for a receipt that the printer can print', async () => {
    let loads = 0;
    const watched = {
      load() {
        loads += 1;
        return raster.load();
      },
    };
    await composeReceipt(text('你好', '¥5 €3 ö'), profile, { raster: watched });
    expect(loads).toBe(0);
    await composeReceipt(text('♥'), profile, { raster: watched });
    expect(loads).toBe(1);
  });

  test('stops a receipt where the files are missing: it is said once, and 〓 printed', async () => {
    const faults: string[] = [];
    const broken = createRaster({ folder: path.join(os.tmpdir(), 'counter24-no-such-folder'), onFault: (detail) => faults.push(detail) });
    for (let times = 0; times < 2; times += 1) {
      const { slips } = slipsOf(profile, (await composeReceipt(text('♥'), profile, { raster: broken })).bytes);
      expect(slips[0]!.lines[0]).toMatchObject({ segments: [{ text: '〓' }] });
    }
    expect(faults).toHaveLength(1);
  });
});

describe('from a folder as the build lays it out', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-raster-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('the dots are those from the packages', async () => {
    const packages = path.resolve(import.meta.dirname, '../../../../node_modules');
    fs.copyFileSync(path.join(packages, '@resvg/resvg-wasm/index_bg.wasm'), path.join(folder, 'resvg.wasm'));
    for (const { name, packageName } of families) {
      fs.cpSync(path.join(packages, packageName, 'files'), path.join(folder, name, 'files'), { recursive: true });
      fs.copyFileSync(path.join(packages, packageName, 'unicode.json'), path.join(folder, name, 'unicode.json'));
    }
    const [here, there] = [await raster.load(), await createRaster({ folder }).load()];
    expect(there!.bitmap('红心♥ Aa12', 1, false)).toEqual(here!.bitmap('红心♥ Aa12', 1, false));
  });

  test('a font file that is broken or gone costs its characters, and no receipt', async () => {
    const faults: string[] = [];
    const broken = createRaster({ folder, onFault: (detail) => faults.push(detail) });
    const files = path.join(folder, families[0]!.name, 'files');
    for (const [index, file] of fs.readdirSync(files).entries()) fs.truncateSync(path.join(files, file), index % 2 === 0 ? 1000 : 0);
    const { slips } = slipsOf(profile, (await composeReceipt(text('红心♥'), profile, { raster: broken })).bytes);
    expect(slips[0]!.lines[0]).toMatchObject({ kind: 'text', segments: [{ text: '红心〓' }] });
    expect(faults.length).toBeGreaterThan(0);
  });
});

test('a drawn character looks like itself', async () => {
  expect(art((await raster.load())!.bitmap('中1', 1, false)!).map((row) => row.replace(/\.+$/, ''))).toMatchInlineSnapshot(`
    [
      "",
      "...........##",
      "...........##",
      "...........##................##",
      "...........##..............#####",
      "..####################.....#####",
      "..####################.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "..####################.......###",
      "..####################.......###",
      "..##.......##.......##.......###",
      "..##.......##.......##.......###",
      "...........##................###",
      "...........##................###",
      "...........##................###",
      "...........##.............#########",
      "...........##.............#########",
      "...........##",
      "",
    ]
  `);
});
