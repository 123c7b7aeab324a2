import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StartMessage } from '../../domain/contract/shell.ts';
import type { Kiosk } from './kiosk.ts';
import { createKiosk } from './kiosk.ts';
import { createLog } from './log.ts';

let folder: string;
let kiosk: Kiosk | undefined;
let lines: string[];

beforeEach(() => {
  vi.useFakeTimers();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-kiosk-'));
  fs.copyFileSync(path.join(import.meta.dirname, '../../config/kiosk.json'), path.join(folder, 'kiosk.json'));
  lines = [];
});
afterEach(async () => {
  await kiosk?.stop();
  vi.useRealTimers();
  fs.rmSync(folder, { recursive: true });
});

function startKiosk(key: StartMessage['key'] = { ok: true, value: { hex: 'ab'.repeat(32), provider: 'test' } }, onKeyWanted = () => {}): Kiosk {
  const log = createLog((line) => lines.push(line), () => 0);
  kiosk = createKiosk({ start: { kind: 'start', configFile: path.join(folder, 'kiosk.json'), dataFolder: path.join(folder, 'data'), key }, log, tellShell: ({ kind }) => kind === 'key_wanted' && onKeyWanted(), onRestartWanted: () => {}, probes: { isAlone: true } });
  return kiosk;
}

const codes = () => lines.flatMap((line) => (JSON.parse(line) as { code?: string }).code ?? []);

test('a configuration that stays broken is said once, however often it is read', () => {
  fs.writeFileSync(path.join(folder, 'kiosk.json'), '{');
  startKiosk();
  vi.advanceTimersByTime(60_000);
  expect(codes()).toEqual(['CONFIG_INVALID']);
  fs.writeFileSync(path.join(folder, 'kiosk.json'), '{}');
  vi.advanceTimersByTime(60_000);
  expect(codes()).toEqual(['CONFIG_INVALID', 'CONFIG_INVALID']);
});

test('a first catalogue that stays broken is said once, however often it is read', () => {
  fs.writeFileSync(path.join(folder, 'catalogue.json'), '{');
  startKiosk();
  vi.advanceTimersByTime(60_000);
  expect(codes()).toEqual(['CATALOGUE_MISSING']);
});

test('a key that does not do is asked for again, and a good one ends the trouble without a restart', () => {
  let wanted = 0;
  const started = startKiosk({ ok: false, error: { code: 'KEY_UNAVAILABLE', detail: 'none' } }, () => (wanted += 1));
  vi.advanceTimersByTime(30_000);
  expect(wanted).toBeGreaterThan(5);
  expect(codes()).toEqual(['KEY_UNAVAILABLE']);
  started.takeKey({ ok: true, value: { hex: 'ab'.repeat(32), provider: 'test' } });
  vi.advanceTimersByTime(30_000);
  // The next thing that is missing: the catalogue.
  expect(codes()).toEqual(['KEY_UNAVAILABLE', 'CATALOGUE_MISSING']);
});
