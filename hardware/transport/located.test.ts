import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PortLocation } from '../../domain/device/location.ts';
import { ok } from '../../domain/result.ts';
import { createLocatedTransport } from './located.ts';
import type { LocatedTransport } from './located.ts';
import { createMemoryLine } from './memory.ts';
import type { MemoryLine } from './memory.ts';
import type { SerialPortInfo } from './serial-list.ts';
import { createSilenceWatch } from './silence.ts';
import type { Transport } from './transport.ts';

const usb: PortLocation = { kind: 'usb', vendorId: '0403', productId: '6001' };
const limits = { openMs: 100, closeMs: 100, writeGraceMs: 100 };
const never = () => new Promise<never>(() => {});

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A machine with ports that come and go. Each line counts who listens to it. */
function machine(location: PortLocation = usb) {
  const ports = new Map<string, { readonly info: SerialPortInfo; readonly line: MemoryLine }>();
  const opened: string[] = [];
  let listening = 0;
  const plug = (path: string, serialNumber?: string) => {
    const line = createMemoryLine();
    ports.set(path, { info: { path, usb: { vendorId: '0403', productId: '6001', ...(serialNumber ? { serialNumber } : {}) } }, line });
    return line.ends[1];
  };
  const transport = createLocatedTransport({
    location,
    limits,
    list: async () => ok([...ports.values()].map(({ info }) => info)),
    connect(target) {
      const path = target.kind === 'path' ? target.path : 'socket';
      opened.push(path);
      const end = ports.get(path)?.line.ends[0];
      if (!end) throw new Error(`nobody listed ${path}`);
      const counted = (stop: () => void) => {
        listening += 1;
        return () => {
          listening -= 1;
          stop();
        };
      };
      return { ...end, onData: (listener) => counted(end.onData(listener)), onLost: (listener) => counted(end.onLost(listener)) };
    },
  });
  const unplug = (path: string) => {
    ports.get(path)?.line.cut();
    ports.delete(path);
  };
  return { transport, opened, plug, unplug, cut: (path: string) => ports.get(path)?.line.cut(), listening: () => listening };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a device that comes back under another number is found', async () => {
  const { transport, opened, plug, unplug } = machine();
  plug('/dev/ttyUSB0');
  expect(await transport.open()).toEqual(ok());
  expect(transport.port()).toBe('/dev/ttyUSB0');
  const lost: string[] = [];
  transport.onLost((detail) => lost.push(detail));
  unplug('/dev/ttyUSB0');
  await turn();
  expect(lost).toEqual(['cable pulled']);
  expect([transport.isOpen(), transport.port()]).toEqual([false, undefined]);
  expect(await transport.open()).toMatchObject({ ok: false, error: { kind: 'open_failed', reason: 'not_found' } });
  expect(transport.failure()).toBe('not_found');

  const heard: Uint8Array[] = [];
  transport.onData((bytes) => heard.push(bytes));
  const device = plug('/dev/ttyUSB7');
  await device.open();
  expect(await transport.open()).toEqual(ok());
  await device.write(Uint8Array.of(1), 100);
  await turn();
  expect(heard).toEqual([Uint8Array.of(1)]);
  expect(opened).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB7']);
  expect(transport.failure()).toBeUndefined();
});

