import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../domain/contract/errors.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { StoredEntry } from './entry.ts';
import type { EntryFilter, LogReader } from './log-reader.ts';

export interface LogExport {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly entries: number;
  readonly bytes: number;
  readonly sha256: string;
}

const piece = 2_000;

/**
 * Writes what fits the filter, oldest first, one JSON object a line, and beside it what `sha256sum -c` reads. Both get their names only when every byte is on
 * the medium; whatever goes wrong before, neither is there. Others get their turn between two pieces. The error says in words what hindered it.
 * @param folder that is there already
 * @param nameStart "logs-hall-1": the range and the ending are put behind it
 */
export async function exportLogs(reader: Pick<LogReader, 'forward' | 'newest'>, filter: EntryFilter, folder: string, nameStart: string): Promise<Result<LogExport, string>> {
  const drafts: string[] = [];
  const named: string[] = [];
  try {
    const medium = (await fs.stat(folder)).dev;
    await removeLeft(folder, nameStart);
    const draft = path.join(folder, `.${nameStart}-${process.pid}.part`);
    drafts.push(draft, `${draft}.sha256`);
    const written = await writeDraft(draft, reader, filter);
    const file = await freeName(folder, `${nameStart}-${stamp(filter.from ?? written.firstAt)}-${stamp(filter.to ?? written.lastAt)}`);
    await writeWhole(`${draft}.sha256`, `${written.sha256}  ${file}\n`);
    // A stick that was pulled out leaves a folder of the same name on the kiosk's own disk.
    if ((await fs.stat(folder)).dev !== medium) throw Object.assign(new Error('the medium has gone'), { code: 'ENODEV' });
    for (const [from, to] of [[draft, file], [`${draft}.sha256`, `${file}.sha256`]] as const) {
      await fs.rename(from, path.join(folder, to));
      named.push(path.join(folder, to));
    }
    await flushFolder(folder);
    if ((await fs.stat(path.join(folder, file))).size !== written.bytes) throw new Error('what was written is not what stands there');
    return ok({ file, entries: written.entries, bytes: written.bytes, sha256: written.sha256 });
  } catch (cause) {
    for (const left of [...drafts, ...named]) await fs.rm(left, { force: true }).catch(() => undefined);
    return err(inWords(cause));
  }
}

/** What an export of before has left, when core or the power ended in its middle: nobody sees it, and it takes the room. One export runs at a time. */
async function removeLeft(folder: string, nameStart: string): Promise<void> {
  const isOurs = (name: string) => name.startsWith(`.${nameStart}-`) && /^-\d+\.part(\.sha256)?$/.test(name.slice(nameStart.length + 1));
  for (const name of (await fs.readdir(folder)).filter(isOurs)) await fs.rm(path.join(folder, name), { force: true });
}

async function writeDraft(draft: string, reader: Pick<LogReader, 'forward' | 'newest'>, filter: EntryFilter) {
  const hash = createHash('sha256');
  // Never through a link that somebody has prepared on the stick: it may lead to a file of the kiosk's own.
  const handle = await fs.open(draft, 'wx', 0o600);
  let [entries, bytes, firstAt, lastAt] = [0, 0, 0, 0];
  try {
    // What comes meanwhile is not of it: an export ends.
    const last = reader.newest();
    for (let after = 0; ;) {
      const found = reader.forward(filter, after, piece).filter(({ id }) => id <= last);
      if (found.length === 0) break;
      const text = Buffer.from(found.map(exportLine).join(''));
      hash.update(text);
      await handle.writeFile(text);
      entries += found.length;
      bytes += text.length;
      firstAt ||= found[0]!.at;
      lastAt = found.at(-1)!.at;
      after = found.at(-1)!.id;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { entries, bytes, firstAt, lastAt, sha256: hash.digest('hex') };
}

function exportLine({ id, at, level, source, event, code, orderId, message, fields }: StoredEntry): string {
  const given = { event, code, orderId };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return `${JSON.stringify({ id, at: new Date(at).toISOString(), level, source, ...known, message, ...(fields === null ? {} : { fields: JSON.parse(fields) as unknown }) })}\n`;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await fs.open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function freeName(folder: string, start: string): Promise<string> {
  const names = new Set(await fs.readdir(folder));
  for (let count = 1; ; count++) {
    const name = `${start}${count === 1 ? '' : `-${count}`}.jsonl`;
    if (!names.has(name) && !names.has(`${name}.sha256`)) return name;
  }
}

/** The new names are on the medium, too. Not every file system can be asked for that (FAT on Windows): there the files' own flush has to do. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (cause) {
    if (codeOf(cause) === 'EIO') throw cause;
  } finally {
    await handle?.close();
  }
}

/** "20261123T013000Z": no sign that FAT refuses. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function inWords(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return 'there is not room enough on it';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'it cannot be written to (read-only)';
  if (['EIO', 'ENODEV', 'ENXIO', 'ENOENT', 'ENOTDIR', 'ESTALE'].includes(code)) return 'it was taken away';
  return messageOf(cause);
}
