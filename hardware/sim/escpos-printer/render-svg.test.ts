import { encode } from 'uqr';
import { expect, test } from 'vitest';
import type { Slip } from './paper.ts';
import { renderSlipSvg } from './render-svg.ts';

const size = { columns: 32, dots: 384, paperDots: 464 } as const;
const plain = { bold: false, underline: false, width: 1, height: 1 } as const;
const slip = (...lines: Slip['lines']): Slip => ({ ...size, lines, cut: 'full' });

test('each character stands in the middle of its own cells, so that columns align in any font', () => {
  const svg = renderSlipSvg(slip({ kind: 'text', align: 'left', advance: 34, segments: [{ ...plain, text: 'a面b', columns: 4 }] }));
  expect(svg).toContain('<text x="6">a</text><text x="24">面</text><text x="42">b</text>');
});

test('enlarged and bold text is scaled and weighted', () => {
  const svg = renderSlipSvg(slip({ kind: 'text', align: 'right', advance: 58, segments: [{ ...plain, text: 'A1', columns: 4, bold: true, width: 2, height: 2 }] }));
  expect(svg).toContain('translate(376 82) scale(2 2)" font-weight="700"');
});

test('a QR code is drawn from the data that the printer stored: as many black modules as the code has', () => {
  const data = 'https://example.com/r/A042';
  const svg = renderSlipSvg(slip({ kind: 'qr', align: 'center', data, cell: 4, errorCorrection: 'M', advance: 100 }));
  const path = /crispEdges" d="([^"]*)"/.exec(svg)?.[1] ?? '';
  const black = [...path.matchAll(/h(\d+)v4/g)].reduce((total, [, run]) => total + Number(run) / 4, 0);
  const modules = encode(data, { ecc: 'M', border: 0, boostEcc: false }).data;
  expect(black).toBe(modules.flat().filter(Boolean).length);
});

test('a picture is drawn bit by bit', () => {
  const svg = renderSlipSvg(slip({ kind: 'raster', align: 'left', widthDots: 8, bits: Uint8Array.of(0b1110_0001, 0b0000_0000), advance: 2 }));
  expect(svg).toContain('d="M40 40h3v1h-3zM47 40h1v1h-1z"');
});

test('text cannot break out of the picture', () => {
  const svg = renderSlipSvg(slip({ kind: 'text', align: 'left', advance: 34, segments: [{ ...plain, text: '<&>', columns: 3 }] }));
  expect(svg).toContain('&lt;</text>');
  expect(svg).toContain('&amp;</text>');
});

test('an empty slip is a piece of paper', () => {
  expect(renderSlipSvg({ ...size, lines: [], cut: 'none' })).toMatch(/^<svg .*<\/svg>$/s);
});
