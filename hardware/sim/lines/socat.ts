import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import type { Transport } from '../../transport/transport.ts';

export type SerialLineError =
  | { readonly kind: 'socat_missing'; readonly detail: string }
  | { readonly kind: 'socat_failed'; readonly detail: string };

export interface SerialLineOptions {
  /** Where the links to the two ends are made. */
  readonly folder: string;
  readonly name: string;
  readonly socatPath?: string;
  readonly startTimeoutMs?: number;
}

export interface SerialLine {
  /** What the kiosk opens: the same path before and after the cable was out. */
  readonly path: string;
  /** The device's end, for the simulator. Closed whenever the cable is out. */
  readonly deviceEnd: Transport;
  isPlugged(): boolean;
  /** The kiosk's port really vanishes, as when a USB adapter is pulled. */
  unplug(): Promise<void>;
  plug(): Promise<Result<void, SerialLineError>>;
  close(): Promise<void>;
}

/**
 * socat under a shell that ends it when its own standard input ends. The write end of that pipe is ours alone, so that
 * socat dies with this process even when it is killed by SIGKILL and can clean up nothing.
 */
const wrapper = 'exec 3<&0; "$@" </dev/null 3<&- & child=$!; { read -r _ <&3; kill "$child"; } 2>/dev/null & watcher=$!; wait "$child"; code=$?; kill "$watcher" 2>/dev/null; exit "$code"';

/** A real serial line: two pseudo terminals joined by socat. The cable is plugged in when this resolves. */
export async function createSerialLine(options: SerialLineOptions): Promise<Result<SerialLine, SerialLineError>> {
  const { folder, name, socatPath = 'socat', startTimeoutMs = 10_000 } = options;
  const path = join(folder, name);
  const devicePath = join(folder, `${name}.device`);
  const deviceEnd = createSerialTransport({ path: devicePath, baudRate: 115200 });
  let running: { unplug(): void; readonly ended: Promise<void> } | undefined;

  const line: SerialLine = { path, deviceEnd, isPlugged: () => running !== undefined, unplug, plug, close: unplug };
  const plugged = await plug();
  return plugged.ok ? ok(line) : plugged;

  async function plug(): Promise<Result<void, SerialLineError>> {
    if (running) return ok();
    await mkdir(folder, { recursive: true });
    await Promise.all([path, devicePath].map((link) => rm(link, { force: true })));
    const ends = [path, devicePath].map((link) => `pty,raw,echo=0,link=${link}`);
    const shell = spawn('/bin/sh', ['-c', wrapper, 'sh', socatPath, '-d', '-d', ...ends], { stdio: ['pipe', 'ignore', 'pipe'] });
    // A pipe whose reader has gone tells so by 'error', which would end the process.
    shell.stdin.on('error', () => {});
    const started = await untilStarted(shell, socatPath, startTimeoutMs);
    if (!started.ok) {
      shell.stdin.destroy();
      return started;
    }
    const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
    const mine = { ended, unplug: () => void shell.stdin.end() };
    running = mine;
    void ended.then(() => {
      shell.stdin.destroy();
      if (running === mine) running = undefined;
    });
    const opened = await deviceEnd.open();
    if (opened.ok) return ok();
    await unplug();
    return err({ kind: 'socat_failed', detail: opened.error.detail });
  }

  async function unplug(): Promise<void> {
    const mine = running;
    running = undefined;
    mine?.unplug();
    await mine?.ended;
    await deviceEnd.close();
  }
}

/** socat -d -d says on its standard error when both links exist and bytes travel. */
function untilStarted(shell: ChildProcess, socatPath: string, timeoutMs: number): Promise<Result<void, SerialLineError>> {
  return new Promise((resolve) => {
    let said = '';
    const timer = setTimeout(() => finish(err({ kind: 'socat_failed', detail: `no line within ${timeoutMs} ms: ${said.trim()}` })), timeoutMs);
    shell.once('error', (cause) => finish(err({ kind: 'socat_failed', detail: cause.message })));
    // 'close', not 'exit': only then has everything it said arrived. 127 and 126 are the shell's "not found" and "not executable".
    shell.once('close', (code) =>
      finish(
        code === 127 || code === 126
          ? err({ kind: 'socat_missing', detail: `${socatPath} cannot be run: install socat` })
          : err({ kind: 'socat_failed', detail: said.trim() }),
      ),
    );
    shell.stderr?.on('data', (chunk: Buffer) => {
      if (said.length > 4096) return;
      said += chunk.toString();
      if (said.includes('starting data transfer loop')) finish(ok());
    });

    function finish(result: Result<void, SerialLineError>): void {
      clearTimeout(timer);
      resolve(result);
    }
  });
}
