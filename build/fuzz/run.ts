import { Worker } from 'node:worker_threads';

export interface FuzzOptions {
  readonly name: string;
  readonly frames: number;
  readonly seed: number;
}

export type FuzzResult =
  | { readonly kind: 'passed'; readonly frames: number; readonly bytes: number; readonly understood: number; readonly ms: number; readonly grownBytes: number }
  | { readonly kind: 'threw' | 'hung' | 'grew' | 'understood nothing'; readonly detail: string };

/** No frame takes this long, so that whoever is silent for so long hangs. */
const silenceMs = 20_000;

/** In a thread of its own: a codec that hangs can be ended, and told. */
export function fuzzCodec(options: FuzzOptions): Promise<FuzzResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options });
  return new Promise((resolve) => {
    let at = 'before its first frame';
    let watchdog = startWatchdog();

    worker.on('message', (message: FuzzResult | { readonly kind: 'at'; readonly detail: string }) => {
      if (message.kind !== 'at') return finish(message);
      at = message.detail;
      clearTimeout(watchdog);
      watchdog = startWatchdog();
    });
    worker.on('error', (cause) => finish({ kind: 'threw', detail: String(cause) }));
    worker.on('exit', (code) => finish({ kind: 'threw', detail: `its thread ended with ${code}, ${at}` }));

    function startWatchdog(): NodeJS.Timeout {
      return setTimeout(() => finish({ kind: 'hung', detail: `nothing for ${silenceMs} ms, ${at}` }), silenceMs);
    }

    function finish(result: FuzzResult): void {
      clearTimeout(watchdog);
      worker.removeAllListeners();
      void worker.terminate().then(() => resolve(result));
    }
  });
}
