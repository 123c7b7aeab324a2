import fs from 'node:fs';
import path from 'node:path';
import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../../domain/language.ts';
import { layoutReceipt } from '../../../../domain/receipt/layout/layout.ts';
import { renderSvg } from '../../../../domain/receipt/render-svg.ts';
import { sampleReceipt } from '../../../../domain/receipt/testing/samples.ts';
import { layoutForPrinter } from '../compose.ts';
import { printerProfiles } from '../profiles.ts';
import { createRaster } from './raster.ts';

/** `UPDATE_GOLDEN=1` draws the pictures anew; then look at them. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const root = path.resolve(import.meta.dirname, '../../../..');
const qr = (data: string): boolean[][] => encode(data, { ecc: 'M', border: 0, boostEcc: false }).data;

function expectGolden(file: string, bytes: Uint8Array): void {
  if (isUpdate) fs.writeFileSync(file, bytes);
  expect(Buffer.compare(fs.readFileSync(file), bytes), `${path.relative(root, file)} differs: UPDATE_GOLDEN=1 renews it`).toBe(0);
}

/** What a reader of the documentation wants to see: the large ones in both languages, the rest in one of them. */
const pictures = [
  ...languages.flatMap((language) => (['receipt', 'kitchen-ticket', 'z-report', 'test-page'] as const).map((kind) => ({ kind, language, id: 'generic-80' as const }))),
  ...(['receipt-copy', 'receipt-telecom', 'receipt-reversed', 'staff-slip', 'restock-ticket', 'terminal-slip', 'receipt-wallet', 'receipt-plan', 'receipt-services'] as const).map((kind, index) => ({ kind, language: languages[index % 2] ?? 'zh', id: 'generic-80' as const })),
  ...languages.map((language) => ({ kind: 'receipt' as const, language, id: 'generic-58' as const })),
];

describe('the pictures of the documentation', () => {
  const raster = createRaster();

  test.each(pictures)('show $kind on $id in $language to the dot, on every machine', async ({ kind, id, language }) => {
    const profile = printerProfiles[id];
    const { laid } = await layoutForPrinter(sampleReceipt(kind, language, profile.columns), profile, raster);
    const drawing = (await raster.load())!;
    const svg = renderSvg(laid, { dots: profile.dots, qr, outline: drawing.outline });
    expect(svg).not.toMatch(/<text|NaN|undefined/);
    expectGolden(path.join(root, 'docs/pictures/receipts', `${kind}.${language}.${profile.paperMm}.png`), drawing.png(svg, profile.paperMm === 58 ? 240 : 340));
  });
});

test('no picture is left over', () => {
  const wanted = pictures.map(({ kind, language, id }) => `${kind}.${language}.${printerProfiles[id].paperMm}.png`);
  expect(fs.readdirSync(path.join(root, 'docs/pictures/receipts')).sort()).toEqual(wanted.sort());
});

test.each(languages)('an SVG for viewers with fonts of their own is drawn as it always was (%s)', (language) => {
  for (const [kind, columns] of [['receipt', 32], ['z-report', 48]] as const) {
    const svg = renderSvg(layoutReceipt(sampleReceipt(kind, language, columns), columns), { dots: columns * 12, qr, title: kind });
    expectGolden(path.join(import.meta.dirname, 'golden', `${kind}.${language}.${columns}.svg`), Buffer.from(svg));
  }
});
