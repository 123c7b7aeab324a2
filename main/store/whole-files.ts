import fs from 'node:fs';
import path from 'node:path';

/** Whole or not at all, and on disk when it returns, its name too. A draft that a kill leaves behind is written over by the next. */
export function writeWhole(file: string, contents: string | Buffer, draft = `${file}.draft`): void {
  fs.writeFileSync(draft, contents, { mode: 0o600, flush: true });
  fs.renameSync(draft, file);
  syncFolder(path.dirname(file));
}

export function syncFile(file: string): void {
  syncOpened(fs.openSync(file, 'r+'));
}

/** A rename survives a power cut once its folder is synced; Windows has no such call, and keeps a renamed file's name by its own journal. */
export function syncFolder(folder: string): void {
  if (process.platform !== 'win32') syncOpened(fs.openSync(folder, 'r'));
}

function syncOpened(descriptor: number): void {
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
