import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSerialLine } from '../../sim/lines/socat.ts';
import type { SerialLine } from '../../sim/lines/socat.ts';
import { createMdbReaderSim } from '../../sim/mdb-reader/sim.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import { documented } from './mdb-profiles.ts';
import { createMdbReader } from './mdb-reader.ts';
import type { CardTerminal } from './port.ts';
import { price } from './port-suite.fixture.ts';

let folder: string;
let line: SerialLine;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'counter24-mdb-'));
  const made = await createSerialLine({ folder, name: 'reader' });
  if (!made.ok) throw new Error(made.error.detail);
  line = made.value;
});
afterEach(async () => {
  await line.close();
  await rm(folder, { recursive: true });
});

function untilState(terminal: CardTerminal, kind: string): Promise<void> {
  if (terminal.state().kind === kind) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = terminal.onState((state) => {
      if (state.kind !== kind) return;
      stop();
      resolve();
    });
  });
}

it('sells over a real serial line, and is back by itself each time the cable was out', async () => {
  const sim = createMdbReaderSim({ autoApproveAfterMs: 20, processingMs: 20, setupMs: 20 });
  sim.connect(line.deviceEnd);
  const terminal = createMdbReader({ transport: createSerialTransport({ path: line.path, baudRate: documented.baudRate }), profile: { ...documented, reconnectMs: [50] } });
  try {
    await untilState(terminal, 'ready');
    for (let sale = 1; sale <= 3; sale += 1) {
      expect(await terminal.authorise({ amount: price, onMessage: () => {}, onApproved: async () => {} })).toMatchObject({ kind: 'approved' });
      await line.unplug();
      await untilState(terminal, 'unplugged');
      expect(await line.plug()).toMatchObject({ ok: true });
      await untilState(terminal, 'ready');
    }
    expect(sim.book().map((entry) => entry.state)).toEqual(['paid', 'paid', 'paid']);
  } finally {
    await terminal.close();
    sim.close();
  }
});
