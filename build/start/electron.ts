import type { ElectronRuntime } from '../runtime.mjs';
import { root } from './child.ts';

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
