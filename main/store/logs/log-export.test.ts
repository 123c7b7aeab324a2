import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLogDatabase } from './log-database.ts';
import { exportLogs } from './log-export.ts';
import { createLogReader } from './log-reader.ts';
import { createLogWriter } from './log-writer.ts';

let folder: string;
let stick: string;
let log: ReturnType<typeof openLogDatabase>;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'log-export-'));
  stick = path.join(folder, 'STICK');
  fs.mkdirSync(stick);
  log = openLogDatabase({ folder, storeKeyHex: 'a1'.repeat(32), now: () => 0 });
  createLogWriter(log.database, { maxEntries: 100_000, maxBytes: 100_000_000 }).write({
    name: '1', lines: Array.from({ length: 5_000 }, (_, index) => ({ at: 1_790_000_000_000 + index * 1_000, level: index % 2 === 0 ? 'info' : 'warn', source: 'test', message: `第 ${index} 行`, fields: { index } })),
  });
});
afterEach(() => {
  log.database.close();
  fs.rmSync(folder, { recursive: true });
});

const reader = () => createLogReader(log.database, () => 0);
const names = () => fs.readdirSync(stick).sort();

it('writes what is shown, oldest first, one JSON object a line, with a checksum that `sha256sum -c` takes', async () => {
  const written = await exportLogs(reader(), { levels: ['warn'] }, stick, 'logs-hall-1');
  if (!written.ok) throw new Error(written.error);
  const { file, entries, bytes, sha256 } = written.value;
  expect(file).toMatch(/^logs-hall-1-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.jsonl$/);
  expect(names()).toEqual([file, `${file}.sha256`]);
  const text = fs.readFileSync(path.join(stick, file), 'utf8');
  const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: number; message: string; fields: unknown });
  expect([lines.length, entries, Buffer.byteLength(text)]).toEqual([2_500, 2_500, bytes]);
  expect([lines[0], lines.at(-1)]).toMatchObject([{ id: 2, message: '第 1 行', fields: { index: 1 } }, { id: 5_000 }]);
  expect(spawnSync('sha256sum', ['-c', `${file}.sha256`], { cwd: stick, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: `${file}: OK\n` });
  expect(fs.readFileSync(path.join(stick, `${file}.sha256`), 'utf8')).toBe(`${sha256}  ${file}\n`);
});

it('the same range a second time stands beside the first', async () => {
  await exportLogs(reader(), {}, stick, 'logs');
  expect(await exportLogs(reader(), {}, stick, 'logs')).toMatchObject({ ok: true, value: { file: expect.stringMatching(/-2\.jsonl$/) as string } });
  expect(names()).toHaveLength(4);
});

it('what an export left that was cut off is taken away by the next one, and nothing else is', async () => {
  for (const name of ['.logs-99999.part', '.logs-99999.part.sha256', '.logs-other-7.part', '.logs-old.txt', 'logs.part']) fs.writeFileSync(path.join(stick, name), 'half');
  expect(await exportLogs(reader(), {}, stick, 'logs')).toMatchObject({ ok: true });
  expect(names().filter((name) => !/\.jsonl/.test(name))).toEqual(['.logs-old.txt', '.logs-other-7.part', 'logs.part']);
});

it.runIf(process.platform !== 'win32')('a link that somebody has prepared on the stick leads nowhere: what it points to stays as it is', async () => {
  const own = path.join(folder, 'store.db');
  fs.writeFileSync(own, 'orders');
  for (const ending of ['', '.sha256']) fs.symlinkSync(own, path.join(stick, `.logs-${process.pid}.part${ending}`));
  expect(await exportLogs(reader(), {}, stick, 'logs')).toMatchObject({ ok: true });
  expect(fs.readFileSync(own, 'utf8')).toBe('orders');
});

it('a folder that has gone is said, and nothing is made in its place', async () => {
  fs.rmdirSync(stick);
  expect(await exportLogs(reader(), {}, stick, 'logs')).toEqual({ ok: false, error: 'it was taken away' });
  expect(fs.existsSync(stick)).toBe(false);
});

it('pulled out in the middle: said, and nothing half-written under any name', async () => {
  const whole = reader();
  let pieces = 0;
  const pulling = {
    newest: whole.newest,
    forward(...asked: Parameters<typeof whole.forward>) {
      if ((pieces += 1) === 2) fs.rmSync(stick, { recursive: true });
      return whole.forward(...asked);
    },
  };
  expect(await exportLogs(pulling, {}, stick, 'logs')).toEqual({ ok: false, error: 'it was taken away' });
  fs.mkdirSync(stick);
  expect(names()).toEqual([]);
});

it('a damaged log in the middle of it leaves nothing', async () => {
  const whole = reader();
  let pieces = 0;
  const failing = {
    newest: whole.newest,
    forward(...asked: Parameters<typeof whole.forward>) {
      if ((pieces += 1) === 2) throw new Error('database disk image is malformed');
      return whole.forward(...asked);
    },
  };
  expect(await exportLogs(failing, {}, stick, 'logs')).toMatchObject({ ok: false });
  expect(names()).toEqual([]);
});

/** A small file system of its own, where this machine lets us have one. */
const small = fs.mkdtempSync(path.join(os.tmpdir(), 'log-export-small-'));
const isMounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'small', small]).status === 0;
if (isMounted) spawnSync('umount', [small]);
fs.rmdirSync(small);

it.runIf(isMounted)('a full stick, and one that is read-only', async () => {
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'small', stick]).status).toBe(0);
  try {
    expect(await exportLogs(reader(), {}, stick, 'logs')).toEqual({ ok: false, error: 'there is not room enough on it' });
    expect(names()).toEqual([]);
    expect(spawnSync('mount', ['-o', 'remount,ro', stick]).status).toBe(0);
    expect(await exportLogs(reader(), {}, stick, 'logs')).toEqual({ ok: false, error: 'it cannot be written to (read-only)' });
    expect(names()).toEqual([]);
  } finally {
    spawnSync('umount', [stick]);
  }
});
