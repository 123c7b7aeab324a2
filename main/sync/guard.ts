import fs from 'node:fs';
import path from 'node:path';
import type { Lane } from '../../domain/contract/hq.ts';
import { hashSchema, lanes } from '../../domain/contract/hq.ts';
import type { Outbox } from '../store/outbox.ts';

/** What was about to be uploaded of a lane: the newest event that HQ may have. */
export interface GuardMark {
  readonly epoch: number;
  readonly sequence: number;
  readonly head: string;
}

/**
 * A small file outside of the database. A write-ahead log that was cut loses its tail in silence, and the store would use numbers again that HQ
 * has seen: only what stands elsewhere can tell.
 */
export interface Guard {
  marks(): Readonly<Partial<Record<Lane, GuardMark>>>;
  /** On disk when it returns: called before each upload. */
  note(lane: Lane, mark: GuardMark): void;
}

/** @param onUnreadable the file is there and says nothing: it is as if there were none */
export function openGuard(file: string, onUnreadable: (detail: string) => void): Guard {
  let marks = read(file, onUnreadable);
  return {
    marks: () => marks,
    note(lane, mark) {
      const noted = marks[lane];
      if (noted?.epoch === mark.epoch && noted.sequence === mark.sequence && noted.head === mark.head) return;
      const next = { ...marks, [lane]: mark };
      writeWhole(file, JSON.stringify(next));
      marks = next;
    },
  };
}

/** Whether the store is older than what it uploaded once: its end is gone, or it is another history. */
export function isBehind(outbox: Pick<Outbox, 'position' | 'hashAt'>, lane: Lane, mark: GuardMark | undefined): boolean {
  if (!mark) return false;
  const { epoch, last } = outbox.position(lane);
  if (epoch !== mark.epoch) return epoch < mark.epoch;
  if (last < mark.sequence) return true;
  const hash = outbox.hashAt(lane, mark.sequence);
  return hash !== undefined && hash !== mark.head;
}

function read(file: string, onUnreadable: (detail: string) => void): Partial<Record<Lane, GuardMark>> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') onUnreadable(String(cause));
    return {};
  }
  try {
    const found = JSON.parse(text) as Partial<Record<string, Partial<GuardMark>>>;
    return Object.fromEntries(lanes.flatMap((lane) => {
      const mark = found[lane];
      if (mark === undefined) return [];
      const isWell = Number.isSafeInteger(mark.epoch) && Number.isSafeInteger(mark.sequence) && hashSchema.safeParse(mark.head).success;
      if (!isWell) onUnreadable(`${file}: ${lane}`);
      return isWell ? [[lane, mark as GuardMark]] : [];
    }));
  } catch (cause) {
    onUnreadable(`${file}: ${String(cause)}`);
    return {};
  }
}

/** The old file or the new one, whatever happens; the folder is synced, too, for the new name to last. */
function writeWhole(file: string, text: string): void {
  const beside = `${file}.new`;
  fs.writeFileSync(beside, text, { mode: 0o600, flush: true });
  fs.renameSync(beside, file);
  // Windows opens no folders, and keeps names in its journal.
  if (process.platform === 'win32') return;
  const folder = fs.openSync(path.dirname(file), 'r');
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}
