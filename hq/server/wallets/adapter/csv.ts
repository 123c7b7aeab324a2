/** The cells of one line of CSV, RFC 4180: commas, and quotes that double themselves. A tab or blank around a cell is the gateways' guard against spreadsheets. */
export function csvCells(line: string): string[] {
  const cells: string[] = [];
  let [cell, isQuoted] = ['', false];
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    if (isQuoted && letter === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (letter === ',' && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}

/**
 * Another shop's text may hold what parts the cells: a row of more cells than the heading has names has them in `textColumn`, and those behind it are counted from the
 * end.
 */
export function fitCells(cells: readonly string[], names: readonly string[], textColumn: string): readonly string[] {
  const [at, more] = [names.indexOf(textColumn), cells.length - names.length];
  return at === -1 || more <= 0 ? cells : [...cells.slice(0, at), cells.slice(at, at + more + 1).join(' '), ...cells.slice(at + more + 1)];
}
