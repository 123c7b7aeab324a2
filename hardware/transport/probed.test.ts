import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEscPosPrinterSim } from '../sim/escpos-printer/printer-sim.ts';
import { createZvtTerminalSim } from '../sim/zvt-terminal/sim.ts';
import { printerProbe, zvtProbe } from '../device/manager/probes.ts';
import { createLocatedTransport } from './located.ts';
import { createMemoryLine } from './memory.ts';
import type { LineProbe } from './probed.ts';
import { createProbedTransport } from './probed.ts';
import type { Transport } from './transport.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const baudRates = [9600, 115_200, 19_200];

/** A device that understands one speed; at the others each byte arrives, both ways, as another. */
function deviceAt(speed: () => number | undefined, connect: (line: Transport) => void, probe: LineProbe) {
  const asked: number[] = [];
  const settled: number[] = [];
  let line = createMemoryLine();
  const transport = createProbedTransport({
    baudRates,
    probe,
    onSettled: (baudRate) => settled.push(baudRate),
    connect: (baudRate) => createLocatedTransport({
      location: { kind: 'path', path: '/dev/one' },
      list: () => new Promise(() => {}),
      connect() {
        asked.push(baudRate);
        line = createMemoryLine(baudRate === speed() ? {} : { split: (bytes) => [bytes.map((byte) => (byte * 7 + 0x53) & 0xff)] });
        const far = line.ends[1];
        void far.open();
        if (speed() !== undefined) connect(far);
        return line.ends[0];
      },
    }),
  });
  return { transport, asked, settled, cut: () => line.cut() };
}

function printer() {
  const sim = createEscPosPrinterSim({ columns: 32 });
  sim.setPaper('out');
  let stop = () => {};
  return (line: Transport) => {
    stop();
    stop = sim.connect(line);
  };
}

async function settle<T>(promise: Promise<T>): Promise<T> {
  let pending = true;
  void promise.then(() => (pending = false));
  for (let turns = 0; pending && turns < 10_000; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turns % 5 === 4) vi.advanceTimersByTime(100);
  }
  return promise;
}

test.each(baudRates)('a printer at %i baud is found, also when it is out of paper', async (speed) => {
  const { transport, settled, asked } = deviceAt(() => speed, printer(), printerProbe);
  expect((await settle(transport.open())).ok).toBe(true);
  expect(settled).toEqual([speed]);
  expect(asked).toEqual(baudRates.slice(0, baudRates.indexOf(speed) + 1));
  await settle(transport.close());
});

test('a ZVT terminal is found and has carried nothing out', async () => {
  const sim = createZvtTerminalSim();
  const before = sim.display();
  const { transport, settled } = deviceAt(() => 115_200, (line) => sim.connect(line), zvtProbe);
  expect((await settle(transport.open())).ok).toBe(true);
  expect([settled, sim.display(), sim.book()]).toEqual([[115_200], before, []]);
  await settle(transport.close());
  sim.close();
});

test('the speed that answered is the first that is asked again, and another is found when the device was exchanged', async () => {
  let speed = 19_200;
  const { transport, asked, settled, cut } = deviceAt(() => speed, printer(), printerProbe);
  await settle(transport.open());
  asked.length = 0;
  const lost = new Promise((resolve) => transport.onLost(resolve));
  cut();
  await lost;
  expect((await settle(transport.open())).ok).toBe(true);
  expect(asked).toEqual([19_200]);
  await settle(transport.close());
  speed = 9600;
  asked.length = 0;
  expect((await settle(transport.open())).ok).toBe(true);
  expect(asked).toEqual([19_200, 9600]);
  expect(settled).toEqual([19_200, 9600]);
  await settle(transport.close());
});

test('a device that is switched off does not open, and is found by a later try', async () => {
  let speed: number | undefined;
  const { transport } = deviceAt(() => speed, printer(), printerProbe);
  expect(await settle(transport.open())).toMatchObject({ ok: false, error: { reason: 'silent' } });
  expect([transport.failure(), transport.isOpen()]).toEqual(['silent', false]);
  speed = 115_200;
  expect((await settle(transport.open())).ok).toBe(true);
  expect(transport.failure()).toBeUndefined();
  await settle(transport.close());
});

test('closing while it asks ends the asking, and leaves nothing open and no timer', async () => {
  const { transport, asked } = deviceAt(() => undefined, printer(), printerProbe);
  const opening = transport.open();
  await settle(transport.close());
  expect((await opening).ok).toBe(false);
  expect(asked.length).toBeLessThanOrEqual(1);
  expect([transport.isOpen(), vi.getTimerCount()]).toEqual([false, 0]);
});

test('a line that is lost while it is asked is no answer', async () => {
  const { transport, cut } = deviceAt(() => undefined, printer(), printerProbe);
  const opening = transport.open();
  await new Promise((resolve) => setImmediate(resolve));
  cut();
  expect((await settle(opening)).ok).toBe(false);
});
