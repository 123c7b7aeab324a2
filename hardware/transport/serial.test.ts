import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSerialLine } from '../sim/lines/socat.ts';
import type { SerialLine } from '../sim/lines/socat.ts';
import { createSerialTransport } from './serial.ts';
import type { SerialBinding } from './serial-read.ts';
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

async function took(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

test('closing right after opening, or while it is being opened, takes no time', async () => {
  for (let round = 0; round < 60; round += 1) {
    const transport = port();
    const opening = transport.open();
    // In each round somewhat later, so that each moment of the first read is met.
    if (round % 3 !== 0) await opening;
    for (let turn = 0; turn < round % 7; turn += 1) await (round % 2 === 0 ? Promise.resolve() : new Promise((resolve) => setImmediate(resolve)));
    expect(await took(() => transport.close())).toBeLessThan(1000);
    expect(transport.isOpen()).toBe(false);
    await opening;
    expect(transport.isOpen()).toBe(false);
  }
});

test('closing with several writes stuck takes no more than the drain is given', async () => {
  const transport = port();
  await transport.open();
  await line.deviceEnd.close();
  const stuck = [1, 2, 3].map(() => transport.write(new Uint8Array(500_000), 10_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await took(() => transport.close())).toBeLessThan(1500);
  for (const result of await Promise.all(stuck)) expect(result).toMatchObject({ ok: false, error: { kind: 'write_failed' } });
  await line.unplug();
});

describe('a port whose driver in the operating system does not come back', () => {
  /** What serialport gives for an open port that is silent, and of which some calls never return. */
  function stuckPort(stuck: readonly ('drain' | 'close' | 'write' | 'flush')[]): SerialBinding {
    const never = new Promise<never>(() => {});
    let stopReading: (cause: Error) => void = () => {};
    const call = (name: 'drain' | 'close' | 'write' | 'flush') => () => {
      if (name === 'close') stopReading(new Error('closed'));
      return stuck.includes(name) ? never : Promise.resolve();
    };
    return { read: () => new Promise((_, reject) => (stopReading = reject)), write: call('write'), drain: call('drain'), flush: call('flush'), close: call('close') } as unknown as SerialBinding;
  }

  const settings = { path: '/dev/stuck', baudRate: 9600, openTimeoutMs: 100, closeTimeoutMs: 200 };

  test('open ends at its limit, and no second one is begun while the first still hangs', async () => {
    let opens = 0;
    let comeBack: (binding: SerialBinding) => void = () => {};
    let closed = 0;
    const transport = createSerialTransport(settings, {
      open() {
        opens += 1;
        return new Promise((resolve) => (comeBack = resolve));
      },
    });
    expect(await transport.open()).toMatchObject({ ok: false, error: { kind: 'open_failed', reason: 'stuck' } });
    for (let again = 0; again < 10; again += 1) expect(await transport.open()).toMatchObject({ ok: false, error: { reason: 'stuck' } });
    expect(opens).toBe(1);
    // It comes back after all: it is closed, as nobody waits for it any more, and the next open is a new one.
    comeBack({ ...stuckPort([]), close: async () => void (closed += 1) } as SerialBinding);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(1);
    const next = transport.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(opens).toBe(2);
    comeBack(stuckPort([]));
    expect((await next).ok).toBe(true);
    await transport.close();
  });

  test('closing does not wait for an open that hangs', async () => {
    const transport = createSerialTransport({ ...settings, openTimeoutMs: 60_000 }, { open: () => new Promise(() => {}) });
    const opening = transport.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await took(() => transport.close())).toBeLessThan(1000);
    expect((await opening).ok).toBe(false);
  });

  test.each([[['drain']], [['close']], [['write', 'drain']], [['drain', 'flush', 'close', 'write']]] as const)('closing ends though %j never return', async (stuck) => {
    const transport = createSerialTransport(settings, { open: async () => stuckPort(stuck) });
    await transport.open();
    await transport.write(Uint8Array.of(1), 20);
    expect(await took(() => transport.close())).toBeLessThan(2000);
    expect(transport.isOpen()).toBe(false);
    // And the port can be had again.
    expect((await transport.open()).ok).toBe(true);
    await transport.close();
  });
});
