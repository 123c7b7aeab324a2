import { columnsOf } from './gbk-repertoire.ts';
import type { LaidLine } from './layout.ts';

/** Laid lines as plain text, aligned with spaces as on paper: for tests, golden files and reports. */
export function laidText(lines: readonly LaidLine[], columns: number): string {
  return lines.flatMap((line) => plainLines(line, columns)).join('\n');
}

function plainLines(line: LaidLine, columns: number): readonly string[] {
  switch (line.kind) {
    case 'feed':
      return Array.from({ length: line.lines }, () => '');
    case 'qr':
      return [`[QR ${line.data}]`];
    case 'barcode':
      return [`[barcode ${line.data}]`];
    case 'logo':
      return [`[logo ${line.slot}]`];
    case 'text': {
      const free = Math.max(0, columns - columnsOf(line.text) * line.scale);
      const before = { left: 0, center: Math.floor(free / 2), right: free }[line.align];
      return [`${' '.repeat(before)}${line.text}`];
    }
  }
}
