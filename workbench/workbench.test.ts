import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRegister, openPath, printSlip } from './kiosk-rig.ts';
import type { WorkbenchState } from './state.ts';
import type { Workbench, WorkbenchOptions } from './workbench.ts';
import { startWorkbench } from './workbench.ts';

let folder: string;
let benches: Workbench[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-workbench-'));
  benches = [];
});
afterEach(async () => {
  await Promise.all(benches.map((bench) => bench.close()));
  await rm(folder, { recursive: true, force: true });
});

async function benchUp(options: Partial<WorkbenchOptions> = {}): Promise<Workbench> {
  const started = await startWorkbench({ folder, lineMs: 0, terminal: { processingMs: 0 }, ...options });
  if (!started.ok) throw new Error(started.error.detail);
  benches.push(started.value);
  return started.value;
}

function push(bench: Workbench, device: 'printer' | 'terminal', body: unknown): Promise<Response> {
  return fetch(`${bench.url}/api/${device}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

function until(subscribe: (listener: () => void) => () => void, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      stop();
      resolve();
    };
    const stop = subscribe(look);
    look();
  });
}

const slipsOf = (bench: Workbench, count: number) => until(bench.printer.sim.onChange, () => bench.printer.sim.slips().length === count);
const asksForCard = (bench: Workbench) => until(bench.terminal.sim.onChange, () => bench.terminal.sim.display().phase === 'present_card');

test('what a kiosk writes to the printer becomes a slip, as picture and as text', async () => {
  const bench = await benchUp();
  expect(bench.lines).toBe('serial');
  const kiosk = await openPath(bench.printerPath);
  await printSlip(kiosk, 'Order A042');
  await slipsOf(bench, 1);
  expect(await (await fetch(`${bench.url}/api/slips/0.txt`)).text()).toContain('Order A042');
  const picture = await fetch(`${bench.url}/api/slips/0.svg`);
  expect(picture.headers.get('content-type')).toContain('image/svg+xml');
  expect(await picture.text()).toContain('<svg');
  expect((await fetch(`${bench.url}/api/slips/1.svg`)).status).toBe(404);
  expect((await fetch(`${bench.url}/api/slips/current.svg`)).status).toBe(200);
  await kiosk.close();
});

test('tearing off empties the tray and not the book', async () => {
  const bench = await benchUp();
  const kiosk = await openPath(bench.printerPath);
  await printSlip(kiosk, 'first');
  await slipsOf(bench, 1);
  await push(bench, 'printer', { action: 'tear_off' });
  expect(bench.state().printer).toMatchObject({ slips: 1, tray: [] });
  await printSlip(kiosk, 'second');
  await slipsOf(bench, 2);
  expect(bench.state().printer.tray.map(({ index }) => index)).toEqual([1]);
  await kiosk.close();
});

test.each(['printer', 'terminal'] as const)('with its cable out the %s port is gone, and it comes back at the same path', async (device) => {
  const bench = await benchUp();
  const path = bench.state()[device].path;
  const kiosk = await openPath(path);
  const lost = new Promise((resolve) => kiosk.onLost(resolve));
  expect((await push(bench, device, { action: 'cable_out' })).status).toBe(200);
  await lost;
  expect(bench[device].isPlugged()).toBe(false);
  expect(await kiosk.open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
  const back = (await (await push(bench, device, { action: 'cable_in' })).json()) as WorkbenchState;
  expect(back[device]).toMatchObject({ cable: 'in', path });
  expect((await kiosk.open()).ok).toBe(true);
  await kiosk.close();
});

test('a purchase at the terminal: a card is tapped, and the book holds it as approved', async () => {
  const bench = await benchUp();
  const kiosk = await openPath(bench.terminalPath);
  const register = createRegister(kiosk);
  expect((await push(bench, 'terminal', { action: 'tap_card' })).status).toBe(409);
  await register.say('0600060000003e0156', '060f');
  const completed = register.say('06010704000000001250', '060f');
  await asksForCard(bench);
  expect(bench.state().terminal.display.en).toEqual(['RMB 12.50', 'Present card']);
  expect((await push(bench, 'terminal', { action: 'tap_card' })).status).toBe(200);
  await completed;
  expect(bench.state().terminal.book).toMatchObject([{ amount: 1250, state: 'approved' }]);
  await kiosk.close();
});

test('a declined card, a silent terminal and a reboot', async () => {
  const bench = await benchUp({ terminal: { processingMs: 0, rebootMs: 0 } });
  const kiosk = await openPath(bench.terminalPath);
  const register = createRegister(kiosk);
  await register.say('0600060000003e0156', '060f');
  await push(bench, 'terminal', { action: 'decline' });
  expect(bench.state().terminal.declinesNext).toBe(true);
  const ended = register.say('06010704000000001250', '061e');
  await asksForCard(bench);
  await push(bench, 'terminal', { action: 'tap_card' });
  await ended;
  expect(bench.state().terminal).toMatchObject({ declinesNext: false, book: [{ amount: 1250, state: 'declined' }] });
  await push(bench, 'terminal', { action: 'silent_on' });
  expect(bench.state().terminal).toMatchObject({ silent: true, state: 'hung' });
  await push(bench, 'terminal', { action: 'reboot' });
  expect(bench.state().terminal).toMatchObject({ silent: false, state: 'not_registered' });
  await kiosk.close();
});

test('the window hears of each change', async () => {
  const bench = await benchUp();
  const events = (await fetch(`${bench.url}/api/events`)).body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!events) throw new Error('no stream');
  let text = '';
  const saying = async (words: string): Promise<void> => {
    while (!text.includes(words)) text += (await events.read()).value ?? '';
  };
  await saying('"paper":"ok"');
  await push(bench, 'printer', { action: 'paper_low' });
  await saying('"paper":"low"');
  await push(bench, 'printer', { action: 'power_off' });
  await saying('"power":false');
  await push(bench, 'terminal', { action: 'cable_out' });
  await saying('"cable":"out"');
  await events.cancel();
});

test.each([
  ['printer', { action: 'explode' }, 'action: '],
  ['printer', { action: 'paper_out', times: 2 }, 'times'],
  ['terminal', [], 'expected object'],
  ['terminal', { action: 'cover_open' }, 'action: '],
] as const)('a button that the %s does not have is refused in one sentence: %j', async (device, body, says) => {
  const bench = await benchUp();
  const answer = await push(bench, device, body);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: string }).error).toContain(says);
});

test('a page whose name was made to point here reads nothing', async () => {
  const bench = await benchUp();
  const status = await new Promise((resolve, reject) => {
    httpRequest(`${bench.url}/api/state`, { headers: { host: 'rebound.example' } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end();
  });
  expect(status).toBe(403);
});

test('without socat the devices are at sockets, and it says so in one line', async () => {
  const said: string[] = [];
  const bench = await benchUp({ socatPath: join(folder, 'no-socat'), log: (line) => said.push(line) });
  expect(bench.lines).toBe('socket');
  expect(said).toHaveLength(1);
  expect(bench.printerPath).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  for (let round = 1; round <= 2; round += 1) {
    const kiosk = await openPath(bench.printerPath);
    await printSlip(kiosk, `round ${round}`);
    await slipsOf(bench, round);
    const lost = new Promise((resolve) => kiosk.onLost(resolve));
    await bench.printer.unplug();
    await lost;
    expect(await kiosk.open()).toMatchObject({ ok: false });
    expect((await bench.printer.plug()).ok).toBe(true);
  }
});

test('a port that is taken is said in one sentence, and the lines of the first are left alone', async () => {
  const bench = await benchUp();
  const second = await startWorkbench({ folder, port: Number(new URL(bench.url).port) });
  expect(second).toMatchObject({ ok: false, error: { kind: 'port_taken' } });
  const kiosk = await openPath(bench.printerPath);
  await kiosk.close();
});

test('a fault script is taken by the device that knows its words, does what it says, and is refused by name otherwise', async () => {
  const bench = await benchUp();
  const script = (device: 'printer' | 'terminal', steps: unknown) =>
    fetch(`${bench.url}/api/${device}/script`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ script: steps }) });
  const refused = await script('terminal', [{ at: 'line printed', do: 'drop' }]);
  expect(refused.status).toBe(400);
  expect(((await refused.json()) as { error: string }).error).toMatch(/^step 1: "at" must be one of /);

  expect((await script('printer', [{ at: 'slip cut', do: 'paper_out' }, { at: 'slip cut', do: 'unplug', skip: 1 }])).status).toBe(200);
  expect(bench.state().printer.scriptLeft).toBe(2);
  const kiosk = await openPath(bench.printerPath);
  await printSlip(kiosk, 'first');
  await until(bench.printer.sim.onChange, () => bench.printer.sim.machine().paper === 'out');
  expect(bench.state().printer.scriptLeft).toBe(1);
  const lost = new Promise((resolve) => kiosk.onLost(resolve));
  bench.printer.sim.setPaper('ok');
  await printSlip(kiosk, 'second');
  await lost;
  expect(bench.printer.isPlugged()).toBe(false);
});
