import { spawn } from 'node:child_process';
import { endChild } from './child.ts';
import { endWithUs } from './lifeline.ts';

export interface Display {
  /** What a program needs in its environment to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** False where the machine has a display of its own. */
  readonly isVirtual: boolean;
  close(): Promise<void>;
}

/** The machine's display, or a virtual one (Xvfb) where it has none. The size counts only for the virtual one. */
export async function openDisplay(size = '1080x1920'): Promise<Display> {
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (hasDisplay) return { env: {}, isVirtual: false, close: async () => undefined };

  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp'], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  endWithUs(xvfb);
  const number = await new Promise<string>((resolve, reject) => {
    xvfb.once('error', () => reject(new Error('There is no display, and no Xvfb to stand in for one: install xvfb.')));
    xvfb.once('exit', (code) => reject(new Error(`There is no display, and Xvfb ended with code ${code}.`)));
    xvfb.stdio[3]?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return { env: { DISPLAY: `:${number}` }, isVirtual: true, close: () => endChild(xvfb, 2000) };
}
