import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ManagedDevice } from '../hardware/device/manager/manager.ts';

/**
 * What an idle device manager costs: printer, card terminal and scanner on pseudo terminals, each in its heartbeat, with the
 * simulators in another process, beside a bare Node process in the same run. `--minutes=60`; `--missing` leaves all devices
 * unplugged, so that it looks for their ports all the time.
 *
 *   node build/bootstrap.mjs bench/idle-devices.ts --minutes=60
 *
 * Numbers are of the process that holds the drivers alone. Handles are open file descriptors and Node's own active resources.
 */
interface Sample {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  readonly resources: number;
}

const role = process.env['IDLE_DEVICES_ROLE'];
if (role === undefined) await measure();
else if (role === 'bare') await answerSamples();
else if (role === 'devices') await holdDevices();
else await holdSimulators();

async function measure(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, missing: { type: 'boolean', default: false } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error('--minutes is a number above 0');
  const folder = await mkdtemp(join(tmpdir(), 'counter24-idle-'));
  const children = [await child('sims', folder)];
  try {
    const [devices, bare] = [await child('devices', folder, values.missing ? '/dev/counter24-none' : folder), await child('bare', folder)];
    children.push(devices, bare);
    // Opening, registering and the first compilation of the code are not idle.
    await pause(20_000);
    const before = [await devices.sample(), await bare.sample()] as const;
    const startedAt = performance.now();
    await pause(minutes * 60_000);
    const elapsedMs = performance.now() - startedAt;
    const after = [await devices.sample(), await bare.sample()] as const;
    console.log(`Idle device manager (printer, card terminal, scanner${values.missing ? ', all unplugged' : ''}), ${minutes} min, Node ${process.version}, ${process.platform} ${process.arch}`);
    console.log(`states: ${await devices.states()}`);
    report('devices', before[0], after[0], elapsedMs);
    report('bare process', before[1], after[1], elapsedMs);
  } finally {
    for (const each of children) await each.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function report(name: string, before: Sample, after: Sample, elapsedMs: number): void {
  const cpu = (((after.cpuMs - before.cpuMs) / elapsedMs) * 100).toFixed(3);
  console.log(`${name.padEnd(14)} cpu ${cpu} % of a core   rss ${before.rssMb.toFixed(1)} -> ${after.rssMb.toFixed(1)} MB   live heap ${before.heapMb.toFixed(2)} -> ${after.heapMb.toFixed(2)} MB   descriptors ${before.descriptors} -> ${after.descriptors}   active resources ${before.resources} -> ${after.resources}`);
}

interface Child {
  sample(): Promise<Sample>;
  states(): Promise<string>;
  end(): Promise<void>;
}

async function child(what: string, folder: string, portFolder = folder): Promise<Child> {
  const running = spawn(process.execPath, ['--expose-gc', import.meta.filename], {
    env: { ...process.env, IDLE_DEVICES_ROLE: what, IDLE_DEVICES_FOLDER: portFolder },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(running, 'exit');
  const first = await Promise.race([once(running, 'message'), ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`${what} did not start`);
  const ask = async (question: string): Promise<unknown> => {
    const answer = once(running, 'message');
    running.send(question);
    return (await answer)[0] as unknown;
  };
  return {
    sample: async () => (await ask('sample')) as Sample,
    states: async () => String(await ask('states')),
    async end() {
      if (running.connected) running.disconnect();
      await ended;
    },
  };
}

/** The other end of the channel: answers until its parent has gone. */
async function answerSamples(states: () => string = () => '', close: () => Promise<unknown> = async () => {}): Promise<void> {
  process.on('message', (question) => {
    if (question === 'states') process.send?.(states());
    else void sample().then((answer) => process.send?.(answer));
  });
  process.send?.('ready');
  await once(process, 'disconnect');
  await close();
  process.exit(0);
}

async function sample(): Promise<Sample> {
  // What is left after the collector has run is what stays.
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const descriptors = await readdir('/proc/self/fd').then((entries) => entries.length, () => -1);
  return { cpuMs: (user + system) / 1000, rssMb: rss / 1e6, heapMb: heapUsed / 1e6, descriptors, resources: process.getActiveResourcesInfo().length };
}

/** What it is made of is loaded here, so that the bare process is bare. */
async function holdDevices(): Promise<void> {
  const [{ assemblePrinter, assembleScanner, assembleTerminal }, { managedPrinter, managedScanner, managedTerminal }, { createDeviceManager }, { createPortLister }] = await Promise.all([
    import('../hardware/device/manager/assemble.ts'),
    import('../hardware/device/manager/managed.ts'),
    import('../hardware/device/manager/manager.ts'),
    import('../hardware/transport/serial-list.ts'),
  ]);
  const folder = process.env['IDLE_DEVICES_FOLDER'] ?? '';
  const list = createPortLister();
  const at = (name: string) => join(folder, name);
  const printer = value(assemblePrinter({ path: at('printer'), baudRate: 9600, profile: 'generic-80' }, { list }));
  const terminal = value(assembleTerminal({ path: at('terminal'), baudRate: 9600, profile: 'specification' }, { list, currency: 'CNY' }));
  // By its USB ids, which no machine without one has: its port is looked for all the time.
  const scanner = value(assembleScanner({ path: folder.startsWith('/dev') ? 'usb:ffff:ffff' : at('scanner'), baudRate: 9600, profile: 'lines' }, { list }));
  const devices: readonly ManagedDevice[] = [
    managedPrinter('receipt printer', printer.driver, printer.line),
    managedTerminal('card terminal', terminal.driver, terminal.line),
    managedScanner('scanner', scanner.driver, scanner.line),
  ];
  const manager = createDeviceManager({ devices, now: Date.now });
  await answerSamples(() => manager.states().map(({ code }) => code).join(' '), () => manager.close());
}

async function holdSimulators(): Promise<void> {
  const [{ createSerialLine }, { createEscPosPrinterSim }, { createZvtTerminalSim }] = await Promise.all([
    import('../hardware/sim/lines/socat.ts'),
    import('../hardware/sim/escpos-printer/printer-sim.ts'),
    import('../hardware/sim/zvt-terminal/sim.ts'),
  ]);
  const folder = process.env['IDLE_DEVICES_FOLDER'] ?? '';
  const made = await Promise.all(['printer', 'terminal', 'scanner'].map((name) => createSerialLine({ folder, name })));
  const [printerAt, terminalAt, scannerAt] = made.map((line) => value(line));
  if (!printerAt || !terminalAt || !scannerAt) throw new Error('a line is missing');
  createEscPosPrinterSim({ columns: 48 }).connect(printerAt.deviceEnd);
  createZvtTerminalSim().connect(terminalAt.deviceEnd);
  await answerSamples(() => '', () => Promise.all([printerAt, terminalAt, scannerAt].map((line) => line.close())));
}

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
