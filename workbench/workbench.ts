import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { EscPosPrinterSim } from '../hardware/sim/escpos-printer/printer-sim.ts';
import type { ScannerSim } from '../hardware/sim/scanner/scanner-sim.ts';
import { createScannerSim } from '../hardware/sim/scanner/scanner-sim.ts';
import type { ZvtTerminalSim, ZvtTerminalSimOptions } from '../hardware/sim/zvt-terminal/sim.ts';
import { createZvtTerminalSim } from '../hardware/sim/zvt-terminal/sim.ts';
import type { ActionRefusal } from './actions.ts';
import { createWorkbenchApp } from './http/app.ts';
import { createCable } from './lines/cable.ts';
import type { Cable } from './lines/cable.ts';
import type { AttachDevice, DeviceLine, DeviceLineOptions, LineError } from './lines/device-line.ts';
import { openSerialDeviceLine } from './lines/serial-line.ts';
import { openSocketDeviceLine } from './lines/socket-line.ts';
import { createBenchPrinter, createPrinterBench } from './printer-bench.ts';
import { createStateFeed } from './state-feed.ts';
import type { LineKind, ScannerView, WorkbenchState } from './state.ts';
import { createTerminalBench } from './terminal-bench.ts';

export interface WorkbenchOptions {
  /** Where the device files are made. */
  readonly folder: string;
  /** Of the window; 0 takes any that is free. */
  readonly port?: number;
  /** For what a person should hear of; standard error unless told otherwise. */
  readonly log?: (line: string) => void;
  /** How long the printer takes for a line, as long as 200 mm/s unless told otherwise. */
  readonly lineMs?: number;
  readonly terminal?: ZvtTerminalSimOptions;
  readonly socatPath?: string;
  /** The built window. */
  readonly pageFolder?: string;
}

export type WorkbenchError = { readonly kind: 'port_taken' | 'listen_failed' | 'line_failed'; readonly detail: string };

/** A device on the bench: the machine itself, and its cable. */
export interface BenchDevice<Sim> {
  readonly sim: Sim;
  isPlugged(): boolean;
  plug(): Promise<Result<void, LineError>>;
  /** The kiosk's port really vanishes. */
  unplug(): Promise<void>;
}

export interface Workbench {
  readonly url: string;
  readonly lines: LineKind;
  /** For the kiosk's configuration: device files, or `tcp://127.0.0.1:PORT` where socat is missing. */
  readonly printerPath: string;
  readonly terminalPath: string;
  /** A GM65 at 9600 baud. */
  readonly scannerPath: string;
  readonly printer: BenchDevice<EscPosPrinterSim>;
  readonly terminal: BenchDevice<ZvtTerminalSim>;
  readonly scanner: BenchDevice<ScannerSim>;
  state(): WorkbenchState;
  close(): Promise<void>;
}

