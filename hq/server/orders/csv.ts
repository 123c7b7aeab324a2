import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Currency } from '../../../domain/money.ts';
import { currencies } from '../../../domain/money.ts';

export type CsvCell = string | number | null | { readonly decimal: string };

/**
 * A line by RFC 4180: quotes around what holds a quote, comma or line break, and CRLF behind it. A text with which a spreadsheet would begin a formula has an
 * apostrophe before it; figures of ours (numbers, decimals) have not, so that they can be reckoned with.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return cell.decimal;
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** "12.50" of 1250 fen. */
export function decimalOf(amount: number, currency: string): CsvCell {
  const exponent: number = currency in currencies ? currencies[currency as Currency].exponent : 2;
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  return { decimal: `${amount < 0 ? '-' : ''}${exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`}` };
}

/** Answers with a file of these lines, which are made while they are sent: as slowly as the reader takes them, and no longer than there is one. */
export function sendCsv(reply: FastifyReply, name: string, head: readonly string[], lines: AsyncIterable<string> | Iterable<string>): FastifyReply {
  async function* text() {
    // A byte order mark, without which spreadsheets take UTF-8 for something else.
    yield `\uFEFF${csvLine(head)}`;
    yield* lines;
  }
  return reply
    .header('content-type', 'text/csv; charset=utf-8; header=present').header('content-disposition', `attachment; filename="${name.replace(/[^A-Za-z0-9._-]/g, '-')}"`).header('cache-control', 'no-store')
    .send(Readable.from(text(), { objectMode: false }));
}
