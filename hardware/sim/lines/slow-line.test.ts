import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryLine } from '../../transport/memory.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import { createSlowLine, createUart } from './slow-line.ts';
import { createSerialLine } from './socat.ts';

describe('over lines in memory', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function slow(baud: number) {
    const [kiosk, device] = [createMemoryLine(), createMemoryLine()];
    for (const end of [...kiosk.ends, ...device.ends]) await end.open();
    const line = createSlowLine({ ends: [kiosk.ends[1], device.ends[0]], baud });
    const arrivals: { at: number; bytes: number[] }[] = [];
    device.ends[1].onData((bytes) => arrivals.push({ at: performance.now(), bytes: [...bytes] }));
    return { line, kiosk, device, arrivals, near: kiosk.ends[0], far: device.ends[1] };
  }

  test.each([1200, 9600, 115_200])('at %i baud a long stream takes ten bits a byte, to the millisecond, and arrives unchanged', async (baud) => {
    const { near, arrivals } = await slow(baud);
    const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 251);
    const start = performance.now();
    await near.write(bytes, 100);
    await vi.advanceTimersByTimeAsync((3000 * 10_000) / baud + 5);
    expect(arrivals.flatMap(({ bytes: arrived }) => arrived)).toEqual([...bytes]);
    expect(Math.abs((arrivals.at(-1)?.at ?? 0) - start - (3000 * 10_000) / baud)).toBeLessThanOrEqual(2);
  });

  test('at no moment have more bytes arrived than the speed allows, nor two bytes fewer than a millisecond explains', async () => {
    const { near, arrivals } = await slow(9600);
    const start = performance.now();
    await near.write(new Uint8Array(500), 100);
    await vi.advanceTimersByTimeAsync(600);
    let arrived = 0;
    for (const { at, bytes } of arrivals) {
      arrived += bytes.length;
      expect(arrived).toBeLessThanOrEqual((at - start) * 0.96 + 0.1);
      expect(arrived).toBeGreaterThanOrEqual((at - start) * 0.96 - 3);
    }
    expect(arrived).toBe(500);
  });

  test('both directions carry at once, each at full speed', async () => {
    const { near, far, arrivals } = await slow(9600);
    const back: number[] = [];
    near.onData((bytes) => back.push(...bytes));
    await near.write(new Uint8Array(96), 100);
    await far.write(new Uint8Array(96).fill(1), 100);
    await vi.advanceTimersByTimeAsync(103);
    expect(arrivals.flatMap(({ bytes }) => bytes)).toHaveLength(96);
    expect(back).toHaveLength(96);
  });

  test('a held direction stands still, and goes on where it stood', async () => {
    const { line, near, arrivals } = await slow(9600);
    await near.write(Uint8Array.from({ length: 96 }, (_, index) => index), 100);
    await vi.advanceTimersByTimeAsync(50);
    line.hold(0, true);
    const before = arrivals.flatMap(({ bytes }) => bytes).length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(arrivals.flatMap(({ bytes }) => bytes).length - before).toBeLessThanOrEqual(2);
    expect(line.waiting(0)).toBeGreaterThan(40);
    line.hold(0, false);
    await vi.advanceTimersByTimeAsync(60);
    expect(arrivals.flatMap(({ bytes }) => bytes)).toEqual(Array.from({ length: 96 }, (_, index) => index));
  });

  test('a pulled cable loses what was under way, and closing leaves no timer', async () => {
    const { line, kiosk, device, near, arrivals } = await slow(9600);
    await near.write(new Uint8Array(96), 100);
    await vi.advanceTimersByTimeAsync(20);
    device.cut();
    await vi.advanceTimersByTimeAsync(500);
    expect(arrivals.flatMap(({ bytes }) => bytes).length).toBeLessThan(25);
    device.mend();
    for (const end of device.ends) await end.open();
    await near.write(Uint8Array.of(7), 100);
    await vi.advanceTimersByTimeAsync(5);
    expect(arrivals.at(-1)?.bytes).toEqual([7]);
    line.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(kiosk.ends[0].isOpen()).toBe(true);
  });

  test('a port takes no more than its buffer holds while CTS says wait, and what waits in it is gone once it is closed', async () => {
    const { ends } = createMemoryLine();
    await ends[1].open();
    const uart = createUart({ transport: ends[0], baud: 9600, bufferBytes: 64 });
    await uart.open();
    const arrived: number[] = [];
    ends[1].onData((bytes) => arrived.push(...bytes));
    uart.hold(true);
    expect(await uart.write(new Uint8Array(64), 100)).toEqual({ ok: true, value: undefined });
    const stuck = uart.write(new Uint8Array(10), 100);
    await vi.advanceTimersByTimeAsync(100);
    expect(await stuck).toMatchObject({ ok: false, error: { kind: 'write_timeout' } });
    await uart.close();
    await uart.open();
    uart.hold(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(arrived).toEqual([]);
    expect(await uart.write(Uint8Array.of(1, 2), 100)).toEqual({ ok: true, value: undefined });
    await vi.advanceTimersByTimeAsync(5);
    expect(arrived).toEqual([1, 2]);
  });
});

test('between two pairs of pseudo terminals a kilobyte takes a second at 9600 baud', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counter24-slow-'));
  const [kiosk, device] = await Promise.all(['kiosk', 'device'].map((name) => createSerialLine({ folder, name })));
  if (!kiosk?.ok || !device?.ok) throw new Error('no socat');
  const slow = createSlowLine({ ends: [kiosk.value.deviceEnd, device.value.deviceEnd], baud: 9600 });
  const near = createSerialTransport({ path: kiosk.value.path, baudRate: 9600 });
  const far = createSerialTransport({ path: device.value.path, baudRate: 9600 });
  expect([(await near.open()).ok, (await far.open()).ok]).toEqual([true, true]);
  const bytes = Uint8Array.from({ length: 960 }, (_, index) => index & 0xff);
  const arrived: number[] = [];
  const start = performance.now();
  const all = new Promise<number>((resolve) => {
    far.onData((part) => {
      arrived.push(...part);
      if (arrived.length === 960) resolve(performance.now() - start);
    });
  });
  await near.write(bytes, 5000);
  const took = await all;
  expect(arrived).toEqual([...bytes]);
  expect(took).toBeGreaterThan(980);
  // A machine with other work may be late, never early.
  expect(took).toBeLessThan(1500);
  slow.close();
  await Promise.all([near.close(), far.close()]);
  await Promise.all([kiosk.value.close(), device.value.close()]);
  await rm(folder, { recursive: true, force: true });
});