test('a port that cannot be opened leaves no listener, however often it is tried', async () => {
  const { transport, plug, listening } = machine({ kind: 'path', path: '/dev/ttyUSB0' });
  plug('/dev/ttyUSB0');
  await transport.open();
  await transport.close();
  const cut = machine({ kind: 'path', path: '/dev/ttyUSB0' });
  cut.plug('/dev/ttyUSB0');
  await cut.transport.open();
  expect(cut.listening()).toBe(2);
  cut.cut('/dev/ttyUSB0');
  await turn();
  for (let tries = 0; tries < 20; tries += 1) expect(await cut.transport.open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
  expect([listening(), cut.listening(), vi.getTimerCount()]).toEqual([0, 0, 0]);
});

test('one of two with the same ids is named by its serial number, and not guessed without', async () => {
  const either = machine();
  either.plug('/dev/ttyUSB0', 'A');
  either.plug('/dev/ttyUSB1', 'B');
  expect(await either.transport.open()).toMatchObject({ ok: false, error: { reason: 'ambiguous', detail: 'usb:0403:6001: /dev/ttyUSB0 and /dev/ttyUSB1 match' } });
  const named = machine({ ...usb, serialNumber: 'B_2' });
  named.plug('/dev/ttyUSB0', 'A');
  named.plug('/dev/ttyUSB1', 'B 2');
  expect(await named.transport.open()).toEqual(ok());
  expect(named.transport.port()).toBe('/dev/ttyUSB1');
});

test('unplugged and back a thousand times, it has the listeners that it began with', async () => {
  const { transport, plug, unplug, listening } = machine();
  let losses = 0;
  transport.onLost(() => (losses += 1));
  for (let round = 0; round < 1000; round += 1) {
    const path = `/dev/ttyUSB${round % 7}`;
    plug(path);
    expect((await transport.open()).ok).toBe(true);
    unplug(path);
    await turn();
    expect(transport.isOpen()).toBe(false);
  }
  expect([losses, listening(), vi.getTimerCount()]).toEqual([1000, 0, 0]);
});

describe('what hangs beneath it hangs nobody above', () => {
  /** A port of which each call may never end. */
  function hanging(over: Partial<Transport>) {
    const line = createMemoryLine();
    let made = 0;
    const transport = createLocatedTransport({ location: { kind: 'path', path: '/dev/hangs' }, limits, list: never, connect: () => ((made += 1), { ...line.ends[0], ...over }) });
    return { transport, line, made: () => made };
  }
  const ended = async <T>(promise: Promise<T>): Promise<T> => {
    await vi.advanceTimersByTimeAsync(1000);
    return promise;
  };

  test('an open that never ends is an answer, and a port that stays stuck is not tried for ever', async () => {
    const { transport, made } = hanging({ open: never });
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await ended(transport.open())).toMatchObject({ ok: false, error: { kind: 'open_failed', reason: 'stuck' } });
    }
    expect(made()).toBe(2);
    expect(transport.failure()).toBe('stuck');
    await ended(transport.close());
  });

  test('an open that ends too late is closed again, and the port may be tried anew', async () => {
    let closes = 0;
    const { transport } = hanging({ open: () => new Promise((resolve) => setTimeout(() => resolve(ok()), 500)), close: async () => void (closes += 1) });
    const opening = transport.open();
    await vi.advanceTimersByTimeAsync(200);
    expect(await opening).toMatchObject({ ok: false });
    await vi.advanceTimersByTimeAsync(400);
    expect([closes, transport.isOpen()]).toEqual([1, false]);
  });

  test('a close that never ends is waited for no longer than its limit', async () => {
    const { transport } = hanging({ close: never });
    await transport.open();
    await ended(transport.close());
    expect(transport.isOpen()).toBe(false);
    expect(await ended(transport.open())).toEqual(ok());
  });

  test('a write that never ends is an answer', async () => {
    const { transport } = hanging({ write: never });
    await transport.open();
    expect(await ended(transport.write(Uint8Array.of(1), 50))).toMatchObject({ ok: false, error: { kind: 'write_timeout' } });
    await ended(transport.close());
  });

  test('what throws where nothing should is an answer, too', async () => {
    const thrown = async () => {
      throw new Error('a bug below');
    };
    const { transport } = hanging({ open: thrown });
    expect(await transport.open()).toMatchObject({ ok: false, error: { detail: 'a bug below' } });
    const other = hanging({ write: thrown, close: thrown }).transport;
    await other.open();
    expect(await other.write(Uint8Array.of(1), 50)).toMatchObject({ ok: false, error: { kind: 'write_failed' } });
    await other.close();
  });

  test('closing in the middle of an opening leaves nothing open', async () => {
    const { transport, line } = hanging({});
    const opening = transport.open();
    await transport.close();
    await opening;
    expect([transport.isOpen(), line.ends[0].isOpen()]).toEqual([false, false]);
  });
});

describe('a line that is watched for silence', () => {
  async function watched() {
    const { transport, plug } = machine();
    const device = plug('/dev/ttyUSB0');
    await device.open();
    const line: LocatedTransport = createSilenceWatch(transport, 10_000);
    await line.open();
    const lost: string[] = [];
    line.onLost((detail) => lost.push(detail));
    return { line, device, lost };
  }
  const ask = (line: Transport) => line.write(Uint8Array.of(1), 100);

  test('is lost at the first write after nothing was heard for so long, once, and opens again', async () => {
    const { line, lost } = await watched();
    await ask(line);
    vi.advanceTimersByTime(9_999);
    expect((await ask(line)).ok).toBe(true);
    vi.advanceTimersByTime(1);
    expect((await ask(line)).ok).toBe(false);
    expect([lost, line.isOpen(), line.failure()]).toEqual([['usb:0403:6001: nothing heard for 10 s'], false, 'silent']);
    expect((await line.open()).ok).toBe(true);
    expect(line.failure()).toBeUndefined();
    expect((await ask(line)).ok).toBe(true);
    expect(lost).toHaveLength(1);
  });

  test('is not lost while it is answered, nor while nobody asks', async () => {
    const { line, device, lost } = await watched();
    for (let round = 0; round < 5; round += 1) {
      await ask(line);
      vi.advanceTimersByTime(8000);
      await device.write(Uint8Array.of(2), 100);
      await turn();
    }
    vi.advanceTimersByTime(3_600_000);
    expect((await ask(line)).ok).toBe(true);
    expect(lost).toEqual([]);
  });

  test('tells the loss of its cable as often as it happens', async () => {
    const { transport, plug, unplug } = machine();
    const line = createSilenceWatch(transport, 10_000);
    let losses = 0;
    line.onLost(() => (losses += 1));
    for (let round = 0; round < 50; round += 1) {
      plug('/dev/ttyUSB0');
      await line.open();
      await ask(line);
      unplug('/dev/ttyUSB0');
      await turn();
    }
    expect(losses).toBe(50);
  });
});
