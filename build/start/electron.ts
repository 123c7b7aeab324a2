import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ElectronRuntime } from '../runtime.mjs';
import { root } from './child.ts';
import { endWithUs } from './lifeline.ts';

export interface KioskLaunch {
  readonly runtime: ElectronRuntime;
  readonly configFile: string;
  readonly dataFolder: string;
  readonly windowed?: boolean;
}

/** The command line of the kiosk out of this tree. */
export function kioskArguments({ runtime, configFile, dataFolder, windowed = false }: KioskLaunch): string[] {
  return [
    ...electronFlags(),
    root,
    `--config=${configFile}`,
    `--data=${dataFolder}`,
    ...(windowed ? ['--windowed'] : []),
    ...(runtime.sqliteAddonPath ? [`--sqlite-addon=${runtime.sqliteAddonPath}`] : []),
  ];
}

/** Chromium refuses to run its sandbox as root; on a kiosk nothing runs as root. */
export function electronFlags(): string[] {
  const isRoot = process.getuid?.() === 0;
  return isRoot ? ['--no-sandbox', '--disable-gpu'] : [];
}

/** What Chromium says a dozen times where there is no D-Bus, and nobody can do anything about. */
const busNoise = /^\[[\d:/.]+:ERROR:(dbus\/)?bus\.cc[(:]\d+\)?\] Failed to connect to the bus: /;

/** Starts Electron in a process group of its own. It ends with this process, however that ends. */
export function startElectron(runtime: ElectronRuntime, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(runtime.executablePath, args, { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, ...env } });
  endWithUs(child);
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!busNoise.test(line)) process.stderr.write(`${line}\n`);
  });
  return child;
}
