import type { LineFailure } from '../../domain/device/condition.ts';
import type { Result } from '../../domain/result.ts';

/** Why bytes could not travel. `detail` is for the log, never for a customer. */
export type TransportError =
  | { readonly kind: 'not_open'; readonly detail: string }
  /** The bytes may be on the line wholly, partly or not at all. */
  | { readonly kind: 'write_failed'; readonly detail: string }
  /** The deadline passed before the operating system took the bytes: again nobody knows how many went out. */
  | { readonly kind: 'write_timeout'; readonly detail: string }
  /** `reason` where more is known than the operating system's words. */
  | { readonly kind: 'open_failed'; readonly detail: string; readonly reason?: LineFailure };

/**
 * Bytes in and out of one device, with deadlines. It knows nothing of what they mean, and never throws.
 * After a cable was pulled a transport is closed; `open` may be called again, any number of times.
 */
export interface Transport {
  /** For logs: "serial /dev/serial/by-id/… 9600 8N2". */
  readonly name: string;
  isOpen(): boolean;
  open(): Promise<Result<void, TransportError>>;
  /** Resolves when the operating system has taken all bytes (not when they have left the wire), or at the deadline. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<Result<void, TransportError>>;
  /** Bytes as they arrive, in any split. Returns the unsubscribe function. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** The line is gone (cable, port, peer). Not called for our own `close`. */
  onLost(listener: (detail: string) => void): () => void;
  /** Never rejects and never hangs. */
  close(): Promise<void>;
}
