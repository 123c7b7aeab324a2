import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ok } from '../../../domain/result.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import { createSocketTransport } from '../../transport/tcp.ts';
import type { Transport } from '../../transport/transport.ts';
import { assemblePrinter, assembleScanner, assembleTerminal } from './assemble.ts';

const list = async () => ok([]);
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A device server that passes a line on: answers its address. */
async function deviceServer(connect: (line: Transport) => void): Promise<string> {
  const server = net.createServer((socket) => {
    const line = createSocketTransport('device', async () => ok(socket));
    ends.push(() => line.close());
    connect(line);
    void line.open();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

function became<State extends { readonly kind: string }>(device: { state(): State; onState(listener: (state: State) => void): () => void }, kind: string): Promise<void> {
  if (device.state().kind === kind) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = device.onState((state) => {
      if (state.kind !== kind) return;
      stop();
      resolve();
    });
  });
}

test('a printer behind a device server is ready, and its line says where it is', async () => {
  const sim = createEscPosPrinterSim({ columns: 48 });
  const path = await deviceServer((line) => void sim.connect(line));
  const made = assemblePrinter({ path, baudRate: 'auto', profile: 'generic-80' }, { list });
  if (!made.ok) throw new Error(made.error);
  ends.push(() => made.value.driver.close());
  await became(made.value.driver, 'ready');
  expect(made.value.line.port()).toBe(path);
});

test('a ZVT terminal behind a device server is ready', async () => {
  const sim = createZvtTerminalSim();
  ends.push(async () => sim.close());
  const path = await deviceServer((line) => sim.connect(line));
  const made = assembleTerminal({ path, baudRate: 9600, profile: 'specification' }, { list, currency: 'CNY' });
  if (!made.ok) throw new Error(made.error);
  ends.push(() => made.value.driver.close());
  await became(made.value.driver, 'ready');
});

test('a profile of MDB makes an MDB reader, which has no diagnosis; one of ZVT a ZVT terminal, which has', async () => {
  for (const [profile, hasService] of [['documented', false], ['specification', true]] as const) {
    const made = assembleTerminal({ path: '/dev/nothing', baudRate: 'auto', profile }, { list, currency: 'CNY' });
    if (!made.ok) throw new Error(made.error);
    ends.push(() => made.value.driver.close());
    expect(made.value.driver.service !== undefined).toBe(hasService);
  }
});

test('what stands between driver and line sees every byte', async () => {
  const sim = createEscPosPrinterSim({ columns: 48 });
  const path = await deviceServer((line) => void sim.connect(line));
  let written = 0;
  const tap = (line: Transport): Transport => ({ ...line, write: (bytes, timeoutMs) => ((written += bytes.length), line.write(bytes, timeoutMs)) });
  const made = assemblePrinter({ path, baudRate: 9600, profile: 'generic-80' }, { list, tap });
  if (!made.ok) throw new Error(made.error);
  ends.push(() => made.value.driver.close());
  await became(made.value.driver, 'ready');
  expect(written).toBe(sim.bytesReceived());
  expect(written).toBeGreaterThan(0);
});

test.each([
  ['printer', () => assemblePrinter({ path: '/dev/a', baudRate: 9600, profile: 'toString' }, { list }), 'generic-58'],
  ['terminal', () => assembleTerminal({ path: '/dev/a', baudRate: 9600, profile: 'none' }, { list, currency: 'CNY' }), 'documented'],
  ['scanner', () => assembleScanner({ path: '/dev/a', baudRate: 9600, profile: 'none' }, { list }), 'gm65'],
  ['place', () => assembleScanner({ path: 'usb:1', baudRate: 9600, profile: 'lines' }, { list }), 'usb:vendor:product'],
] as const)('a %s that there is not is refused with what there is', (_what, make, told) => {
  expect(make()).toEqual({ ok: false, error: expect.stringContaining(told) as string });
});
