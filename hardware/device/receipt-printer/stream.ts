import type { Transport, TransportError } from '../../transport/transport.ts';

export interface StreamOptions {
  readonly transport: Transport;
  readonly baud: number;
  /** How much longer than the line is free, at most, what was written may take to leave. */
  readonly aheadMs: number;
  /** For the operating system to take one chunk. */
  readonly chunkMs: number;
  /** How many bytes from the beginning may go out now; fewer than have gone out: wait. */
  readonly allowed: () => number;
  /** Waits for a change of `allowed`. False: do not go on. */
  readonly hold: (sent: number) => Promise<boolean>;
  readonly onSent: (sent: number) => void;
}

export type Streamed =
  | { readonly kind: 'sent'; readonly bytes: number; /** When the last byte has left, by the monotonic clock. */ readonly wireFreeAt: number }
  | { readonly kind: 'stopped'; readonly bytes: number }
  /** `bytes`: those before the chunk that failed. */
  | { readonly kind: 'failed'; readonly bytes: number; readonly error: TransportError };

/**
 * Writes in chunks that keep the line busy without a gap, but never run far ahead of it: what the operating system has taken
 * cannot be called back when the printer stops, and would come out as the rest of a receipt whose customer has left.
 */
export async function streamBytes(bytes: Uint8Array, options: StreamOptions): Promise<Streamed> {
  const { transport, aheadMs, chunkMs, allowed, hold, onSent } = options;
  const byteMs = 10_000 / options.baud;
  const chunkBytes = Math.max(16, Math.floor(aheadMs / 2 / byteMs));
  let sent = 0;
  let wireFreeAt = performance.now();
  while (sent < bytes.length) {
    const early = wireFreeAt - performance.now() - aheadMs / 2;
    if (early >= 1) await new Promise((resolve) => setTimeout(resolve, early));
    const room = allowed() - sent;
    if (room <= 0) {
      if (!(await hold(sent))) return { kind: 'stopped', bytes: sent };
      continue;
    }
    const chunk = bytes.subarray(sent, sent + Math.min(chunkBytes, room));
    const written = await transport.write(chunk, chunkMs);
    if (!written.ok) return { kind: 'failed', bytes: sent, error: written.error };
    sent += chunk.length;
    onSent(sent);
    wireFreeAt = Math.max(wireFreeAt, performance.now()) + chunk.length * byteMs;
  }
  return { kind: 'sent', bytes: sent, wireFreeAt };
}
