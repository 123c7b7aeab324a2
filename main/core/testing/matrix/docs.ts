import fs from 'node:fs';
import path from 'node:path';

/** Puts the table of a whole run where docs/reliability.md shows it: between the marks of this name. */
export function writeIntoDocs(root: string, name: string, table: string): void {
  const file = path.join(root, 'docs/reliability.md');
  const text = fs.readFileSync(file, 'utf8');
  const [begin, finish] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(begin), text.indexOf(finish)];
  if (start === -1 || end < start) throw new Error(`${file} has no ${begin} … ${finish}`);
  fs.writeFileSync(file, `${text.slice(0, start + begin.length)}\n${table}${text.slice(end)}`);
}
