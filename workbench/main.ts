import { parseArgs } from 'node:util';
import { startWorkbench } from './workbench.ts';

/** What the parent process hears over its IPC channel when the devices are there. */
export interface WorkbenchReady {
  readonly kind: 'ready';
  readonly url: string;
  readonly lines: 'serial' | 'socket';
  readonly printerPath: string;
  readonly terminalPath: string;
  readonly scannerPath: string;
}

const usage = 'Usage: workbench/main.ts --folder=FOLDER [--port=PORT]';

/** The workbench as a process of its own: its devices and their books outlive any kiosk. */
async function main(): Promise<void> {
  const wanted = readArguments();
  if (typeof wanted === 'string') return giveUp(wanted);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // Whoever started it has gone, however that happened: nobody else would end it.
  process.on('disconnect', () => stop.abort());

  const started = await startWorkbench(wanted);
  if (!started.ok) return giveUp(started.error.detail);
  const { url, lines, printerPath, terminalPath, scannerPath, close } = started.value;
  if (!stop.signal.aborted) {
    console.log(`Workbench is ready at ${url}`);
    const ready: WorkbenchReady = { kind: 'ready', url, lines, printerPath, terminalPath, scannerPath };
    // A parent that has just gone is told of by 'disconnect'.
    if (process.connected) process.send?.(ready, undefined, {}, () => {});
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  }
  await close();
  process.exit(0);
}

function readArguments(): { folder: string; port: number } | string {
  try {
    const { values } = parseArgs({ options: { folder: { type: 'string' }, port: { type: 'string', default: '0' } } });
    if (values.folder === undefined || values.folder === '') return usage;
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) return `--port=${values.port} is no port. ${usage}`;
    return { folder: values.folder, port: Number(values.port) };
  } catch (cause) {
    return `${cause instanceof Error ? cause.message : String(cause)} ${usage}`;
  }
}

function giveUp(sentence: string): void {
  console.error(sentence);
  process.exit(1);
}

await main();
