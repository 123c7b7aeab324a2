import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSerialLine } from '../../sim/lines/socat.ts';
import type { SerialLine } from '../../sim/lines/socat.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import type { ZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import type { TerminalPhase } from '../../sim/zvt-terminal/display.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import type { CardTerminal, CardTerminalState } from './port.ts';
import { specification } from './profiles.ts';
import { createZvtTerminal } from './zvt-terminal.ts';
import { expectAgreement, price, purchase } from './zvt-terminal.fixture.ts';

// The same driver and simulator as in zvt-terminal.test.ts, on real ports and in real time: what is shown here is that the
// port's own behaviour (vanishing, renumbering, splitting) changes nothing. The kiosk's T1 to T4 are the
// specification's.

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let line: SerialLine;
let sim: ZvtTerminalSim;
let terminal: CardTerminal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-zvt-'));
  const made = await createSerialLine({ folder, name: 'terminal' });
  if (!made.ok) throw new Error(made.error.detail);
  line = made.value;
  // A terminal does not notice that its cable is out: it repeats and waits until its own time-outs are over.
  sim = createZvtTerminalSim({ processingMs: 10, t2Ms: 300, t3Ms: 500 });
  sim.connect(line.deviceEnd);
  terminal = createZvtTerminal({
    transport: createSerialTransport({ path: line.path, baudRate: 9600, stopBits: 2 }),
    profile: { ...specification, reconnectMs: [50], readyPollMs: 50 },
  });
});

afterEach(async () => {
  sim.close();
  await terminal.close();
  await line.close();
  await rm(folder, { recursive: true, force: true });
});

function state(kind: CardTerminalState['kind']): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (terminal.state().kind !== kind) return;
      stop();
      resolve();
    };
    const stop = terminal.onState(look);
    look();
  });
}

function phase(wanted: TerminalPhase): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (sim.display().phase !== wanted) return;
      stop();
      resolve();
    };
    const stop = sim.onChange(look);
    look();
  });
}

test('approved', async () => {
  await state('ready');
  const running = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.tapCard();
  const outcome = await running;
  expect(outcome.kind).toBe('approved');
  expectAgreement(outcome, sim.book());
});

test('declined, then approved', async () => {
  await state('ready');
  const first = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.decline();
  expect(await first).toMatchObject({ kind: 'declined', resultCode: '05' });
  const second = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.tapCard();
  expect(await second).toMatchObject({ kind: 'approved' });
  expect(sim.book().map((entry) => entry.state)).toEqual(['declined', 'approved']);
});

test('cancelled at the terminal, and aborted by the kiosk', async () => {
  await state('ready');
  const first = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.cancel();
  expect(await first).toMatchObject({ kind: 'cancelled' });
  const second = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  terminal.abort();
  expect(await second).toMatchObject({ kind: 'cancelled' });
  expect(sim.book()).toEqual([]);
});

test('the cable out before the purchase: not sent; in again: it works without a restart', async () => {
  await state('ready');
  await line.unplug();
  await state('unplugged');
  expect(await terminal.authorise(purchase().authorisation)).toMatchObject({ kind: 'not_sent' });
  await line.plug();
  await state('ready');
  const running = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.tapCard();
  expect(await running).toMatchObject({ kind: 'approved' });
  expect(sim.book()).toHaveLength(1);
});

test('the cable out while the terminal waits for a card: unknown, and after plugging in nothing was booked', async () => {
  await state('ready');
  const running = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  await line.unplug();
  expect(await running).toMatchObject({ kind: 'unknown' });
  await line.plug();
  expect(await terminal.lastTransaction()).toEqual({ ok: true, value: { kind: 'none' } });
  expect(sim.book()).toEqual([]);
});

test('the cable out between approval and acknowledgement: unknown, and after plugging in it is reversed', async () => {
  await state('ready');
  const running = terminal.authorise(purchase({ onApproved: () => line.unplug() }).authorisation);
  await phase('present_card');
  sim.tapCard();
  expect(await running).toMatchObject({ kind: 'unknown' });
  await line.plug();
  expect(await terminal.lastTransaction()).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '6c', amount: price } });
  expect(sim.book()).toMatchObject([{ state: 'reversed' }]);
});

test('approved and fallen silent after our acknowledgement: unknown, and after it is back the question says paid', async () => {
  await terminal.close();
  terminal = createZvtTerminal({
    transport: createSerialTransport({ path: line.path, baudRate: 9600, stopBits: 2 }),
    profile: { ...specification, t2Ms: 300, t3Ms: 500, t4Ms: 500, reconnectMs: [50], readyPollMs: 50 },
  });
  await state('ready');
  sim.script.approveAndFallSilent = 'after_acknowledgement';
  const running = terminal.authorise(purchase().authorisation);
  await phase('present_card');
  sim.tapCard();
  expect(await running).toMatchObject({ kind: 'unknown' });
  sim.reboot();
  expect(await terminal.lastTransaction()).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '00', amount: price } });
  expect(sim.book()).toMatchObject([{ state: 'approved' }]);
});

test('the port vanishes and comes back twenty times', async () => {
  for (let round = 0; round < 20; round += 1) {
    await state('ready');
    await line.unplug();
    await state('unplugged');
    await line.plug();
  }
  await state('ready');
});
