import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { electronRuntime } from './runtime.mjs';
import { endChild, root, startScript } from './start/child.ts';
import { openDisplay } from './start/display.ts';
import { electronFlags, kioskArguments } from './start/electron.ts';
import { buildIfStale } from './start/fresh.ts';
import { developmentToken, writeKioskFiles } from './start/kiosk-files.ts';

/**
 * `npm start`: HQ, the workbench with its two devices, and the kiosk. Ctrl-C, or closing the kiosk, ends all of it.
 * Options: --windowed (a portrait window instead of the full screen), --data=FOLDER, --hq-port=PORT.
 */
const { values: options } = parseArgs({
  options: { windowed: { type: 'boolean', default: false }, data: { type: 'string', default: path.join(root, 'out/development') }, 'hq-port': { type: 'string', default: '24024' } },
});

/** What has been started, in that order; it is ended in the opposite one. */
const toEnd: (() => Promise<void>)[] = [];
let isEnding = false;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  for (const close of toEnd.reverse()) await close();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

async function start(): Promise<void> {
  const folder = path.resolve(options.data);
  fs.mkdirSync(folder, { recursive: true });
  const runtime = electronRuntime();
  await buildIfStale();
  const display = await openDisplay('1980x1920');
  toEnd.push(() => display.close());
  if (display.isVirtual) console.log(`start: there is no display here, so the windows are on a virtual one (${display.env['DISPLAY']})`);

  const hqToken = developmentToken(path.join(folder, 'kiosk'));
  const hq = await startScript<{ kind: 'ready'; url: string }>({
    script: 'hq/server/main.ts',
    env: { PORT: options['hq-port'], HOST: '127.0.0.1', DATA_FOLDER: path.join(folder, 'hq'), HQ_DEV_KIOSK: `kiosk-001:${hqToken}` },
  });
  toEnd.push(() => endChild(hq.child));
  const workbench = await startScript<{ kind: 'ready'; url: string; printerPath: string; terminalPath: string }>({
    script: 'workbench/main.ts',
    args: [`--folder=${path.join(folder, 'lines')}`],
  });
  toEnd.push(() => endChild(workbench.child));

  const { printerPath, terminalPath } = workbench.ready;
  const configFile = writeKioskFiles({ folder: path.join(folder, 'kiosk'), printerPath, terminalPath, hqUrl: hq.ready.url, hqToken });
  const electron = (args: string[]) => {
    const child = spawn(runtime.executablePath, args, { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...display.env } });
    toEnd.push(() => endChild(child));
    return child;
  };
  electron([...electronFlags(), path.join(root, 'dist/workbench-window/main.js'), `--url=${workbench.ready.url}`, `--data=${path.join(folder, 'workbench-window')}`]);
  // On a virtual screen the two stand side by side, so that a picture of it shows both.
  const kiosk = electron(kioskArguments({ runtime, configFile, dataFolder: path.join(folder, 'kiosk/data'), windowed: options.windowed || display.isVirtual }));
  endWith(kiosk);

  console.log(`start: Electron ${runtime.version}${runtime.source === 'official' ? '' : ' (test build, for development only)'}`);
  console.log(`start: HQ's console     ${hq.ready.url}`);
  console.log(`start: the workbench    ${workbench.ready.url}`);
  console.log('start: Ctrl-C ends all of it');
}

function endWith(kiosk: ChildProcess): void {
  kiosk.once('exit', (code) => void end(code ?? 1));
}

start().catch((cause: unknown) => {
  console.error(`start: ${cause instanceof Error ? cause.message : String(cause)}`);
  void end(1);
});
