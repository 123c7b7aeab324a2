import type { PaperLine, Segment, Slip } from './paper.ts';
import { cellDots, cellsOf } from './paper.ts';
import { qrModules } from './qr-store.ts';

const ink = '#2a2826';
const paper = '#fbf9f4';
const fontStack = "'Noto Sans Mono CJK SC','Noto Sans SC',monospace";
/** From the paper's upper edge to the first line. */
const top = 40;
const bottom = 24;

/**
 * A slip as thermal paper, one unit for each dot (1/8 mm). Every character stands in its own cell at its own x, so columns
 * align in whatever font is there.
 */
export function renderSlipSvg(slip: Slip): string {
  const left = (slip.paperDots - slip.dots) / 2;
  const parts: string[] = [];
  let y = top;
  for (const line of slip.lines) {
    parts.push(renderLine(line, slip.dots, left, y));
    y += line.advance;
  }
  const height = Math.max(y + bottom, 120);
  const width = slip.paperDots;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fontStack}" font-size="24" text-anchor="middle" fill="${ink}">`,
    `<path d="${outline(width, height, slip.cut)}" fill="${paper}"/>`,
    ...parts.filter((part) => part !== ''),
    '</svg>',
  ].join('\n');
}

function renderLine(line: PaperLine, dots: number, left: number, y: number): string {
  switch (line.kind) {
    case 'feed':
      return '';
    case 'text': {
      const used = line.segments.reduce((total, segment) => total + segment.columns, 0) * cellDots;
      const tallest = Math.max(1, ...line.segments.map((segment) => segment.height));
      // All characters of a line stand on one baseline (GS !).
      const baseline = y + 21 * tallest;
      let x = left + indent(line.align, dots, used);
      return line.segments
        .map((segment) => {
          const rendered = renderSegment(segment, x, baseline);
          x += segment.columns * cellDots;
          return rendered;
        })
        .join('');
    }
    case 'qr': {
      const modules = qrModules(line.data, line.errorCorrection) ?? [];
      return pixels(modules, left + indent(line.align, dots, modules.length * line.cell), y, line.cell);
    }
    case 'barcode': {
      const width = line.modules.length * line.moduleDots;
      const x = left + indent(line.align, dots, width);
      const above = line.text === 'above' || line.text === 'both';
      const bars = Array.from(line.modules, (module) => module === '1');
      const caption = (baseline: number): string => `<text x="${x + width / 2}" y="${baseline}">${escapeText(line.data)}</text>`;
      const drawn = barPath(bars, x, y + (above ? 24 : 0), line.moduleDots, line.heightDots);
      return [above ? caption(y + 21) : '', drawn, line.text === 'below' || line.text === 'both' ? caption(y + line.advance - 3) : ''].join('');
    }
    case 'raster': {
      const rows = Array.from({ length: line.advance }, (_, row) => Array.from({ length: line.widthDots }, (_, column) => bit(line.bits, row * line.widthDots + column)));
      return pixels(rows, left + indent(line.align, dots, line.widthDots), y, 1);
    }
  }
}

function indent(align: 'left' | 'center' | 'right', dots: number, used: number): number {
  return { left: 0, center: Math.floor((dots - used) / 2), right: dots - used }[align];
}

function renderSegment(segment: Segment, x: number, baseline: number): string {
  const weight = segment.bold ? ' font-weight="700"' : '';
  let cell = 0;
  const characters: string[] = [];
  for (const character of segment.text) {
    const cells = cellsOf(character);
    if (character !== ' ' && character !== '　') characters.push(`<text x="${(cell + cells / 2) * cellDots}">${escape(character)}</text>`);
    cell += cells;
  }
  const line = segment.underline ? `<rect x="0" y="3" width="${cell * cellDots}" height="2"/>` : '';
  if (characters.length === 0 && line === '') return '';
  const scale = segment.width === 1 && segment.height === 1 ? '' : ` scale(${segment.width} ${segment.height})`;
  return `<g transform="translate(${x} ${baseline})${scale}"${weight}>${characters.join('')}${line}</g>`;
}

function barPath(bars: readonly boolean[], x: number, y: number, moduleDots: number, height: number): string {
  const drawn = bars.flatMap((black, at) => (black ? [`M${x + at * moduleDots} ${y}h${moduleDots}v${height}h${-moduleDots}z`] : []));
  return `<path shape-rendering="crispEdges" d="${drawn.join('')}"/>`;
}

function escapeText(text: string): string {
  return Array.from(text, escape).join('');
}

/** Black runs of each row as one path: no hairlines between modules. */
function pixels(rows: readonly (readonly boolean[])[], x: number, y: number, cell: number): string {
  const runs: string[] = [];
  rows.forEach((row, rowIndex) => {
    for (let start = 0; start < row.length; start += 1) {
      if (row[start] !== true) continue;
      let end = start;
      while (row[end] === true) end += 1;
      runs.push(`M${x + start * cell} ${y + rowIndex * cell}h${(end - start) * cell}v${cell}h${(start - end) * cell}z`);
      start = end;
    }
  });
  return `<path shape-rendering="crispEdges" d="${runs.join('')}"/>`;
}

function bit(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1;
}

/** The upper edge was cut with the slip before. Below, a full cut is straight, a partial one leaves a bridge in the middle that was torn. */
function outline(width: number, height: number, cut: Slip['cut']): string {
  const middle = width / 2;
  if (cut === 'none') return `M0 0H${width}V${height}H0z`;
  const edge = height - 6;
  if (cut === 'full') return `M0 0H${width}V${edge}H0z`;
  const bridge = `L${middle + 8} ${edge}l-3 5l-4 -3l-4 4l-3 -6`;
  return `M0 0H${width}V${edge}${bridge}L0 ${edge}z`;
}

function escape(character: string): string {
  return { '&': '&amp;', '<': '&lt;', '>': '&gt;' }[character] ?? (character < ' ' ? ' ' : character);
}
