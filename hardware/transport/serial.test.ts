import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createSerialLine } from '../sim/lines/socat.ts';
import type { SerialLine } from '../sim/lines/socat.ts';
import { createSerialTransport } from './serial.ts';
import type { Transport } from './transport.ts';

let folder: string;
let line: SerialLine;
const opened: Transport[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-serial-'));
  const made = await createSerialLine({ folder, name: 'port' });
  if (!made.ok) throw new Error(made.error.detail);
  line = made.value;
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((transport) => transport.close()));
  await line.plug();
});
afterAll(async () => {
  await line.close();
  await rm(folder, { recursive: true, force: true });
});

function port(path = line.path): Transport {
  const transport = createSerialTransport({ path, baudRate: 9600 });
  opened.push(transport);
  return transport;
}

test('opening a port that does not exist is an answer, not an exception', async () => {
  expect(await port(join(folder, 'nothing')).open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
});

test('a file that is no serial port is refused', async () => {
  expect(await port('/dev/null').open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
});

test('a second open of the same port is refused while the first has it, and works after', async () => {
  const first = port();
  const second = port();
  expect((await first.open()).ok).toBe(true);
  expect(await second.open()).toMatchObject({ ok: false, error: { kind: 'open_failed', detail: expect.stringContaining('lock') } });
  await first.close();
  expect((await second.open()).ok).toBe(true);
});

test('writing to a closed port is an answer', async () => {
  expect(await port().write(Uint8Array.of(1), 100)).toMatchObject({ ok: false, error: { kind: 'not_open' } });
});

test('opening twice at the same time is one open', async () => {
  const transport = port();
  const results = await Promise.all([transport.open(), transport.open(), transport.open()]);
  expect(results.every((result) => result.ok)).toBe(true);
  expect(transport.isOpen()).toBe(true);
});

test('a peer that takes no bytes ends a write at its deadline, and closing with that write pending does not hang or throw', async () => {
  const transport = port();
  await transport.open();
  // Nobody reads the far end: the kernel's buffers fill up.
  await line.deviceEnd.close();
  const result = await transport.write(new Uint8Array(1_000_000), 200);
  expect(result).toMatchObject({ ok: false, error: { kind: 'write_timeout' } });
  await transport.close();
  expect(transport.isOpen()).toBe(false);
  await line.unplug();
});

test('a cable pulled while bytes are streaming is noticed at once, whatever was under way', async () => {
  for (let round = 0; round < 10; round += 1) {
    const transport = port();
    expect((await transport.open()).ok).toBe(true);
    const lost = new Promise((resolve) => transport.onLost(resolve));
    const flowing = new Promise<void>((resolve) => transport.onData(() => resolve()));
    void line.deviceEnd.write(new Uint8Array(20_000), 2000);
    await flowing;
    await line.unplug();
    await lost;
    expect(transport.isOpen()).toBe(false);
    await line.plug();
  }
});

test('our own close is not told as a loss', async () => {
  const transport = port();
  await transport.open();
  const lost: string[] = [];
  transport.onLost((detail) => lost.push(detail));
  await transport.close();
  await transport.close();
  expect(lost).toEqual([]);
});

test('a thousand openings leave no file descriptor behind', async () => {
  const transport = port();
  await transport.open();
  await transport.close();
  const before = (await readdir('/proc/self/fd')).length;
  for (let round = 0; round < 1000; round += 1) {
    expect((await transport.open()).ok).toBe(true);
    await transport.close();
  }
  expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before);
}, 30_000);
