import fs from 'node:fs';
import path from 'node:path';

export interface Journal<Entry> {
  /** What was written before, in its order. */
  readonly entries: readonly Entry[];
  /** On the disk when it returns. */
  append(entry: Entry): void;
  close(): void;
}

/**
 * A book as JSON lines that are only ever added. Without a folder it is in memory alone. A last line that was cut off by a crash was never answered to anybody, so it
 * is cut away. @throws where any other line cannot be read
 */
export function openJournal<Entry>(folder: string | undefined): Journal<Entry> {
  if (folder === undefined) return { entries: [], append: () => {}, close: () => {} };
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'loopback-books.jsonl');
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) fs.truncateSync(file, Buffer.byteLength(whole));
  const entries = whole.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  const handle = fs.openSync(file, 'a', 0o600);
  return {
    entries,
    append(entry) {
      fs.writeSync(handle, `${JSON.stringify(entry)}\n`);
      fs.fsyncSync(handle);
    },
    close: () => fs.closeSync(handle),
  };
}
