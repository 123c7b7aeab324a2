import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSerialTransport } from '../../transport/serial.ts';
import type { Transport } from '../../transport/transport.ts';
import { createSerialLine } from './socat.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-line-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function lineUp() {
  const made = await createSerialLine({ folder, name: 'terminal' });
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}

function received(transport: Transport, length: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const bytes: number[] = [];
    const stop = transport.onData((chunk) => {
      bytes.push(...chunk);
      if (bytes.length < length) return;
      stop();
      resolve(Uint8Array.from(bytes));
    });
  });
}

test('bytes travel unchanged in both directions, all 256 of them', async () => {
  const line = await lineUp();
  const kiosk = createSerialTransport({ path: line.path, baudRate: 9600, stopBits: 2 });
  expect(await kiosk.open()).toEqual({ ok: true, value: undefined });
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  const atDevice = received(line.deviceEnd, 256);
  await kiosk.write(all, 1000);
  expect(await atDevice).toEqual(all);
  const atKiosk = received(kiosk, 256);
  await line.deviceEnd.write(all, 1000);
  expect(await atKiosk).toEqual(all);
  await kiosk.close();
  await line.close();
});

test('unplugging takes the port away from whoever has it open, and plugging in brings it back at the same path', async () => {
  const line = await lineUp();
  const kiosk = createSerialTransport({ path: line.path, baudRate: 9600 });
  for (let round = 0; round < 3; round += 1) {
    expect((await kiosk.open()).ok).toBe(true);
    const lost = new Promise((resolve) => kiosk.onLost(resolve));
    await line.unplug();
    await lost;
    expect(kiosk.isOpen()).toBe(false);
    expect(line.isPlugged()).toBe(false);
    expect(existsSync(line.path)).toBe(false);
    expect(await kiosk.open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
    expect((await line.plug()).ok).toBe(true);
  }
  await line.close();
});

test('a missing socat is said as such', async () => {
  const made = await createSerialLine({ folder, name: 'terminal', socatPath: join(folder, 'no-socat') });
  expect(made).toMatchObject({ ok: false, error: { kind: 'socat_missing' } });
});

test('socat ends when the process that started it is killed by SIGKILL', async () => {
  const program = `
    const { createSerialLine } = await import(${JSON.stringify(new URL('./socat.ts', import.meta.url).href)});
    const made = await createSerialLine({ folder: ${JSON.stringify(folder)}, name: 'orphan' });
    console.log(made.ok ? 'up' : made.error.detail);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('up');
  expect(existsSync(join(folder, 'orphan'))).toBe(true);
  // socat removes its links when it ends in order, which it can only do after the shell has told it to.
  const gone = new Promise<void>((resolve) => {
    const watcher = watch(folder, () => {
      if (existsSync(join(folder, 'orphan')) || existsSync(join(folder, 'orphan.device'))) return;
      watcher.close();
      resolve();
    });
  });
  parent.kill('SIGKILL');
  await gone;
});
