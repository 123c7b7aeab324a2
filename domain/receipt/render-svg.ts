import { code128 } from './layout/code128.ts';
import { columnsOf, isAscii } from './layout/gbk-repertoire.ts';
import type { Align, LaidLine } from './layout/layout.ts';
import { barcodeDots, barcodeGapDots, betweenLinesDots, cellDots, characterDots } from './layout/layout.ts';

/** A character's shape, with the y axis pointing up and the baseline at 0, as fonts have it. */
export interface Outline {
  /** SVG path data in font units. */
  readonly path: string;
  /** In ems. */
  readonly advance: number;
  readonly unitsPerEm: number;
  /** Width of a line to be drawn around the shape, in thousandths of an em. */
  readonly stroke: { readonly normal: number; readonly bold: number };
}

export interface SvgOptions {
  /** Printable dots in a line. */
  readonly dots: number;
  /** Rows of modules, dark is true, without white around, at error correction M. */
  readonly qr: (data: string) => readonly (readonly boolean[])[];
  /** With it no font is needed to see the picture; without, the viewer's own fonts are used in the printer's cells. */
  readonly outline?: (character: string) => Outline | undefined;
  /** For those who cannot see it. */
  readonly title?: string;
}

/** White around what is printed, as paper has it. */
const marginDots = 24;
const logoDots = 120;
/** Where letters stand in their cell: Noto's em square, 0.88 above the baseline and 0.12 below. */
const baseline = 0.88;

/** A picture of the paper in units of printer dots: each character in its cell, each bar and module where it prints. */
export function renderSvg(lines: readonly LaidLine[], options: SvgOptions): string {
  const { dots, title = '' } = options;
  let y = marginDots;
  const parts = lines.map((line) => {
    const part = renderLine(line, y, options);
    y += part.height;
    return part.svg;
  });
  const width = dots + 2 * marginDots;
  const height = y + marginDots - betweenLinesDots;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts.filter((part) => part !== ''),
    '</svg>',
    '',
  ].join('\n');
}

interface Part {
  readonly svg: string;
  readonly height: number;
}

function renderLine(line: LaidLine, y: number, { dots, qr, outline }: SvgOptions): Part {
  const place = (width: number, align: Align): number => marginDots + { left: 0, center: Math.floor((dots - width) / 2), right: dots - width }[align];
  switch (line.kind) {
    case 'feed':
      return { svg: '', height: line.lines * (characterDots + betweenLinesDots) };
    case 'text': {
      const place0 = { x: place(columnsOf(line.text) * cellDots * line.scale, line.align), y, scale: line.scale, bold: line.bold };
      return { svg: outline ? drawnText(line.text, { ...place0, outline }) : writtenText(line.text, place0), height: characterDots * line.scale + betweenLinesDots };
    }
    case 'qr': {
      const rows = qr(line.data);
      const cell = line.dots / Math.max(1, rows.length);
      const path = rows.map((row, at) => runs(row).map(([from, length]) => `M${from} ${at}h${length}v1h-${length}z`).join('')).join('');
      return { svg: `<path transform="translate(${place(line.dots, 'center')} ${y}) scale(${round(cell)})" d="${path}" shape-rendering="crispEdges"/>`, height: line.dots };
    }
    case 'barcode': {
      const code = code128(line.data);
      const width = (code?.modules ?? 0) * line.moduleDots;
      let at = 0;
      const path = (code?.widths ?? []).map((modules, index) => {
        const bar = index % 2 === 0 ? `M${at} 0h${modules}v${barcodeDots}h-${modules}z` : '';
        at += modules;
        return bar;
      });
      return { svg: `<path transform="translate(${place(width, 'center')} ${y}) scale(${line.moduleDots} 1)" d="${path.join('')}" shape-rendering="crispEdges"/>`, height: barcodeDots + barcodeGapDots };
    }
    case 'logo':
      // What the printer has stored nobody here knows: a frame of its usual size.
      return { svg: `<rect x="${place(2 * logoDots, 'center')}" y="${y}" width="${2 * logoDots}" height="${logoDots - betweenLinesDots}" fill="none" stroke="#000" stroke-dasharray="6 6"/>`, height: logoDots };
  }
}

export interface TextPlace {
  /** Left upper corner of the first cell. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly bold: boolean;
}

/** Text as outlines, each character in its cell; one without an outline is a frame, for the printer prints it all the same. */
export function drawnText(text: string, { x, y, scale, bold, outline }: TextPlace & { readonly outline: (character: string) => Outline | undefined }): string {
  const em = characterDots * scale;
  let at = x;
  const paths = [...text].map((character) => {
    const cell = columnsOf(character) * cellDots * scale;
    const left = at;
    at += cell;
    if (character === ' ' || character === '\u3000') return '';
    const shape = outline(character);
    if (shape === undefined) return `<path transform="translate(${left} ${y})" d="M${2 * scale} ${4 * scale}h${cell - 4 * scale}v${16 * scale}h-${cell - 4 * scale}z" fill="none" stroke="#000"/>`;
    const advance = shape.advance * em;
    const squeeze = advance > cell ? cell / advance : 1;
    const unit = em / shape.unitsPerEm;
    const stroke = ((bold ? shape.stroke.bold : shape.stroke.normal) * shape.unitsPerEm) / 1000;
    const line = stroke === 0 ? '' : ` stroke="#000" stroke-width="${round(stroke)}" stroke-linejoin="round"`;
    return `<path transform="translate(${round(left + (cell - advance * squeeze) / 2)} ${round(y + baseline * em)}) scale(${round(unit * squeeze)} ${round(-unit)})" d="${shape.path}"${line}/>`;
  });
  return paths.filter((path) => path !== '').join('');
}

/** Text in the viewer's fonts: ASCII run by run in a monospaced font, all else character by character. Spaces are distance. */
function writtenText(text: string, { x, y, scale, bold }: TextPlace): string {
  const weight = bold ? ' font-weight="700"' : '';
  let at = x;
  const runsOfText = text.match(/ +|[!-~]+|[^ -~]+/gu) ?? [];
  const elements = runsOfText.map((run) => {
    const width = columnsOf(run) * cellDots * scale;
    const left = at;
    at += width;
    if (run.trim() === '') return '';
    const line = `y="${round(y + baseline * characterDots * scale)}"${weight}`;
    if (isAscii(run.charAt(0))) return `<text x="${left}" ${line} font-family="ui-monospace,Menlo,Consolas,monospace" font-size="${20 * scale}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(run)}</text>`;
    // Each in its own cell: stretched to a width, a lone dot would become a bar.
    const places = [...run].map((_, index) => left + 2 * index * cellDots * scale).join(' ');
    return `<text x="${places}" ${line} font-family="'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif" font-size="${characterDots * scale}">${escapeXml(run)}</text>`;
  });
  return elements.filter((element) => element !== '').join('');
}

/** Beginnings and lengths of the dark runs of a row. */
function runs(row: readonly boolean[]): readonly (readonly [from: number, length: number])[] {
  const found: [number, number][] = [];
  for (const [at, isDark] of row.entries()) {
    if (!isDark) continue;
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === at) last[1] += 1;
    else found.push([at, 1]);
  }
  return found;
}

/** Four digits are finer than any screen, and the same on every machine. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
