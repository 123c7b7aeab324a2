import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSerialLine } from '../../sim/lines/socat.ts';
import type { SerialLine } from '../../sim/lines/socat.ts';
import { createScannerSim } from '../../sim/scanner/scanner-sim.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import type { Scanner, ScannerState } from './port.ts';
import { scannerProfiles } from './profiles.ts';
import { createScanner } from './scanner.ts';

let folder: string;
let line: SerialLine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-scanner-'));
  const made = await createSerialLine({ folder, name: 'scanner' });
  if (!made.ok) throw new Error(made.error.detail);
  line = made.value;
});
afterAll(async () => {
  await line.close();
  await rm(folder, { recursive: true, force: true });
});

test('on a real serial port: lit, read, unplugged, plugged in, lit, read', async () => {
  const sim = createScannerSim({ family: 'gm65' });
  sim.connect(line.deviceEnd);
  const scanner = createScanner({ transport: createSerialTransport({ path: line.path, baudRate: 9600 }), profile: scannerProfiles['gm65']! });
  scanner.want(true);
  for (const code of ['9524024000170', 'https://shop.example/r/AbC-_0123456789abcdefG']) {
    await becomes(scanner, (state) => state.kind === 'ready' && state.lit);
    await lit(sim);
    const arrived = new Promise((resolve) => scanner.onCode(resolve));
    sim.show(code);
    expect(await arrived).toBe(code);
    await Promise.all([line.unplug(), becomes(scanner, ({ kind }) => kind === 'unplugged')]);
    await line.plug();
  }
  expect(sim.faults()).toEqual([]);
  await scanner.close();
  sim.close();
});

function becomes(scanner: Scanner, fits: (state: ScannerState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = scanner.onState(look);
    look();
    function look(): void {
      if (!fits(scanner.state())) return;
      queueMicrotask(() => stop());
      resolve();
    }
  });
}

function lit(sim: ReturnType<typeof createScannerSim>): Promise<void> {
  return new Promise((resolve) => {
    const stop = sim.onChange(look);
    look();
    function look(): void {
      if (!sim.isLit()) return;
      queueMicrotask(() => stop());
      resolve();
    }
  });
}