/** Both simulated devices at their lines, and the window to push them from. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Result<Workbench, WorkbenchError>> {
  const { port = 0, log = console.error, lineMs = 20, pageFolder = path.join(import.meta.dirname, '..', 'dist', 'workbench') } = options;
  const folder = path.resolve(options.folder);
  let lines: LineKind = 'serial';

  const moveByScript = (cable: () => Cable) => (plugged: boolean) => void moveCable(cable(), plugged ? 'cable_in' : 'cable_out');
  const printerSim = createBenchPrinter(lineMs, moveByScript(() => printerCable));
  const terminalSim = createZvtTerminalSim({ rebootMs: 1500, onCable: moveByScript(() => terminalCable), ...options.terminal });
  const printerCable = cableOf('printer', (line) => printerSim.connect(line));
  const terminalCable = cableOf('terminal', (line) => {
    terminalSim.connect(line);
    // It lets go of the old line itself when it gets a new one.
    return () => {};
  });
  const scannerSim = createScannerSim({ family: 'gm65' });
  const scannerCable = cableOf('scanner', (line) => scannerSim.connect(line));
  const printerBench = createPrinterBench(printerSim, printerCable, touch);
  const terminalBench = createTerminalBench(terminalSim, terminalCable, touch);
  const state = (): WorkbenchState => ({ lines, printer: printerBench.view(), terminal: terminalBench.view(), scanner: scannerView() });
  const feed = createStateFeed(state);
  printerSim.onChange(touch);
  terminalSim.onChange(touch);
  scannerSim.onChange(touch);

  const app = createWorkbenchApp({
    state,
    feed,
    printer: printerSim,
    pageFolder,
    async actOnPrinter(action) {
      if (action === 'cable_in' || action === 'cable_out') return moveCable(printerCable, action);
      printerBench.act(action);
      return ok();
    },
    loadScript(device, script) {
      const loaded = { printer: printerSim, terminal: terminalSim, scanner: scannerSim }[device].script(script);
      touch();
      return loaded.ok ? ok() : err({ kind: 'bad_script', detail: loaded.error });
    },
    async actOnScanner(wanted) {
      if (wanted.action !== 'show') return moveCable(scannerCable, wanted.action);
      return scannerSim.show(wanted.code) ? ok() : err({ kind: 'not_now', detail: 'the scanner is dark: the kiosk wants no code now' });
    },
    async actOnTerminal(action) {
      return action === 'cable_in' || action === 'cable_out' ? moveCable(terminalCable, action) : terminalBench.act(action);
    },
  });

  // The port before the lines: a second start by mistake must fail before it takes the device files from the first.
  const listening = await listen(app, port);
  if (!listening.ok) {
    await close();
    return listening;
  }
  const plugged = await plugAll();
  if (!plugged.ok) {
    await close();
    return err({ kind: 'line_failed', detail: plugged.error.detail });
  }

  return ok({
    url: listening.value,
    lines,
    printerPath: printerCable.path(),
    terminalPath: terminalCable.path(),
    scannerPath: scannerCable.path(),
    printer: { sim: printerSim, isPlugged: printerCable.isPlugged, plug: printerCable.plug, unplug: printerCable.unplug },
    terminal: { sim: terminalSim, isPlugged: terminalCable.isPlugged, plug: terminalCable.plug, unplug: terminalCable.unplug },
    scanner: { sim: scannerSim, isPlugged: scannerCable.isPlugged, plug: scannerCable.plug, unplug: scannerCable.unplug },
    state,
    close,
  });

  function scannerView(): ScannerView {
    return { path: scannerCable.path(), cable: scannerCable.isPlugged() ? 'in' : 'out', lit: scannerSim.isLit(), beeps: scannerSim.book().length };
  }

  function touch(): void {
    feed.touch();
  }

  function cableOf(name: DeviceLineOptions['name'], attach: AttachDevice): Cable {
    const socatPath = options.socatPath === undefined ? {} : { socatPath: options.socatPath };
    const openLine = (): Promise<Result<DeviceLine, LineError>> =>
      lines === 'serial' ? openSerialDeviceLine({ folder, name, attach, onLost: touch, ...socatPath }) : openSocketDeviceLine({ name, attach, onLost: touch });
    return createCable({ openLine, onChange: touch });
  }

  async function plugAll(): Promise<Result<void, LineError>> {
    const first = await printerCable.plug();
    if (!first.ok && first.error.kind === 'socat_missing') {
      log('socat is missing, so the devices are at loopback sockets instead of serial lines: install socat to have real ones.');
      lines = 'socket';
    } else if (!first.ok) return first;
    for (const cable of [printerCable, terminalCable, scannerCable]) {
      const plugged = await cable.plug();
      if (!plugged.ok) return plugged;
    }
    return ok();
  }

  async function close(): Promise<void> {
    feed.close();
    terminalSim.close();
    scannerSim.close();
    await Promise.all([app.close(), printerCable.close(), terminalCable.close(), scannerCable.close()]);
  }
}

async function moveCable(cable: Cable, action: 'cable_in' | 'cable_out'): Promise<Result<void, ActionRefusal>> {
  if (action === 'cable_out') {
    await cable.unplug();
    return ok();
  }
  const plugged = await cable.plug();
  return plugged.ok ? ok() : err({ kind: 'line_failed', detail: plugged.error.detail });
}

async function listen(app: FastifyInstance, port: number): Promise<Result<string, WorkbenchError>> {
  try {
    return ok(await app.listen({ host: '127.0.0.1', port }));
  } catch (cause) {
    const taken = (cause as { code?: string }).code === 'EADDRINUSE';
    if (taken) return err({ kind: 'port_taken', detail: `Port ${port} is taken: end what listens there, or name another with --port=.` });
    return err({ kind: 'listen_failed', detail: `The workbench cannot listen at port ${port}: ${cause instanceof Error ? cause.message : String(cause)}` });
  }
}
