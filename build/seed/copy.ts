import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';

type Cell = string | number | boolean | null | object;

/** Rows into one table by COPY (text format), over a connection of its own. */
export interface TableCopy {
  readonly add: (...cells: readonly Cell[]) => void;
  /** Gives the rows so far to the database, and waits while it is behind. */
  readonly flush: () => Promise<void>;
  /** What was added is in the table when this resolves. */
  readonly end: () => Promise<void>;
  readonly rows: () => number;
}

export async function copyInto(sql: postgres.Sql, table: string, columns: readonly string[]): Promise<TableCopy> {
  const stream: Writable = await sql.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`).writable();
  let failure: unknown;
  stream.on('error', (error) => { failure = error; });
  let text = '';
  let rows = 0;
  const flush = async () => {
    if (failure) throw failure;
    if (text === '') return;
    const chunk = text;
    text = '';
    if (!stream.write(chunk)) await once(stream, 'drain');
  };
  return {
    add: (...cells) => {
      rows += 1;
      let line = '';
      for (let index = 0; index < cells.length; index += 1) line += (index === 0 ? '' : '\t') + field(cells[index]!);
      text += `${line}\n`;
    },
    flush,
    end: async () => {
      await flush();
      const done = new Promise<void>((resolve, reject) => stream.once('finish', resolve).once('error', reject));
      stream.end();
      await done;
    },
    rows: () => rows,
  };
}

function field(cell: Cell | null): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  const text = typeof cell === 'string' ? cell : Buffer.isBuffer(cell) ? `\\x${cell.toString('hex')}` : JSON.stringify(cell);
  return /[\\\t\n\r]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r') : text;
}
